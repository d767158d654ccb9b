//! `POST /api/v1/accounts/:id/mute` and `/unmute`.

use crate::auth::{Author, WriteMutes};
use crate::entities::accounts::Relationship;
use crate::error::Error;
use crate::json::Json;
use crate::params::{Params, blank};
use crate::path::Path;
use crate::render::accounts;
use alongside_app::blocks;
use alongside_app::context::App;
use alongside_domain::id::ActorId;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// How.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Body {
    /// Their notifications too, unless it says no.
    notifications: Option<bool>,
    /// Seconds; none or nought is for ever.
    #[serde(deserialize_with = "blank")]
    duration: Option<i64>,
}

/// Mutes somebody.
pub(crate) async fn mute(
    State(app): State<App>,
    author: Author<WriteMutes>,
    Path(id): Path<ActorId>,
    Params(body): Params<Body>,
) -> Result<Json<Relationship>, Error> {
    blocks::mute(&app, author.member, id, body.notifications.unwrap_or(true), body.duration).await?;
    accounts::relationship_with(&app, author.member, id).await.map(Json)
}

/// Ends the mute.
pub(crate) async fn unmute(
    State(app): State<App>,
    author: Author<WriteMutes>,
    Path(id): Path<ActorId>,
) -> Result<Json<Relationship>, Error> {
    blocks::unmute(&app, author.member, id).await?;
    accounts::relationship_with(&app, author.member, id).await.map(Json)
}
