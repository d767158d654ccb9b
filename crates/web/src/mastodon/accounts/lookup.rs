//! `GET /api/v1/accounts/lookup`: somebody who is known here, by their address.

use crate::auth::{ReadAccounts, Viewer};
use crate::entities::accounts::Account;
use crate::error::Error;
use crate::json::Json;
use crate::params::Query;
use crate::render::accounts;
use alongside_app::context::App;
use alongside_domain::actor::{Actor, Address};
use alongside_store::actors;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// Whom.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Wanted {
    #[serde(default)]
    acct: String,
}

/// Shows them.
pub(crate) async fn show(
    State(app): State<App>,
    _: Viewer<ReadAccounts>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Account>, Error> {
    let address = Address::parse(&wanted.acct).ok_or(Error::NotFound)?;
    let host = address.host.filter(|host| host != app.places().host()).unwrap_or_default();
    let found = actors::find_by_address(&mut app.reader(), &address.name, &host).await?;
    let actor = found.filter(Actor::is_present).ok_or(Error::NotFound)?;
    accounts::of_actor(&app, &actor).await.map(Json)
}
