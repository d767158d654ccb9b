//! The whole door: which groups of routes there are, and what stands before each.

use crate::error::Error;
use crate::state::Web;
use crate::{
    alongside, discovery, federation, files, gate, headers, mastodon, metrics, oauth, observe, pages,
    unchanged,
};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::any;
use tower::Layer as _;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::normalize_path::NormalizePathLayer;

/// Bytes in a request that carries no file.
const BODY_BYTES_MAX: usize = 1_048_576;

/// Every route of the node.
pub fn router(web: Web) -> Router {
    let api = mastodon::routes(&web)
        .merge(oauth::api_routes())
        .merge(alongside::routes())
        .route("/api/{*rest}", any(async || Error::NotFound))
        .method_not_allowed_fallback(async || Error::MethodNotAllowed)
        .layer(from_fn_with_state(web.clone(), unchanged::answer))
        .layer(from_fn_with_state(web.clone(), gate::pass))
        .layer(headers::cors());
    let visited = || from_fn_with_state(web.clone(), gate::visit);
    let pictures = files::routes().layer(from_fn_with_state(web.clone(), gate::picture));
    let discovery = oauth::discovery_routes()
        .merge(discovery::routes())
        .layer(visited())
        .merge(pictures)
        .layer(headers::cors());
    let routes: Router = pages::routes()
        .merge(oauth::page_routes())
        .fallback(async || Error::NotFound)
        .method_not_allowed_fallback(async || Error::MethodNotAllowed)
        .layer(visited())
        .layer(from_fn_with_state(web.clone(), pages::humane))
        .merge(api)
        .merge(discovery)
        .merge(federation::routes(&web))
        .merge(metrics::routes().layer(from_fn_with_state(web.clone(), gate::pass)))
        .merge(mastodon::health_routes())
        .layer(from_fn_with_state(web.clone(), federation::node::at_the_root))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(CatchPanicLayer::custom(observe::panicked))
        .layer(from_fn(headers::careful))
        .layer(from_fn_with_state(web.clone(), observe::request))
        .with_state(web);
    // Clients put a slash at the end of any address; it means nothing.
    Router::new().fallback_service(NormalizePathLayer::trim_trailing_slash().layer(routes))
}

#[cfg(test)]
mod tests;
