//! `POST /api/v1/statuses/:id/pin` and `/unpin`: what stands first on one's profile.

use super::{anew, named};
use crate::auth::{Author, WriteAccounts};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::json::Json;
use crate::path::Path;
use alongside_app::context::App;
use alongside_app::pins;
use alongside_domain::id::PostId;
use axum::extract::State;

/// Pins one's own post.
pub(crate) async fn add(
    State(app): State<App>,
    author: Author<WriteAccounts>,
    Path(id): Path<PostId>,
) -> Result<Json<Status>, Error> {
    let post = named(&app, Some(author.actor()), id).await?;
    pins::pin(&app, author.member, post.id).await?;
    anew(&app, author.member, post.id).await
}

/// Takes the pin off.
pub(crate) async fn remove(
    State(app): State<App>,
    author: Author<WriteAccounts>,
    Path(id): Path<PostId>,
) -> Result<Json<Status>, Error> {
    let post = named(&app, Some(author.actor()), id).await?;
    pins::unpin(&app, author.member, post.id).await?;
    anew(&app, author.member, post.id).await
}
