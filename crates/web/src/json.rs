//! Answers as JSON.

use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde::Serialize;

/// A value to be sent as JSON.
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

/// Nothing to say, in the way clients expect it: `{}`.
#[derive(Debug, Serialize)]
pub(crate) struct Empty {}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => {
                let kind = HeaderValue::from_static("application/json; charset=utf-8");
                ([(CONTENT_TYPE, kind)], body).into_response()
            }
            Err(error) => {
                tracing::error!(%error, "an answer could not be written as JSON");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}
