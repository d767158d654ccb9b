//! `DELETE /api/v1/statuses/:id`: takes a post back, or a boost.

use super::named;
use crate::auth::{Author, WriteStatuses};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::json::Json;
use crate::params::Params;
use crate::path::Path;
use crate::render::statuses;
use alongside_app::context::App;
use alongside_app::effects::Via;
use alongside_app::{boosts, media, posts, reading};
use alongside_domain::id::{EntryId, MemberId, PostId};
use alongside_domain::policy::Refusal;
use alongside_domain::post::Post;
use alongside_store::entries::Entry;
use alongside_store::media as stored;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// What goes with it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Which {
    /// Its files too. Else they can go with another post for a day.
    delete_media: bool,
}

/// Deletes it, and gives it with what its author typed, for writing it anew.
pub(crate) async fn delete(
    State(app): State<App>,
    author: Author<WriteStatuses>,
    Path(id): Path<PostId>,
    Params(which): Params<Which>,
) -> Result<Json<Status>, Error> {
    let mut reader = app.reader();
    let boost = reading::boost(&mut reader, Some(author.actor()), EntryId::new(id.get()), app.now()).await?;
    if let Some((boost, post)) = boost {
        return unboost(&app, author.member, &boost, &post).await.map(Json);
    }
    let post = named(&app, Some(author.actor()), id).await?;
    if post.author != author.actor() {
        return Err(Refusal::Hidden.into());
    }
    let status = statuses::of_post(&app, Some(author.member), &post).await?;
    let files = stored::of_posts(&mut reader, &[post.id]).await?;
    let deleted = posts::delete(&app, author.actor(), post.id, Via::Here).await?;
    if which.delete_media {
        for file in files {
            media::remove(&app, author.member, file.id).await?;
        }
    }
    Ok(Json(Status { text: Some(deleted.source), ..status }))
}

/// Takes one's own boost back, and gives it as it was. The post stays, whoever wrote it.
async fn unboost(app: &App, member: MemberId, boost: &Entry, post: &Post) -> Result<Status, Error> {
    if boost.actor_id != member.actor() {
        return Err(Refusal::Hidden.into());
    }
    let status = statuses::of_lines(app, Some(member), &[boost.id]).await?.pop().ok_or(Error::NotFound)?;
    boosts::unboost(app, member.actor(), post.id, Via::Here).await?;
    Ok(status)
}
