//! `POST /api/v1/accounts/:id/remove_from_followers`.

use crate::auth::{Author, WriteFollows};
use crate::entities::accounts::Relationship;
use crate::error::Error;
use crate::json::Json;
use crate::path::Path;
use crate::render::accounts;
use alongside_app::context::App;
use alongside_app::follows;
use alongside_domain::id::ActorId;
use axum::extract::State;

/// Lets somebody follow no more.
pub(crate) async fn remove(
    State(app): State<App>,
    author: Author<WriteFollows>,
    Path(id): Path<ActorId>,
) -> Result<Json<Relationship>, Error> {
    follows::reject(&app, author.actor(), id, author.actor()).await?;
    accounts::relationship_with(&app, author.member, id).await.map(Json)
}
