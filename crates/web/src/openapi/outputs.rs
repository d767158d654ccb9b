//! What each kind of answer sends to a client.

use crate::error::Error;
use crate::json::{Answered, Json};
use crate::openapi::handler::Output;
use crate::openapi::operation::Operation;
use crate::page::{Paged, Part};
use axum::Extension;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use schemars::JsonSchema;
use serde_json::json;

impl<T: JsonSchema> Output for Json<T> {
    fn tell(operation: &mut Operation<'_>) {
        operation.gives_json::<T>();
    }
}

impl<T: JsonSchema> Output for Paged<T> {
    fn tell(operation: &mut Operation<'_>) {
        operation.gives_json::<Vec<T>>();
        operation.gives_links();
    }
}

impl<T: JsonSchema> Output for Part<T> {
    fn tell(operation: &mut Operation<'_>) {
        operation.gives_json::<T>();
        operation.gives_links();
    }
}

impl<T: Output> Output for (HeaderMap, T) {
    fn tell(operation: &mut Operation<'_>) {
        T::tell(operation);
    }
}

/// The status says how far something has come that goes on after the answer.
impl<T: Output> Output for (StatusCode, T) {
    fn tell(operation: &mut Operation<'_>) {
        T::tell(operation);
        operation.gives_meanwhile();
    }
}

impl Output for &'static str {
    fn tell(operation: &mut Operation<'_>) {
        operation.gives("text/plain", &json!({ "type": "string" }));
    }
}

impl<T: JsonSchema, U: JsonSchema> Output for Answered<T, U> {
    fn tell(operation: &mut Operation<'_>) {
        operation.gives_json::<T>();
        operation.refuses_with::<U>();
    }
}

impl Output for Error {
    fn tell(operation: &mut Operation<'_>) {
        operation.may_be_refused(&[403, 404, 422]);
    }
}

impl<E, T: Output> Output for (HeaderMap, Extension<E>, T) {
    fn tell(operation: &mut Operation<'_>) {
        T::tell(operation);
    }
}

/// A page, or the way to one.
impl Output for Response {
    fn tell(operation: &mut Operation<'_>) {
        operation.gives_page();
    }
}

/// Whatever can fail may find that something is not there, not allowed, or does not fit.
impl<T: Output> Output for Result<T, Error> {
    fn tell(operation: &mut Operation<'_>) {
        T::tell(operation);
        operation.may_be_refused(&[403, 404, 422]);
    }
}
