//! `GET /api/v1/preferences`: what a member chose for every client.

use crate::auth::{Author, ReadAccounts};
use crate::entities::accounts::Preferences;
use crate::error::Error;
use crate::json::Json;
use crate::routes::{Routes, get};
use alongside_app::context::App;
use alongside_store::members;
use axum::extract::State;

/// The address.
pub(crate) fn routes() -> Routes {
    Routes::new().route("/api/v1/preferences", get(show))
}

async fn show(State(app): State<App>, author: Author<ReadAccounts>) -> Result<Json<Preferences>, Error> {
    let member = members::find(&mut app.reader(), author.member).await?.ok_or(Error::Unauthenticated)?;
    Ok(Json(Preferences::new(&member)))
}
