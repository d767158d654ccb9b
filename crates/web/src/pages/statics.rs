//! The few files that pages and clients load from us: the style, and pictures for those without one.

use crate::error::Error;
use crate::path::Path;
use axum::response::IntoResponse;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

/// The picture of an account that has none.
pub(crate) const AVATAR: &str = "/static/avatar.png";
/// The banner of an account that has none.
pub(crate) const HEADER: &str = "/static/header.png";

/// Sends a file.
pub(crate) async fn show(Path(name): Path<String>) -> Result<impl IntoResponse, Error> {
    let (kind, bytes): (&str, &'static [u8]) = match name.as_str() {
        "style.css" => ("text/css; charset=utf-8", include_bytes!("../../static/style.css")),
        "avatar.png" => ("image/png", include_bytes!("../../static/avatar.png")),
        "header.png" => ("image/png", include_bytes!("../../static/header.png")),
        _ => return Err(Error::NotFound),
    };
    Ok(([(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=86400")], bytes))
}
