//! The Mastodon client API. Each family of addresses has a module with its routes, and each address
//! a file in it with its request, its handler and its tests.

mod accounts;
mod apps;
mod health;
mod instance;
mod nothing;
mod preferences;
mod statuses;
mod timelines;

use crate::state::Web;
use axum::Router;

/// Every route of the API.
pub(crate) fn routes(_: &Web) -> Router<Web> {
    Router::new()
        .merge(accounts::routes())
        .merge(apps::routes())
        .merge(instance::routes())
        .merge(nothing::routes())
        .merge(preferences::routes())
        .merge(statuses::routes())
        .merge(timelines::routes())
}

/// Whether the node is well, for those who watch over it.
pub(crate) fn health_routes() -> Router<Web> {
    health::routes()
}
