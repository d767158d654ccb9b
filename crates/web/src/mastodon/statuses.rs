//! `/api/v1/statuses`: posts.

mod bookmark;
mod context;
mod create;
mod delete;
mod favourite;
mod favourited_by;
mod history;
mod interaction_policy;
mod list;
mod mute;
mod pin;
mod reblog;
mod reblogged_by;
mod show;
mod source;
mod typed;
mod update;

use crate::auth::{ReadStatuses, Viewer};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::path::Path;
use crate::render::statuses;
use crate::routes::{Routes, get, post, put};
use alongside_app::context::App;
use alongside_app::reading;
use alongside_domain::id::{ActorId, EntryId, MemberId, PostId};
use alongside_domain::post::Post;
use axum::extract::State;

/// The addresses of this family.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/api/v1/statuses", get(list::show).post(create::create))
        .route("/api/v1/statuses/{id}", get(show::show).put(update::update).delete(delete::delete))
        .route("/api/v1/statuses/{id}/context", get(context::show))
        .route("/api/v1/statuses/{id}/source", get(source::show))
        .route("/api/v1/statuses/{id}/history", get(history::show))
        .route("/api/v1/statuses/{id}/favourite", post(favourite::add))
        .route("/api/v1/statuses/{id}/unfavourite", post(favourite::remove))
        .route("/api/v1/statuses/{id}/favourited_by", get(favourited_by::show))
        .route("/api/v1/statuses/{id}/reblog", post(reblog::add))
        .route("/api/v1/statuses/{id}/unreblog", post(reblog::remove))
        .route("/api/v1/statuses/{id}/reblogged_by", get(reblogged_by::show))
        .route("/api/v1/statuses/{id}/bookmark", post(bookmark::add))
        .route("/api/v1/statuses/{id}/unbookmark", post(bookmark::remove))
        .route("/api/v1/statuses/{id}/pin", post(pin::add))
        .route("/api/v1/statuses/{id}/unpin", post(pin::remove))
        .route("/api/v1/statuses/{id}/mute", post(mute::add))
        .route("/api/v1/statuses/{id}/unmute", post(mute::remove))
        .route("/api/v1/statuses/{id}/quotes", get(no_quotes))
        .route("/api/v1/statuses/{id}/interaction_policy", put(interaction_policy::update))
        .route("/api/v1/statuses/{id}/card", get(no_card))
}

/// The post that an address names, if there is one the viewer may read. Clients name a boost by its
/// own id and mean what was boosted.
pub(super) async fn named(app: &App, viewer: Option<ActorId>, id: PostId) -> Result<Post, Error> {
    reading::post(&mut app.reader(), viewer, id, app.now()).await?.ok_or(Error::NotFound)
}

/// What an address names as it is shown: a post, or somebody's boost of one, which has an id of its own.
async fn shown(app: &App, viewer: Option<MemberId>, id: PostId) -> Result<Status, Error> {
    let (actor, mut reader) = (viewer.map(ActorId::from), app.reader());
    if let Some(post) = reading::posts(&mut reader, actor, &[id], app.now()).await?.pop() {
        return statuses::of_post(app, viewer, &post).await;
    }
    let boost = reading::boost(&mut reader, actor, EntryId::new(id.get()), app.now()).await?;
    let (boost, _) = boost.ok_or(Error::NotFound)?;
    statuses::of_lines(app, viewer, &[boost.id]).await?.pop().ok_or(Error::NotFound)
}

/// A post as it stands after a member did something with it.
async fn anew(app: &App, member: MemberId, id: PostId) -> Result<Json<Status>, Error> {
    let post = named(app, Some(member.actor()), id).await?;
    statuses::of_post(app, Some(member), &post).await.map(Json)
}

/// Nobody can quote here.
async fn no_quotes(
    State(app): State<App>,
    viewer: Viewer<ReadStatuses>,
    Path(id): Path<PostId>,
) -> Result<Json<[Empty; 0]>, Error> {
    named(&app, viewer.actor(), id).await.map(|_| Json([]))
}

/// Links are not looked at, so that nobody elsewhere learns what is read here.
async fn no_card(
    State(app): State<App>,
    viewer: Viewer<ReadStatuses>,
    Path(id): Path<PostId>,
) -> Result<Json<Empty>, Error> {
    named(&app, viewer.actor(), id).await.map(|_| Json(Empty {}))
}

#[cfg(test)]
mod boost_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod writing_tests;
