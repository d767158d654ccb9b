//! Answers as JSON.

use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;

/// A value to be sent as JSON.
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

/// Nothing to say, in the way clients expect it: `{}`.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Empty {}

/// An answer, or a refusal (422) that says more than an error can.
#[derive(Debug)]
pub(crate) enum Answered<T, U> {
    /// It was done.
    Well(T),
    /// It does not fit, and this is why.
    Unfit(U),
}

impl<T: Serialize, U: Serialize> IntoResponse for Answered<T, U> {
    fn into_response(self) -> Response {
        match self {
            Self::Well(answer) => Json(answer).into_response(),
            Self::Unfit(why) => (StatusCode::UNPROCESSABLE_ENTITY, Json(why)).into_response(),
        }
    }
}

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
