//! `/api/v1/lists`: a member's own lists, and the communities they joined.

mod accounts;
mod every;
mod one;

use crate::routes::{Routes, get};

/// The addresses of this family.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/api/v1/lists", get(every::show).post(every::create))
        .route("/api/v1/lists/{id}", get(one::show).put(one::update).delete(one::remove))
        .route(
            "/api/v1/lists/{id}/accounts",
            get(accounts::show).post(accounts::add).delete(accounts::take_out),
        )
}

#[cfg(test)]
mod tests;
