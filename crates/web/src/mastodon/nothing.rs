//! Features of Mastodon that this node does not have. Clients ask for them at their start and expect
//! to be told that there is nothing, not that the address is unknown.

use crate::auth::{Author, ReadAccounts};
use crate::json::{Empty, Json};
use crate::routes::{Routes, get};

/// The addresses that have nothing to give.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/api/v1/instance/translation_languages", get(async || Json(Empty {})))
        .route("/api/v1/trends/links", get(list))
        .route("/api/v1/annual_reports", get(async |_: Author<ReadAccounts>| list().await))
}

async fn list() -> Json<[Empty; 0]> {
    Json([])
}
