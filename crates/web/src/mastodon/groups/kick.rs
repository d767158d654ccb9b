//! `POST /api/v1/groups/:id/kick`: ends memberships. Whoever was a member may ask to join again.

use super::{People, people};
use crate::auth::{Author, WriteGroups};
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::params::Params;
use crate::path::Path;
use alongside_app::context::App;
use alongside_app::follows;
use alongside_domain::id::ActorId;
use axum::extract::State;

/// Ends them.
pub(crate) async fn kick(
    State(app): State<App>,
    author: Author<WriteGroups>,
    Path(id): Path<ActorId>,
    Params(body): Params<People>,
) -> Result<Json<Empty>, Error> {
    for member in people(&body.account_ids)? {
        follows::reject(&app, author.actor(), member, id).await?;
    }
    Ok(Json(Empty {}))
}
