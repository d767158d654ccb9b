//! `GET /api/v1/accounts/:id/featured_tags`: the hashtags on somebody's profile.

use super::named;
use crate::auth::{ReadAccounts, Viewer};
use crate::entities::collections::FeaturedTag;
use crate::error::Error;
use crate::json::Json;
use crate::path::Path;
use crate::render::tags;
use alongside_app::context::App;
use alongside_domain::id::ActorId;
use alongside_store::featured_tags;
use axum::extract::State;

/// Shows them.
pub(crate) async fn show(
    State(app): State<App>,
    _: Viewer<ReadAccounts>,
    Path(id): Path<ActorId>,
) -> Result<Json<Vec<FeaturedTag>>, Error> {
    let actor = named(&app, id).await?;
    let featured = featured_tags::of_member(&mut app.reader(), actor.id).await?;
    Ok(Json(featured.iter().map(|tag| tags::featured(app.places(), tag)).collect()))
}
