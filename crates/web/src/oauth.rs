//! OAuth 2 for clients: codes with PKCE, client credentials, revocation, and the pages where a member
//! signs in and agrees.

mod ask;
mod authorize;
mod credentials;
mod deeds;
mod metadata;
mod revoke;
mod sign_in;
mod sign_out;
mod token;
mod userinfo;

use crate::state::Web;
use axum::Router;
use axum::routing::{get, post};

/// What clients call.
pub(crate) fn api_routes() -> Router<Web> {
    Router::new()
        .route("/oauth/token", post(token::give))
        .route("/oauth/revoke", post(revoke::revoke))
        .route("/oauth/userinfo", get(userinfo::show).post(userinfo::show))
}

/// What clients read before they call anything.
pub(crate) fn discovery_routes() -> Router<Web> {
    Router::new().route("/.well-known/oauth-authorization-server", get(metadata::show))
}

/// What members see.
pub(crate) fn page_routes() -> Router<Web> {
    Router::new()
        .route("/oauth/authorize", get(authorize::show).post(authorize::decide))
        .route("/oauth/sign-in", post(sign_in::sign_in))
        .route("/oauth/sign_out", post(sign_out::sign_out))
}
