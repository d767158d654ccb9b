//! `POST /api/v1/accounts/:id/note`: what a member notes about somebody, for themselves.

use crate::auth::{Author, WriteAccounts};
use crate::entities::accounts::Relationship;
use crate::error::Error;
use crate::json::Json;
use crate::params::Params;
use crate::path::Path;
use crate::render::accounts;
use alongside_app::blocks;
use alongside_app::context::App;
use alongside_domain::id::ActorId;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// The note; an empty one is none.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Body {
    comment: Option<String>,
}

/// Keeps it.
pub(crate) async fn write(
    State(app): State<App>,
    author: Author<WriteAccounts>,
    Path(id): Path<ActorId>,
    Params(body): Params<Body>,
) -> Result<Json<Relationship>, Error> {
    blocks::note(&app, author.member, id, body.comment.as_deref().unwrap_or_default()).await?;
    accounts::relationship_with(&app, author.member, id).await.map(Json)
}
