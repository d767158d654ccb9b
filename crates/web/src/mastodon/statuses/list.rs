//! `GET /api/v1/statuses`: several posts by their ids.

use crate::auth::{ReadStatuses, Viewer};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::json::Json;
use crate::openapi::inputs::Id;
use crate::params::Query;
use crate::render::statuses;
use alongside_app::context::App;
use alongside_app::reading;
use alongside_domain::id::PostId;
use alongside_domain::limits::PAGE_MAX;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// Which ones.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Wanted {
    #[serde(default, alias = "ids")]
    #[schemars(with = "Vec<Id>")]
    id: Vec<PostId>,
}

/// Shows those the viewer may read.
pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer<ReadStatuses>,
    Query(mut wanted): Query<Wanted>,
) -> Result<Json<Vec<Status>>, Error> {
    wanted.id.truncate(usize::try_from(PAGE_MAX).unwrap_or(usize::MAX));
    let posts = reading::posts(&mut app.reader(), viewer.actor(), &wanted.id, app.now()).await?;
    statuses::of_posts(&app, viewer.0, &posts).await.map(Json)
}
