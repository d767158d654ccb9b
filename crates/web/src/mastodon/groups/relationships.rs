//! `GET /api/v1/groups/relationships`: what communities are to a member.

use crate::auth::{Author, ReadGroups};
use crate::entities::groups::GroupRelationship;
use crate::error::Error;
use crate::json::Json;
use crate::openapi::inputs::Id;
use crate::params::Query;
use crate::render::groups;
use alongside_app::context::App;
use alongside_domain::id::ActorId;
use alongside_domain::limits::PEOPLE_PAGE_MAX;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// Which.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Wanted {
    #[schemars(with = "Vec<Id>")]
    id: Vec<ActorId>,
}

/// Shows that, for as many as stand on a page.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadGroups>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Vec<GroupRelationship>>, Error> {
    let many = usize::try_from(PEOPLE_PAGE_MAX).unwrap_or(usize::MAX);
    let ids: Vec<ActorId> = wanted.id.into_iter().take(many).collect();
    groups::relationships(&app, author.member, &ids).await.map(Json)
}
