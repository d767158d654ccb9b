//! `GET /api/v1/statuses/:id`.

use super::shown;
use crate::auth::{ReadStatuses, Viewer};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::json::Json;
use crate::path::Path;
use alongside_app::context::App;
use alongside_domain::id::PostId;
use axum::extract::State;

/// Shows a post, or a boost.
pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer<ReadStatuses>,
    Path(id): Path<PostId>,
) -> Result<Json<Status>, Error> {
    shown(&app, viewer.0, id).await.map(Json)
}
