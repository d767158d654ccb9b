//! `GET /api/v1/statuses`: several posts by their ids.

use super::shown;
use crate::auth::{ReadStatuses, Viewer};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::json::Json;
use crate::openapi::inputs::Id;
use crate::params::{Query, known};
use crate::render::statuses;
use alongside_app::context::App;
use alongside_app::reading;
use alongside_domain::id::PostId;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// How many may be asked for at once.
const AT_ONCE_MAX: usize = 20;

/// Which ones.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Wanted {
    #[serde(default, alias = "ids", deserialize_with = "known")]
    #[schemars(with = "Vec<Id>")]
    id: Vec<PostId>,
}

/// Shows those the viewer may read.
pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer<ReadStatuses>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Vec<Status>>, Error> {
    if wanted.id.len() > AT_ONCE_MAX {
        return Err(Error::Unfit(format!("Validation failed: ask for up to {AT_ONCE_MAX} posts at once")));
    }
    let posts = reading::posts(&mut app.reader(), viewer.actor(), &wanted.id, app.now()).await?;
    let mut found = statuses::of_posts(&app, viewer.0, &posts).await?;
    // The others may be boosts: few ask for those.
    for id in wanted.id.iter().filter(|id| !posts.iter().any(|post| post.id == **id)) {
        match shown(&app, viewer.0, *id).await {
            Ok(boost) => found.push(boost),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Json(found))
}
