//! `/api/v1/follow_requests`: those who wait to be let in, by a member or by a community the member
//! looks after.

use crate::auth::{Author, ReadFollows, WriteFollows};
use crate::entities::accounts::{Account, Relationship};
use crate::error::Error;
use crate::json::Json;
use crate::page::{Paged, Paging};
use crate::path::Path;
use crate::render::accounts;
use crate::state::Web;
use alongside_app::context::App;
use alongside_app::follows;
use alongside_domain::id::ActorId;
use alongside_store::follows::Follow;
use alongside_store::requests;
use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};

/// The addresses of this family.
pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/api/v1/follow_requests", get(show))
        .route("/api/v1/follow_requests/{id}/authorize", post(authorize))
        .route("/api/v1/follow_requests/{id}/reject", post(reject))
}

async fn show(
    State(app): State<App>,
    author: Author<ReadFollows>,
    paging: Paging,
) -> Result<Paged<Account>, Error> {
    let waiting = requests::page(&mut app.reader(), author.actor(), &paging.people()).await?;
    let ids: Vec<ActorId> = waiting.iter().map(|follow| follow.follower_id).collect();
    let people = accounts::of_ids(&app, &ids).await?;
    Ok(paging.reply(people, waiting.first().map(|row| row.id.get()), waiting.last().map(|row| row.id.get())))
}

async fn authorize(
    State(app): State<App>,
    author: Author<WriteFollows>,
    Path(id): Path<ActorId>,
) -> Result<Json<Relationship>, Error> {
    let asked = asked(&app, author.actor(), id).await?;
    follows::accept(&app, author.actor(), asked.follower_id, asked.target_id).await?;
    accounts::relationship_with(&app, author.member, id).await.map(Json)
}

async fn reject(
    State(app): State<App>,
    author: Author<WriteFollows>,
    Path(id): Path<ActorId>,
) -> Result<Json<Relationship>, Error> {
    let asked = asked(&app, author.actor(), id).await?;
    follows::reject(&app, author.actor(), asked.follower_id, asked.target_id).await?;
    accounts::relationship_with(&app, author.member, id).await.map(Json)
}

/// What is decided: one request at a time, the longest-waiting first. A client cannot say which of
/// several it means, and letting somebody into every community at once is more than was asked.
async fn asked(app: &App, decider: ActorId, follower: ActorId) -> Result<Follow, Error> {
    let waiting = requests::of_follower(&mut app.reader(), decider, follower).await?;
    waiting.into_iter().next().ok_or(Error::NotFound)
}
