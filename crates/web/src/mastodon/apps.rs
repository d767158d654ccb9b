//! `/api/v1/apps`: client applications.

mod create;
mod verify_credentials;

use crate::routes::{Routes, get, post};

/// The addresses of this family.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/api/v1/apps", post(create::create))
        .route("/api/v1/apps/verify_credentials", get(verify_credentials::show))
}
