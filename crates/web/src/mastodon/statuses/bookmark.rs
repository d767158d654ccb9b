//! `POST /api/v1/statuses/:id/bookmark` and `/unbookmark`: keeping a post for later.

use super::{anew, named};
use crate::auth::{Author, WriteBookmarks};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::json::Json;
use crate::path::Path;
use alongside_app::bookmarks;
use alongside_app::context::App;
use alongside_domain::id::PostId;
use axum::extract::State;

/// Keeps it.
pub(crate) async fn add(
    State(app): State<App>,
    author: Author<WriteBookmarks>,
    Path(id): Path<PostId>,
) -> Result<Json<Status>, Error> {
    let post = named(&app, Some(author.actor()), id).await?;
    bookmarks::add(&app, author.member, post.id).await?;
    anew(&app, author.member, post.id).await
}

/// Keeps it no more.
pub(crate) async fn remove(
    State(app): State<App>,
    author: Author<WriteBookmarks>,
    Path(id): Path<PostId>,
) -> Result<Json<Status>, Error> {
    let post = named(&app, Some(author.actor()), id).await?;
    bookmarks::remove(&app, author.member, post.id).await?;
    anew(&app, author.member, post.id).await
}
