//! What is known of a request afterwards: an id, the route, the status and the time it took. Never
//! the address as it was typed, which may name a person or carry a token, and never a body.

use crate::error::Error;
use crate::state::Web;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use std::any::Any;
use std::time::{Duration, Instant};
use tracing::Instrument as _;

/// How long a request may take before it is given up, its body included.
const REQUEST_SECS_MAX: u64 = 120;

/// Gives the request an id, and writes a line about it when it is done.
pub(crate) async fn request(State(web): State<Web>, request: Request, next: Next) -> Response {
    let id = format!("{:016x}", u64::from_le_bytes(web.app().random()));
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let span =
        tracing::info_span!("request", request.id = id, http.method = %request.method(), http.route = route);
    let started = Instant::now();
    let mut response = within(next.run(request)).instrument(span.clone()).await;
    let elapsed_ms = started.elapsed().as_millis();
    span.in_scope(|| tracing::debug!(http.status = response.status().as_u16(), elapsed_ms, "answered"));
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

async fn within(answer: impl Future<Output = Response>) -> Response {
    match tokio::time::timeout(Duration::from_secs(REQUEST_SECS_MAX), answer).await {
        Ok(response) => response,
        Err(elapsed) => Error::Unavailable(elapsed.into()).into_response(),
    }
}

/// What a panic is answered with. What it said is on standard error already, and may hold words.
pub(crate) fn panicked(_: Box<dyn Any + Send>) -> Response {
    Error::Internal("a handler panicked".into()).into_response()
}
