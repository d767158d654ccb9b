//! Documents as they are sent: of exactly the type that every server takes.

use axum::response::{IntoResponse, Redirect, Response};
use http::header::{CONTENT_TYPE, VARY};
use http::{HeaderValue, StatusCode};
use serde_json::Value;

/// The one spelling that no server refuses.
const ACTIVITY_JSON: HeaderValue = HeaderValue::from_static("application/activity+json");
/// The answer depends on what is asked for.
const ON_ACCEPT: (http::HeaderName, HeaderValue) = (VARY, HeaderValue::from_static("accept"));

/// A document.
pub(super) fn document(document: &Value) -> Response {
    text(document.to_string())
}

/// A document that is kept as text.
pub(super) fn text(document: String) -> Response {
    ([(CONTENT_TYPE, ACTIVITY_JSON), ON_ACCEPT], document).into_response()
}

/// What is left of something that was here once.
pub(super) fn gone(tombstone: &Value) -> Response {
    (StatusCode::GONE, document(tombstone)).into_response()
}

/// The way to the page, for people.
pub(super) fn page(url: &str) -> Response {
    ([ON_ACCEPT], Redirect::to(url)).into_response()
}
