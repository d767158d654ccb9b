//! `/api/v1/timelines`: posts one after another, newest first.

mod home;

use crate::state::Web;
use axum::Router;
use axum::routing::get;

/// The addresses of this family.
pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/api/v1/timelines/home", get(home::show))
}
