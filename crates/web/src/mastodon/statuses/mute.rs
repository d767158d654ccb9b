//! `POST /api/v1/statuses/:id/mute` and `/unmute`: hearing nothing more of a thread.

use super::{anew, named};
use crate::auth::{Author, WriteMutes};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::json::Json;
use crate::path::Path;
use alongside_app::bookmarks;
use alongside_app::context::App;
use alongside_domain::id::PostId;
use axum::extract::State;

/// Mutes the thread.
pub(crate) async fn add(
    State(app): State<App>,
    author: Author<WriteMutes>,
    Path(id): Path<PostId>,
) -> Result<Json<Status>, Error> {
    let post = named(&app, Some(author.actor()), id).await?;
    bookmarks::mute_thread(&app, author.member, post.id).await?;
    anew(&app, author.member, post.id).await
}

/// Ends the mute.
pub(crate) async fn remove(
    State(app): State<App>,
    author: Author<WriteMutes>,
    Path(id): Path<PostId>,
) -> Result<Json<Status>, Error> {
    let post = named(&app, Some(author.actor()), id).await?;
    bookmarks::unmute_thread(&app, author.member, post.id).await?;
    anew(&app, author.member, post.id).await
}
