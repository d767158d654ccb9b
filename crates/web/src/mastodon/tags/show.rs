//! `GET /api/v1/tags/:name`.

use crate::auth::{ReadStatuses, Viewer};
use crate::entities::collections::Tag;
use crate::error::Error;
use crate::json::Json;
use crate::path::Path;
use crate::render::tags;
use alongside_app::context::App;
use alongside_app::own;
use axum::extract::State;

/// Shows how much it is used, also when nobody has used it yet.
pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer<ReadStatuses>,
    Path(name): Path<String>,
) -> Result<Json<Tag>, Error> {
    let name = own::read_tag(&name).ok_or(Error::NotFound)?;
    tags::tag(&app, viewer.0, &name).await.map(Json)
}
