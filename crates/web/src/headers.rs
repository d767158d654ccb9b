//! The headers that keep a browser from doing more with an answer than it should, and those that let
//! web clients of other sites use the API.

use crate::openapi::handler::Input;
use crate::openapi::operation::Operation;
use axum::extract::{FromRequestParts, Request};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method};
use std::convert::Infallible;
use std::time::Duration;
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// How long a browser may remember what the API allows.
const CORS_AGE: Duration = Duration::from_hours(24);

/// What a client calls something it may send twice and means once.
#[derive(Debug)]
pub(crate) struct IdempotencyKey(pub(crate) Option<String>);

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let key = parts.headers.get(IDEMPOTENCY_KEY).and_then(|key| key.to_str().ok());
        Ok(Self(key.filter(|key| !key.is_empty()).map(str::to_owned)))
    }
}

impl Input for IdempotencyKey {
    fn tell(operation: &mut Operation<'_>) {
        operation.takes_header::<String>(IDEMPOTENCY_KEY);
    }
}

/// Puts the careful headers on an answer, where it has none of its own.
pub(crate) async fn careful(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let careful = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "same-origin"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        // What is read here is about health, and browsers are shared.
        (CACHE_CONTROL, "private, no-store"),
    ];
    for (name, value) in careful {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Lets web clients of any site call what stands behind it, without cookies.
pub(crate) fn cors() -> CorsLayer {
    let exposed = [
        "link",
        "mastodon-async-refresh",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "x-request-id",
    ];
    CorsLayer::new()
        .allow_origin(AllowOrigin::any())
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(exposed.map(HeaderName::from_static))
        .max_age(CORS_AGE)
}
