//! Answers given again while nothing has changed that they were made of: a member who looks at the same timeline
//! twice gets the same bytes, whatever was written elsewhere on the node between.
//!
//! An answer is kept for the token that asked, with the number of commits it was made after and the topics it was
//! made of; one that does not say of what is old after any commit. What other servers on the same database commit
//! counts as soon as they tell; what a command beside the server writes, and what time changes, shows a second later.

use crate::auth::Presented;
use crate::generations::Generations;
use crate::state::Web;
use alongside_domain::clock::Timestamp;
use alongside_store::touched::{Changes, Slot, Topic};
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes kept in all: half of it holds a thread of 200 replies for each of forty members.
const BYTES_MAX: usize = 32 * 1_048_576;
/// How long an answer may be given again, for what another process writes and for what time changes.
const MILLIS_MAX: i64 = 1_000;
/// What is read often and costs most: timelines, and threads.
const KEPT: [&str; 2] = ["/api/v1/timelines/", "/api/v1/statuses/"];

/// The answers kept now.
#[derive(Debug)]
pub(crate) struct Answers {
    kept: Mutex<Generations<Key, Answer>>,
}

/// What an answer was made of: it may be given again as long as none of it changes.
#[derive(Debug, Clone)]
pub(crate) struct MadeOf(Arc<[Slot]>);

/// Who asked (0 for nobody), and for what.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key(i64, String);

#[derive(Debug, Clone)]
struct Answer {
    at: Timestamp,
    /// The commits after which it was made.
    commits: u64,
    made_of: Option<MadeOf>,
    headers: HeaderMap,
    body: Bytes,
}

impl FromIterator<Topic> for MadeOf {
    fn from_iter<I: IntoIterator<Item = Topic>>(topics: I) -> Self {
        let mut slots: Vec<Slot> = topics.into_iter().map(Slot::from).collect();
        slots.sort_unstable();
        slots.dedup();
        Self(slots.into())
    }
}

/// Gives the answer again that was given before, or makes it and keeps it.
pub(crate) async fn answer(State(web): State<Web>, request: Request, next: Next) -> Response {
    let Some(key) = key(&request) else { return next.run(request).await };
    let changes = web.app().store().changes();
    let (now, commits) = (web.app().now(), changes.now());
    if let Some(answer) = web.answers().get(&key, changes, now) {
        return answer.into_response();
    }
    let (mut parts, body) = next.run(request).await.into_parts();
    if parts.status != StatusCode::OK || !parts.headers.contains_key(CONTENT_TYPE) {
        return Response::from_parts(parts, body);
    }
    // The body was made in memory, so it can only be too large, and an answer of ours is not.
    let Ok(body) = to_bytes(body, usize::MAX).await else { return Response::new(Body::empty()) };
    let made_of = parts.extensions.remove();
    let answer = Answer { at: now, commits, made_of, headers: parts.headers.clone(), body: body.clone() };
    web.answers().put(key, answer);
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
        Some(Presented::Unknown | Presented::Newcomer(..)) | None => return None,
    };
    Some(Key(who, request.uri().to_string()))
}

impl Default for Answers {
    fn default() -> Self {
        Self { kept: Mutex::new(Generations::new(BYTES_MAX)) }
    }
}

impl Answers {
    fn get(&self, key: &Key, changes: &Changes, now: Timestamp) -> Option<Answer> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(key).filter(|answer| answer.still_holds(changes, now)).cloned()
    }

    fn put(&self, key: Key, answer: Answer) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // Another request may have made it anew meanwhile.
        if kept.get(&key).is_none_or(|there| there.commits <= answer.commits) {
            let bytes = key.bytes() + answer.bytes();
            kept.put(key, bytes, answer);
        }
    }
}

impl Key {
    /// What it takes, nearly: an address may be longer than its answer.
    fn bytes(&self) -> usize {
        self.1.len()
    }
}

impl Answer {
    fn still_holds(&self, changes: &Changes, now: Timestamp) -> bool {
        let is_unchanged = match &self.made_of {
            Some(MadeOf(slots)) => changes.none_since(self.commits, slots),
            None => changes.now() == self.commits,
        };
        is_unchanged && now < self.at.plus_millis(MILLIS_MAX)
    }

    /// What it takes, nearly.
    fn bytes(&self) -> usize {
        const AROUND: usize = 1_024;
        // The addresses of the pages before and after are as long as that of this one.
        let headers = self.headers.values().map(HeaderValue::len).sum::<usize>();
        AROUND + headers + self.body.len()
    }

    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.headers_mut() = self.headers;
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alongside_domain::id::PostId;

    const NOON: Timestamp = Timestamp::from_secs(1_700_000_000);

    fn answer(commits: u64, made_of: Option<MadeOf>, body: &'static str) -> Answer {
        Answer { at: NOON, commits, made_of, headers: HeaderMap::new(), body: Bytes::from(body) }
    }

    #[test]
    fn an_answer_is_given_again_to_the_same_for_a_second() {
        let (answers, changes) = (Answers::default(), Changes::default());
        let key = Key(7, "/api/v1/timelines/home".to_owned());
        answers.put(key.clone(), answer(0, None, "[]"));
        assert!(answers.get(&key, &changes, NOON).is_some());
        assert!(answers.get(&Key(8, key.1.clone()), &changes, NOON).is_none(), "somebody else");
        assert!(answers.get(&key, &changes, NOON.plus_millis(MILLIS_MAX)).is_none(), "a second has passed");
        answers.put(key.clone(), answer(2, None, "[1]"));
        answers.put(key.clone(), answer(1, None, "[old]"));
        let mut kept = answers.kept.lock().unwrap();
        assert_eq!(kept.get(&key).unwrap().body, "[1]", "what was begun before does not take its place");
    }

    #[test]
    fn long_addresses_take_room_like_anything_else() {
        const LONG: usize = 60_000;
        let (answers, changes) = (Answers::default(), Changes::default());
        let key = |number: i64| Key(0, format!("/api/v1/timelines/public?{number}{}", "x".repeat(LONG)));
        let asked = 2 * BYTES_MAX / LONG;
        for number in 0..asked {
            answers.put(key(i64::try_from(number).unwrap()), answer(0, None, "[]"));
        }
        let is_kept =
            |number: &usize| answers.get(&key(i64::try_from(*number).unwrap()), &changes, NOON).is_some();
        let newest_first: Vec<usize> = (0..asked).rev().collect();
        let kept = newest_first.iter().filter(|number| is_kept(number)).count();
        assert!(kept > 0 && kept * LONG <= BYTES_MAX, "{kept} of {asked}");
    }

    #[test]
    fn what_an_answer_is_made_of_is_the_same_in_any_order() {
        let topics = [Topic::Public, Topic::Post(PostId::new(7)), Topic::Public];
        let (MadeOf(one), MadeOf(other)) = (topics.into_iter().collect(), topics.into_iter().rev().collect());
        assert_eq!((one.len(), one), (2, other));
    }
}
