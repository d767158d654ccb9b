//! `/api/v1/conversations`: direct messages.

mod every;
mod one;

use crate::routes::{Routes, delete, get, post};

/// The addresses of this family.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/api/v1/conversations", get(every::show))
        .route("/api/v1/conversations/{id}", delete(one::remove))
        .route("/api/v1/conversations/{id}/read", post(one::read))
        .route("/api/v1/conversations/{id}/unread", post(one::unread))
}

#[cfg(test)]
mod tests;
