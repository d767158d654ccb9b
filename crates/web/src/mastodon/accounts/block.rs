//! `POST /api/v1/accounts/:id/block` and `/unblock`.

use crate::auth::{Author, WriteBlocks};
use crate::entities::accounts::Relationship;
use crate::error::Error;
use crate::json::Json;
use crate::path::Path;
use crate::render::accounts;
use alongside_app::blocks;
use alongside_app::context::App;
use alongside_domain::id::ActorId;
use axum::extract::State;

/// Blocks somebody.
pub(crate) async fn block(
    State(app): State<App>,
    author: Author<WriteBlocks>,
    Path(id): Path<ActorId>,
) -> Result<Json<Relationship>, Error> {
    blocks::block(&app, author.actor(), id).await?;
    accounts::relationship_with(&app, author.member, id).await.map(Json)
}

/// Ends the block.
pub(crate) async fn unblock(
    State(app): State<App>,
    author: Author<WriteBlocks>,
    Path(id): Path<ActorId>,
) -> Result<Json<Relationship>, Error> {
    blocks::unblock(&app, author.actor(), id).await?;
    accounts::relationship_with(&app, author.member, id).await.map(Json)
}
