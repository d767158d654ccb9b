//! `/api/v1/polls`.

mod show;
mod vote;

use crate::state::Web;
use axum::Router;
use axum::routing::{get, post};

/// The addresses of this family.
pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/api/v1/polls/{id}", get(show::show))
        .route("/api/v1/polls/{id}/votes", post(vote::vote))
}

#[cfg(test)]
mod tests;
