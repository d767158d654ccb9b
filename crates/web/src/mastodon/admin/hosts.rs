//! `/api/v1/admin/domain_blocks` and `/api/v1/admin/domain_allows`: with whom this node talks, as whoever runs it
//! decides. It is the same decision that the command line makes.

mod allows;
mod blocks;

use crate::routes::{Routes, get};

/// The addresses of this family.
pub(super) fn routes() -> Routes {
    Routes::new()
        .route("/api/v1/admin/domain_blocks", get(blocks::list).post(blocks::add))
        .route(
            "/api/v1/admin/domain_blocks/{id}",
            get(blocks::show).put(blocks::change).delete(blocks::remove),
        )
        .route("/api/v1/admin/domain_allows", get(allows::list).post(allows::add))
        .route("/api/v1/admin/domain_allows/{id}", get(allows::show).delete(allows::remove))
}

#[cfg(test)]
mod tests;
