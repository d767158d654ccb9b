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
use alongside_store::{relationships, sanctions};
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::HashMap;

/// Whether those are shown too whose accounts are suspended.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Which {
    with_suspended: bool,
}

/// Shows it, in the order of the ids.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadFollows>,
    Query(wanted): Query<Wanted>,
    Query(which): Query<Which>,
) -> Result<Json<Vec<Relationship>>, Error> {
    let (mut ids, mut reader) = (wanted.within_limits(), app.reader());
    if !which.with_suspended {
        let suspended = sanctions::suspended_among(&mut reader, &ids).await?;
        ids.retain(|id| !suspended.contains(id));
    }
    let rows = relationships::of(&mut reader, author.actor(), &ids, app.now()).await?;
    let rows: HashMap<ActorId, _> = rows.into_iter().map(|row| (row.id, row)).collect();
    Ok(Json(ids.iter().filter_map(|id| rows.get(id)).map(accounts::relationship).collect()))
}
