//! The few files that pages and clients load from us: the style, and pictures for those without one.

use crate::error::Error;
use crate::path::Path;
use crate::state::Web;
use axum::Router;
use axum::response::IntoResponse;
use axum::routing::get;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

/// The picture of an account that has none. Clients know it by the end of its address, and show their own in its place.
pub(crate) const AVATAR: &str = "/static/avatars/original/missing.png";
/// The banner of an account that has none, known in the same way: clients leave no room for it.
pub(crate) const HEADER: &str = "/static/headers/original/missing.png";
/// The banner of the node.
pub(crate) const THUMBNAIL: &str = "/static/header.png";

/// The address. Clients of other sites show the pictures, so it stands with what members upload, and not with the pages.
pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/static/{*file}", get(show))
}

/// Sends a file.
async fn show(Path(name): Path<String>) -> Result<impl IntoResponse, Error> {
    let (kind, bytes): (&str, &'static [u8]) = match name.as_str() {
        "style.css" => ("text/css; charset=utf-8", include_bytes!("../../static/style.css")),
        "avatar.png" | "avatars/original/missing.png" => {
            ("image/png", include_bytes!("../../static/avatar.png"))
        }
        "header.png" | "headers/original/missing.png" => {
            ("image/png", include_bytes!("../../static/header.png"))
        }
        _ => return Err(Error::NotFound),
    };
    Ok(([(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=86400")], bytes))
}
