//! `/api/v1/accounts`: people and communities.

mod verify_credentials;

use crate::state::Web;
use axum::Router;
use axum::routing::get;

/// The addresses of this family.
pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/api/v1/accounts/verify_credentials", get(verify_credentials::show))
}
