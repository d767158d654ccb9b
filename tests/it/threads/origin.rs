//! Another server, on loopback, that answers whatever a test makes it answer and counts what it was asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::response::{IntoResponse as _, Response};
use http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use serde_json::{Value, json};
use tokio::net::TcpListener;

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// The server.
pub(super) struct Origin {
    address: String,
    asked: Arc<AtomicUsize>,
    unchanged: Arc<AtomicUsize>,
}

/// What it answers.
pub(super) struct Answer {
    status: StatusCode,
    body: Option<Value>,
    mark: Option<&'static str>,
    wait_secs: Option<u32>,
}

/// Gives the whole address of a path there.
pub(super) type At<'a> = &'a dyn Fn(&str) -> String;

impl Answer {
    pub(super) fn post(document: Value) -> Self {
        Self { status: StatusCode::OK, body: Some(document), mark: None, wait_secs: None }
    }

    pub(super) fn nothing() -> Self {
        Self { status: StatusCode::NOT_FOUND, body: None, mark: None, wait_secs: None }
    }

    /// Asks to come back after so many seconds.
    pub(super) fn busy(secs: u32) -> Self {
        Self { status: StatusCode::TOO_MANY_REQUESTS, wait_secs: Some(secs), ..Self::nothing() }
    }

    /// With a mark by which a change is told.
    pub(super) fn marked(self, mark: &'static str) -> Self {
        Self { mark: Some(mark), ..self }
    }
}

impl Origin {
    /// Opens the door of a server with one member, ann, that answers everything else by this.
    pub(super) async fn serve(
        answer: impl Fn(At<'_>, &str) -> Answer + Clone + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
        let address = listener.local_addr().expect("a bound door has an address").to_string();
        let (asked, unchanged) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let origin =
            Self { address: address.clone(), asked: Arc::clone(&asked), unchanged: Arc::clone(&unchanged) };
        let router = Router::new().fallback(move |uri: Uri, headers: HeaderMap| {
            asked.fetch_add(1, Ordering::SeqCst);
            let base = format!("http://{address}");
            let at = |path: &str| format!("{base}{path}");
            let answer =
                if uri.path() == "/u/ann" { Answer::post(ann(&at)) } else { answer(&at, uri.path()) };
            let is_known =
                answer.mark.is_some_and(|mark| headers.get(IF_NONE_MATCH).is_some_and(|known| known == mark));
            if is_known {
                unchanged.fetch_add(1, Ordering::SeqCst);
            }
            async move { if is_known { StatusCode::NOT_MODIFIED.into_response() } else { response(answer) } }
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        origin
    }

    /// Its host and port.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// The whole address of a path there.
    pub(super) fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Requests it has had.
    pub(super) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// Of these, requests for what had not changed.
    pub(super) fn unchanged(&self) -> usize {
        self.unchanged.load(Ordering::SeqCst)
    }
}

/// A post there by ann, with an answer to another.
pub(super) fn note(at: At<'_>, name: &str, answers: Option<&str>) -> Value {
    let mut note = json!({
        "id": at(&format!("/p/{name}")), "type": "Note", "attributedTo": at("/u/ann"), "to": [PUBLIC], "cc": [],
        "content": format!("<p>post {name}</p>"), "published": "2026-01-01T00:00:00Z",
    });
    if let Some(answers) = answers {
        note["inReplyTo"] = at(&format!("/p/{answers}")).into();
    }
    note
}

fn ann(at: At<'_>) -> Value {
    json!({
        "id": at("/u/ann"), "type": "Person", "preferredUsername": "ann", "inbox": at("/u/ann/inbox"),
        "followers": at("/u/ann/followers"),
    })
}

fn response(answer: Answer) -> Response {
    let mut headers =
        HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/activity+json"))]);
    if let Some(mark) = answer.mark {
        headers.insert(ETAG, HeaderValue::from_static(mark));
    }
    if let Some(secs) = answer.wait_secs {
        headers.insert(RETRY_AFTER, HeaderValue::from(secs));
    }
    (answer.status, headers, answer.body.map(|body| body.to_string()).unwrap_or_default()).into_response()
}
