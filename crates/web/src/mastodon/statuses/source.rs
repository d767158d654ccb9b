//! `GET /api/v1/statuses/:id/source`: a post as its author typed it.

use super::named;
use crate::auth::{Author, ReadStatuses};
use crate::entities::statuses::StatusSource;
use crate::error::Error;
use crate::json::Json;
use crate::path::Path;
use alongside_app::context::App;
use alongside_domain::id::PostId;
use axum::extract::State;

/// Shows it, for changing it.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadStatuses>,
    Path(id): Path<PostId>,
) -> Result<Json<StatusSource>, Error> {
    let post = named(&app, Some(author.actor()), id).await?;
    Ok(Json(StatusSource { id: post.id.to_string(), text: post.source, spoiler_text: post.content_note }))
}
