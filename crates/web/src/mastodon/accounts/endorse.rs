//! `POST /api/v1/accounts/:id/endorse` and `unendorse` (once `pin` and `unpin`), and
//! `GET /api/v1/accounts/:id/endorsements`: whom somebody recommends on their profile.

use super::named;
use crate::auth::{Author, ReadAccounts, Viewer, WriteAccounts};
use crate::entities::accounts::{Account, Relationship};
use crate::error::Error;
use crate::json::Json;
use crate::page::{Paged, Paging};
use crate::path::Path;
use crate::render::accounts;
use alongside_app::context::App;
use alongside_app::endorsements;
use alongside_domain::id::ActorId;
use axum::extract::State;

/// Recommends somebody.
pub(crate) async fn endorse(
    State(app): State<App>,
    author: Author<WriteAccounts>,
    Path(id): Path<ActorId>,
) -> Result<Json<Relationship>, Error> {
    endorsements::endorse(&app, author.member, id).await?;
    accounts::relationship_with(&app, author.member, id).await.map(Json)
}

/// Recommends somebody no more.
pub(crate) async fn withdraw(
    State(app): State<App>,
    author: Author<WriteAccounts>,
    Path(id): Path<ActorId>,
) -> Result<Json<Relationship>, Error> {
    endorsements::withdraw(&app, author.member, id).await?;
    accounts::relationship_with(&app, author.member, id).await.map(Json)
}

/// Shows whom somebody recommends.
pub(crate) async fn show(
    State(app): State<App>,
    _: Viewer<ReadAccounts>,
    Path(id): Path<ActorId>,
    paging: Paging,
) -> Result<Paged<Account>, Error> {
    let actor = named(&app, id).await?;
    of_actor(&app, actor.id, &paging).await
}

/// A page of those whom somebody recommends.
pub(crate) async fn of_actor(app: &App, actor: ActorId, paging: &Paging) -> Result<Paged<Account>, Error> {
    let page = alongside_store::endorsements::page(&mut app.reader(), actor, &paging.people()).await?;
    let ids: Vec<ActorId> = page.iter().map(|endorsed| endorsed.target_id).collect();
    let shown = accounts::of_ids(app, &ids).await?;
    Ok(paging.reply(shown, page.first().map(|first| first.id), page.last().map(|last| last.id)))
}
