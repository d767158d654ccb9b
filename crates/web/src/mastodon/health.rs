//! `/health`: the process answers. `/ready`: so does its database.

use crate::error::Error;
use crate::state::Web;
use alongside_app::context::App;
use axum::Router;
use axum::extract::State;
use axum::routing::get;

/// Both.
pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/health", get(async || "OK")).route("/ready", get(ready))
}

async fn ready(State(app): State<App>) -> Result<&'static str, Error> {
    // Whatever is wrong with the database, it is not ready; only later may help.
    app.store().is_ready().await.map_err(|error| Error::Unavailable(error.into()))?;
    Ok("OK")
}
