//! The Mastodon client API. Each family of addresses has a module with its routes, and each address
//! a file in it with its request, its handler and its tests.

mod apps;
mod health;
mod instance;
mod nothing;
mod preferences;

use crate::state::Web;
use axum::Router;

/// Every route of the API.
pub(crate) fn routes(_: &Web) -> Router<Web> {
    Router::new()
        .merge(apps::routes())
        .merge(instance::routes())
        .merge(nothing::routes())
        .merge(preferences::routes())
}

/// Whether the node is well, for those who watch over it.
pub(crate) fn health_routes() -> Router<Web> {
    health::routes()
}
