//! `/api/v1/polls`.

mod show;
mod vote;

use crate::routes::{Routes, get, post};

/// The addresses of this family.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/api/v1/polls/{id}", get(show::show))
        .route("/api/v1/polls/{id}/votes", post(vote::vote))
}

#[cfg(test)]
mod tests;
