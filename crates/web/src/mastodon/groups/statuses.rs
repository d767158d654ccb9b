//! `/api/v1/groups/:id/statuses/:post`: what those who look after a community do about a post in it.

use super::take;
use crate::auth::{Author, WriteGroups};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::params::Params;
use crate::path::Path;
use crate::render::statuses;
use alongside_app::context::App;
use alongside_app::reading;
use alongside_domain::id::{ActorId, PostId};
use alongside_domain::moderation::Measure;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why. Whoever wrote the post is told, and so is everybody to whom the community announces it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Why {
    reason: String,
}

/// A post as it was, or nothing where whoever removed it could not read it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Removed {
    Shown(Box<Status>),
    Unseen(Empty),
}

/// Takes the post out of the community.
pub(crate) async fn remove(
    State(app): State<App>,
    author: Author<WriteGroups>,
    Path((id, post)): Path<(ActorId, PostId)>,
    Params(why): Params<Why>,
) -> Result<Json<Removed>, Error> {
    let shown = reading::post(&mut app.reader(), Some(author.actor()), post, app.now()).await?;
    let removed = match &shown {
        Some(post) => Removed::Shown(Box::new(statuses::of_post(&app, Some(author.member), post).await?)),
        None => Removed::Unseen(Empty {}),
    };
    let post = shown.map_or(post, |post| post.id);
    take(&app, author.actor(), id, Measure::Remove(post), &why.reason).await?;
    Ok(Json(removed))
}

/// Puts it back.
pub(crate) async fn restore(
    State(app): State<App>,
    author: Author<WriteGroups>,
    Path((id, post)): Path<(ActorId, PostId)>,
) -> Result<Json<Empty>, Error> {
    take(&app, author.actor(), id, Measure::Restore(post), "").await?;
    Ok(Json(Empty {}))
}

/// Closes the thread to new replies.
pub(crate) async fn lock(
    State(app): State<App>,
    author: Author<WriteGroups>,
    Path((id, post)): Path<(ActorId, PostId)>,
    Params(why): Params<Why>,
) -> Result<Json<Status>, Error> {
    done(&app, &author, id, post, Measure::Lock, &why.reason).await
}

/// Opens it again.
pub(crate) async fn unlock(
    State(app): State<App>,
    author: Author<WriteGroups>,
    Path((id, post)): Path<(ActorId, PostId)>,
) -> Result<Json<Status>, Error> {
    done(&app, &author, id, post, Measure::Unlock, "").await
}

/// Shows the post first.
pub(crate) async fn feature(
    State(app): State<App>,
    author: Author<WriteGroups>,
    Path((id, post)): Path<(ActorId, PostId)>,
) -> Result<Json<Status>, Error> {
    done(&app, &author, id, post, Measure::Feature, "").await
}

/// Shows it first no longer.
pub(crate) async fn unfeature(
    State(app): State<App>,
    author: Author<WriteGroups>,
    Path((id, post)): Path<(ActorId, PostId)>,
) -> Result<Json<Status>, Error> {
    done(&app, &author, id, post, Measure::Unfeature, "").await
}

/// Takes a measure about a post that the member can see. Clients name the community's boost of it by its own
/// id.
async fn done(
    app: &App,
    author: &Author<WriteGroups>,
    id: ActorId,
    post: PostId,
    measure: fn(PostId) -> Measure,
    reason: &str,
) -> Result<Json<Status>, Error> {
    let seen = async || reading::post(&mut app.reader(), Some(author.actor()), post, app.now()).await;
    let post = seen().await?.ok_or(Error::NotFound)?.id;
    take(app, author.actor(), id, measure(post), reason).await?;
    let post = seen().await?.ok_or(Error::NotFound)?;
    statuses::of_post(app, Some(author.member), &post).await.map(Json)
}
