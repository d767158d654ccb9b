//! The whole door: which groups of routes there are, and what stands before each.

use crate::error::Error;
use crate::params::VALUES_BYTES_MAX;
use crate::state::Web;
use crate::{
    alongside, barred, discovery, etag, federation, files, gate, headers, mastodon, metrics, oauth, observe,
    openapi, pages, streaming, unchanged,
};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::any;
use tower::Layer as _;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::normalize_path::NormalizePathLayer;

/// Every route of the node.
pub fn router(web: Web) -> Router {
    let keeping_out = || from_fn_with_state(web.clone(), barred::keep_out);
    let api = mastodon::routes(&web)
        .merge(oauth::api_routes())
        .merge(alongside::routes())
        .merge(streaming::routes());
    let discovery = oauth::discovery_routes().merge(discovery::routes());
    let authorize = oauth::authorize_routes();
    let described = openapi::routes(&[&api, &discovery, &authorize]);
    let api = api
        .merge(described)
        .into_router()
        .route("/api/{*rest}", any(async || Error::NotFound))
        // Which stream it would be is asked before who listens.
        .route("/api/v1/streaming/{*stream}", any(no_stream))
        .method_not_allowed_fallback(async || Error::MethodNotAllowed)
        .layer(from_fn(etag::mark))
        .layer(from_fn_with_state(web.clone(), unchanged::answer))
        .layer(from_fn(etag::compare))
        .layer(from_fn_with_state(web.clone(), gate::pass))
        .layer(keeping_out())
        .layer(headers::cors());
    let visited = || from_fn_with_state(web.clone(), gate::visit);
    let pictures = files::routes().merge(pages::statics::routes());
    let pictures = pictures.layer(from_fn_with_state(web.clone(), gate::picture));
    let discovery = discovery.into_router().layer(visited()).merge(pictures).layer(headers::cors());
    let routes: Router = pages::routes()
        .merge(authorize.into_router())
        .merge(oauth::page_routes())
        .fallback(async || Error::NotFound)
        .method_not_allowed_fallback(async || Error::MethodNotAllowed)
        .layer(visited())
        .layer(keeping_out())
        .layer(from_fn_with_state(web.clone(), pages::humane))
        .merge(api)
        .merge(discovery)
        .merge(federation::routes(&web))
        .merge(metrics::routes().layer(from_fn_with_state(web.clone(), gate::pass)))
        .merge(mastodon::health_routes())
        .layer(from_fn_with_state(web.clone(), federation::node::at_the_root))
        .layer(DefaultBodyLimit::max(VALUES_BYTES_MAX))
        .layer(CatchPanicLayer::custom(observe::panicked))
        .layer(from_fn(headers::careful))
        .layer(from_fn_with_state(web.clone(), observe::request))
        .with_state(web);
    // Clients put a slash at the end of any address; it means nothing.
    Router::new().fallback_service(NormalizePathLayer::trim_trailing_slash().layer(routes))
}

async fn no_stream() -> Error {
    Error::Malformed("Unknown channel requested".to_owned())
}

#[cfg(test)]
mod tests;
