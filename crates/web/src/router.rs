//! The whole door: which groups of routes there are, and what stands before each.

use crate::error::Error;
use crate::state::Web;
use crate::{gate, headers, mastodon, oauth, observe, pages};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::any;
use tower_http::catch_panic::CatchPanicLayer;

/// Bytes in a request that carries no file.
const BODY_BYTES_MAX: usize = 1_048_576;

/// Every route of the node.
pub fn router(web: Web) -> Router {
    let api = mastodon::routes(&web)
        .merge(oauth::api_routes())
        .route("/api/{*rest}", any(async || Error::NotFound))
        .method_not_allowed_fallback(async || Error::MethodNotAllowed)
        .layer(from_fn_with_state(web.clone(), gate::pass))
        .layer(headers::cors());
    let discovery = oauth::discovery_routes().layer(headers::cors());
    pages::routes()
        .merge(oauth::page_routes())
        .fallback(async || Error::NotFound)
        .method_not_allowed_fallback(async || Error::MethodNotAllowed)
        .layer(from_fn_with_state(web.clone(), pages::humane))
        .merge(api)
        .merge(discovery)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(CatchPanicLayer::custom(observe::panicked))
        .layer(from_fn(headers::careful))
        .layer(from_fn_with_state(web.clone(), observe::request))
        .with_state(web)
}

#[cfg(test)]
mod tests;
