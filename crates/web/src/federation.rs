//! What other servers ask for: who is here, what they wrote, and where to deliver.
//!
//! The documents are made in `federation::build`. What is not for everybody is as if it were not there.

mod accept;
mod activity;
mod actor;
mod answer;
pub(crate) mod asker;
mod discovery;
mod inbox;
pub(crate) mod members;
pub(crate) mod node;
mod part;
mod post;
mod refused;

use crate::error::Error;
use crate::state::Web;
use crate::{gate, headers};
use alongside_federation::build::peer_support;
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post as on_post};

/// The addresses of this family. What is read is counted here by address; what is sent, where it is
/// taken in, by the host that signed it.
pub(crate) fn routes(web: &Web) -> Router<Web> {
    let open_to_pages = Router::new()
        .route("/.well-known/webfinger", get(discovery::webfinger))
        .route("/.well-known/nodeinfo", get(discovery::nodeinfo_links))
        .route("/nodeinfo/{version}", get(discovery::nodeinfo))
        .route(peer_support::PATH, get(discovery::peer_support))
        .layer(from_fn_with_state(web.clone(), gate::visit))
        .layer(headers::cors());
    let pages = Router::new()
        .route("/actors/{handle}", get(actor::show))
        .route("/posts/{id}", get(post::show))
        .layer(from_fn_with_state(web.clone(), asker::admit_or_page));
    let read = Router::new()
        .route("/actors/{handle}/{part}", get(part::show))
        .route("/posts/{id}/replies", get(post::replies))
        .route("/posts/{id}/context", get(post::context))
        .route("/activities/{name}", get(activity::show))
        .layer(from_fn_with_state(web.clone(), asker::admit))
        .merge(pages)
        .layer(from_fn_with_state(web.clone(), gate::visit));
    Router::new()
        .route("/inbox", on_post(inbox::shared))
        .route("/actors/{handle}/inbox", on_post(inbox::of_actor))
        .merge(read)
        .method_not_allowed_fallback(async || Error::MethodNotAllowed)
        .merge(open_to_pages)
}

#[cfg(test)]
mod tests;
