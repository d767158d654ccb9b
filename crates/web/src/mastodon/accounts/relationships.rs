//! `GET /api/v1/accounts/relationships`: what people and communities are to a member.

use super::list::Wanted;
use crate::auth::{Author, ReadFollows};
use crate::entities::accounts::Relationship;
use crate::error::Error;
use crate::json::Json;
use crate::params::Query;
use crate::render::accounts;
use alongside_app::context::App;
use alongside_domain::id::ActorId;
use alongside_store::relationships;
use axum::extract::State;
use std::collections::HashMap;

/// Shows it, in the order of the ids.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadFollows>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Vec<Relationship>>, Error> {
    let ids = wanted.within_limits();
    let rows = relationships::of(&mut app.reader(), author.actor(), &ids, app.now()).await?;
    let rows: HashMap<ActorId, _> = rows.into_iter().map(|row| (row.id, row)).collect();
    Ok(Json(ids.iter().filter_map(|id| rows.get(id)).map(accounts::relationship).collect()))
}
