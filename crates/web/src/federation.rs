//! What other servers ask for: who is here, what they wrote, and where to deliver.
//!
//! The documents are made in `federation::build`. What is not for everybody is as if it were not there.

mod accept;
mod activity;
mod actor;
mod answer;
mod discovery;
mod inbox;
pub(crate) mod node;
mod part;
mod post;

use crate::error::Error;
use crate::headers;
use crate::state::Web;
use axum::Router;
use axum::routing::{get, post as on_post};

/// The addresses of this family.
pub(crate) fn routes() -> Router<Web> {
    let open_to_pages = Router::new()
        .route("/.well-known/webfinger", get(discovery::webfinger))
        .route("/.well-known/nodeinfo", get(discovery::nodeinfo_links))
        .route("/nodeinfo/{version}", get(discovery::nodeinfo))
        .layer(headers::cors());
    Router::new()
        .route("/inbox", on_post(inbox::shared))
        .route("/actors/{handle}", get(actor::show))
        .route("/actors/{handle}/inbox", on_post(inbox::of_actor))
        .route("/actors/{handle}/{part}", get(part::show))
        .route("/posts/{id}", get(post::show))
        .route("/posts/{id}/replies", get(post::replies))
        .route("/activities/{name}", get(activity::show))
        .method_not_allowed_fallback(async || Error::MethodNotAllowed)
        .merge(open_to_pages)
}

#[cfg(test)]
mod tests;
