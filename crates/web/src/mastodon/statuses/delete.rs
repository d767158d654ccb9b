//! `DELETE /api/v1/statuses/:id`: takes a post back.

use super::named;
use crate::auth::{Author, WriteStatuses};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::json::Json;
use crate::path::Path;
use crate::render::statuses;
use alongside_app::context::App;
use alongside_app::effects::Via;
use alongside_app::posts;
use alongside_domain::id::PostId;
use alongside_domain::policy::Refusal;
use axum::extract::State;

/// Deletes it, and gives it with what its author typed, for writing it anew.
pub(crate) async fn delete(
    State(app): State<App>,
    author: Author<WriteStatuses>,
    Path(id): Path<PostId>,
) -> Result<Json<Status>, Error> {
    let post = named(&app, Some(author.actor()), id).await?;
    if post.author != author.actor() {
        return Err(Refusal::Hidden.into());
    }
    let status = statuses::of_post(&app, Some(author.member), &post).await?;
    let deleted = posts::delete(&app, author.actor(), post.id, Via::Here).await?;
    Ok(Json(Status { text: Some(deleted.source), ..status }))
}
