//! `GET /api/v1/accounts/:id/followers`: who follows somebody, told to themselves alone.

use super::named;
use crate::auth::{ReadAccounts, Viewer};
use crate::entities::accounts::Account;
use crate::error::Error;
use crate::page::{Paged, Paging};
use crate::path::Path;
use crate::render::accounts;
use alongside_app::context::App;
use alongside_domain::id::ActorId;
use alongside_store::follows;
use axum::extract::State;

/// Shows them. Anybody else is told of nobody: who belongs where says what somebody lives with.
pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer<ReadAccounts>,
    Path(id): Path<ActorId>,
    paging: Paging,
) -> Result<Paged<Account>, Error> {
    let actor = named(&app, id).await?;
    if viewer.actor() != Some(actor.id) {
        return Ok(paging.reply(Vec::new(), None, None));
    }
    let rows = follows::followers(&mut app.reader(), actor.id, &paging.people()).await?;
    accounts::page(&app, &paging, rows.iter().map(|row| (row.id.get(), row.follower_id))).await
}
