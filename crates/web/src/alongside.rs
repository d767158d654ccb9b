//! What this node's own API offers beside Mastodon's, below `/api/alongside/v1`. It is documented in `docs/api.md`.

mod erasure;
mod hosts;

use crate::routes::{Routes, get, post};

/// The addresses of this family.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/api/alongside/v1/statuses/{id}/erasure", get(erasure::show))
        .route("/api/alongside/v1/admin/hosts", get(hosts::list))
        .route("/api/alongside/v1/admin/hosts/{domain}", get(hosts::show))
        .route("/api/alongside/v1/admin/hosts/{domain}/retry", post(hosts::retry))
        .route("/api/alongside/v1/admin/hosts/{domain}/drop", post(hosts::drop_waiting))
}

#[cfg(test)]
mod tests;
