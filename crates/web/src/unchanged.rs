//! Answers given again while nothing has changed: a member who looks at the same timeline twice, with nothing
//! written on the node between, gets the same bytes.
//!
//! An answer is kept for the token that asked, under the number of commits it was made after. One commit
//! of this process makes all of them old; what a command beside the server writes shows a second later.
//! Where several servers share a database nothing is kept.

use crate::auth::Presented;
use crate::state::Web;
use alongside_domain::clock::Timestamp;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::response::Parts;
use http::{HeaderMap, Method, StatusCode};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Bytes kept in all; past that, all are forgotten.
const BYTES_MAX: usize = 16 * 1_048_576;
/// Bytes of one answer that is kept.
const ANSWER_BYTES_MAX: usize = 1_048_576;
/// How long an answer may be given again, for what another process writes and for what time changes.
const MILLIS_MAX: i64 = 1_000;
/// What is read often and costs most: timelines, and threads.
const KEPT: [&str; 2] = ["/api/v1/timelines/", "/api/v1/statuses/"];

/// The answers kept now.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// The commits after which these were made.
    version: u64,
    bytes: usize,
    answers: HashMap<Key, Answer>,
}

/// Who asked (0 for nobody), and for what.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key(i64, String);

#[derive(Debug, Clone)]
struct Answer {
    at: Timestamp,
    headers: HeaderMap,
    body: Bytes,
}

/// Gives the answer again that was given before, or makes it and keeps it.
pub(crate) async fn answer(State(web): State<Web>, request: Request, next: Next) -> Response {
    let (Some(key), Some(version)) = (key(&request), web.app().store().version()) else {
        return next.run(request).await;
    };
    let now = web.app().now();
    if let Some(answer) = web.answers().get(&key, version, now) {
        return answer.into_response();
    }
    let (parts, body) = next.run(request).await.into_parts();
    if parts.status != StatusCode::OK || !parts.headers.contains_key(CONTENT_TYPE) {
        return Response::from_parts(parts, body);
    }
    // The body was made in memory, so it can only be too large, and an answer of ours is not.
    let Ok(body) = to_bytes(body, usize::MAX).await else { return Response::new(Body::empty()) };
    web.answers().put(key, version, now, &parts, &body);
    Response::from_parts(parts, Body::from(body))
}

fn key(request: &Request) -> Option<Key> {
    let path = request.uri().path();
    if request.method() != Method::GET || !KEPT.iter().any(|kept| path.starts_with(kept)) {
        return None;
    }
    let who = match request.extensions().get() {
        Some(Presented::Token(bearer)) => bearer.id.get(),
        Some(Presented::Nothing) => 0,
        Some(Presented::Unknown) | None => return None,
    };
    Some(Key(who, request.uri().to_string()))
}

impl Answers {
    fn get(&self, key: &Key, version: u64, now: Timestamp) -> Option<Answer> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.version != version {
            return None;
        }
        kept.answers.get(key).filter(|answer| now < answer.at.plus_millis(MILLIS_MAX)).cloned()
    }

    fn put(&self, key: Key, version: u64, at: Timestamp, parts: &Parts, body: &Bytes) {
        if body.len() > ANSWER_BYTES_MAX {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if version < kept.version {
            return;
        }
        if version > kept.version || kept.bytes + body.len() > BYTES_MAX {
            *kept = Kept { version, ..Kept::default() };
        }
        kept.bytes += body.len();
        let answer = Answer { at, headers: parts.headers.clone(), body: body.clone() };
        if let Some(before) = kept.answers.insert(key, answer) {
            kept.bytes -= before.body.len();
        }
    }
}

impl Answer {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.headers_mut() = self.headers;
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_given_again_to_the_same_until_something_is_written_or_a_second_has_passed() {
        let answers = Answers::default();
        let (parts, ()) = Response::new(()).into_parts();
        let now = Timestamp::from_secs(1_700_000_000);
        let key = Key(7, "/api/v1/timelines/home".to_owned());
        answers.put(key.clone(), 3, now, &parts, &Bytes::from_static(b"[]"));
        assert!(answers.get(&key, 3, now).is_some());
        assert!(answers.get(&Key(8, key.1.clone()), 3, now).is_none(), "somebody else");
        assert!(answers.get(&key, 4, now).is_none(), "something was written");
        assert!(answers.get(&key, 3, now.plus_millis(MILLIS_MAX)).is_none(), "a second has passed");
        answers.put(key.clone(), 2, now, &parts, &Bytes::from_static(b"old"));
        assert_eq!(answers.get(&key, 3, now).unwrap().body, "[]", "an answer from before is not kept");
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let answers = Answers::default();
        let (parts, ()) = Response::new(()).into_parts();
        let now = Timestamp::from_secs(1_700_000_000);
        let body = Bytes::from(vec![b' '; ANSWER_BYTES_MAX]);
        for asker in 0..40 {
            answers.put(Key(asker, String::new()), 1, now, &parts, &body);
            assert!(answers.kept.lock().unwrap().bytes <= BYTES_MAX);
        }
        answers.put(Key(99, String::new()), 1, now, &parts, &Bytes::from(vec![b' '; ANSWER_BYTES_MAX + 1]));
        assert!(answers.get(&Key(99, String::new()), 1, now).is_none());
    }
}
