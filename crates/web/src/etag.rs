//! A client that kept an answer of the API asks whether it is still the same, and is told so in a few bytes.
//!
//! The tag is made of the answer itself, behind the place where answers are kept ([`crate::unchanged`]), so that one
//! that is given again is not looked at again.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use std::hash::{DefaultHasher, Hasher as _};

/// Puts a tag on what is read.
pub(crate) async fn mark(request: Request, next: Next) -> Response {
    let is_read = request.method() == Method::GET;
    let response = next.run(request).await;
    if !is_read || response.status() != StatusCode::OK || !is_json(response.headers()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // The body was made in memory, so it can only be too large, and an answer of ours is not.
    let Ok(body) = to_bytes(body, usize::MAX).await else { return Response::new(Body::empty()) };
    let mut hasher = DefaultHasher::new();
    hasher.write(&body);
    if let Ok(tag) = HeaderValue::try_from(format!("W/\"{:016x}\"", hasher.finish())) {
        parts.headers.insert(ETAG, tag);
    }
    Response::from_parts(parts, Body::from(body))
}

/// Leaves out an answer that the client has already.
pub(crate) async fn compare(request: Request, next: Next) -> Response {
    let kept = request.headers().get(IF_NONE_MATCH).cloned();
    let mut response = next.run(request).await;
    let Some(kept) = kept else { return response };
    if response.headers().get(ETAG).is_some_and(|tag| names(&kept, tag)) {
        *response.body_mut() = Body::empty();
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().remove(CONTENT_TYPE);
        response.headers_mut().remove(CONTENT_LENGTH);
    }
    response
}

/// An answer that is sent piece by piece, for as long as somebody listens, has no tag.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    kind.is_some_and(|kind| kind.starts_with(b"application/json"))
}

/// Whether a tag is among those that a client names. Whether they are weak makes no difference to a read.
fn names(kept: &HeaderValue, tag: &HeaderValue) -> bool {
    let (Ok(kept), Ok(tag)) = (kept.to_str(), tag.to_str()) else { return false };
    let strong = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    kept.split(',').any(|one| strong(one) == strong(tag))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mastodon::testing::{Answer, Door};
    use alongside_store::engine::Store;
    use alongside_testkit::both_engines;
    use http::header::AUTHORIZATION;
    use serde_json::json;
    use tower::ServiceExt as _;

    async fn ask(door: &Door, path: &str, token: &str, kept: &str) -> Answer {
        let request = http::Request::get(path).header(AUTHORIZATION, format!("Bearer {token}"));
        let request = request.header(IF_NONE_MATCH, kept).body(Body::empty()).unwrap();
        let (parts, body) = door.router.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = to_bytes(body, 1_000_000).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    both_engines! {
        async fn what_a_client_has_already_is_not_sent_again(store: Store) {
            let door = Door::new(store);
            let sam = door.persona("sam").await;
            for path in ["/api/v1/timelines/home", "/api/v1/lists", "/api/v1/accounts/verify_credentials"] {
                let first = door.get(path, &sam.token).await;
                let tag = first.header("etag").to_owned();
                assert!(tag.starts_with("W/\""), "{path}: {tag}");
                let same = ask(&door, path, &sam.token, &format!("\"other\", {tag}")).await;
                assert_eq!((same.status, same.bytes.len()), (StatusCode::NOT_MODIFIED, 0), "{path}");
                assert_eq!(same.header("etag"), tag);
                assert!(!same.header("x-ratelimit-remaining").is_empty(), "it counts as a request");
                assert_eq!(ask(&door, path, &sam.token, "W/\"0\"").await.status, StatusCode::OK);
            }
            let before = door.get("/api/v1/lists", &sam.token).await.header("etag").to_owned();
            let made = door.post("/api/v1/lists", &sam.token, &json!({ "title": "friends" })).await;
            assert!(made.header("etag").is_empty(), "what is written has no tag");
            assert_eq!(ask(&door, "/api/v1/lists", &sam.token, &before).await.status, StatusCode::OK);
            let refused = door.get("/api/v1/lists", "").await;
            assert!(refused.header("etag").is_empty(), "nor has an error");
        }
    }
}
