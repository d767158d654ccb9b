//! `GET /api/v1/statuses/:id`.

use super::named;
use crate::auth::{ReadStatuses, Viewer};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::json::Json;
use crate::path::Path;
use crate::render::statuses;
use alongside_app::context::App;
use alongside_domain::id::PostId;
use axum::extract::State;

/// Shows a post.
pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer<ReadStatuses>,
    Path(id): Path<PostId>,
) -> Result<Json<Status>, Error> {
    let post = named(&app, viewer.actor(), id).await?;
    statuses::of_post(&app, viewer.0, &post).await.map(Json)
}
