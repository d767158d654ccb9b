//! OAuth 2 for clients: codes with PKCE, client credentials, revocation, and the pages where a member
//! signs in and agrees.

mod ask;
mod authorize;
mod credentials;
pub(crate) mod deeds;
mod metadata;
mod revoke;
mod sign_in;
mod sign_out;
mod token;
mod userinfo;

use crate::routes::{Routes, get, post};
use crate::state::Web;
use axum::Router;
use axum::routing::post as form;

/// What clients call.
pub(crate) fn api_routes() -> Routes {
    Routes::new()
        .route("/oauth/token", post(token::give))
        .route("/oauth/revoke", post(revoke::revoke))
        .route("/oauth/userinfo", get(userinfo::show).post(userinfo::show))
}

/// What clients read before they call anything.
pub(crate) fn discovery_routes() -> Routes {
    Routes::new().route("/.well-known/oauth-authorization-server", get(metadata::show))
}

/// What a client sends a member's browser to.
pub(crate) fn authorize_routes() -> Routes {
    Routes::new().route("/oauth/authorize", get(authorize::show))
}

/// What members see from there.
pub(crate) fn page_routes() -> Router<Web> {
    Router::new()
        .route("/oauth/authorize", form(authorize::decide))
        .route("/oauth/sign-in", form(sign_in::sign_in))
        .route("/oauth/sign_out", form(sign_out::sign_out))
}
