//! Everything that arrives at the doors of a test's nodes, and what they answer: who asked, as far as they said,
//! and every byte either way.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

/// Bytes of one body; a test's are small.
const BODY_MAX: usize = 4 << 20;

/// What went over the wire, in the order it arrived.
#[derive(Clone, Default)]
pub(crate) struct Wire {
    heard: Arc<Mutex<Vec<Exchange>>>,
    slow: Arc<Mutex<Option<(String, Duration)>>>,
}

/// A request and its answer.
#[derive(Clone)]
pub(crate) struct Exchange {
    /// At whose door.
    pub(crate) at: String,
    /// The key it was signed with; empty for one that was not.
    pub(crate) signed_by: String,
    /// It came from a client of a member.
    pub(crate) by_member: bool,
    /// Method, address, headers and body.
    pub(crate) asked: String,
    /// The body alone.
    pub(crate) body: String,
    /// Headers and body; empty where there was no answer.
    pub(crate) answered: String,
}

impl Wire {
    pub(crate) fn all(&self) -> Vec<Exchange> {
        self.heard.lock().expect("nobody panicked holding it").clone()
    }

    /// From now on everything takes this long at one door.
    pub(crate) fn slow_down(&self, at: &str, by: Duration) {
        *self.slow.lock().expect("nobody panicked holding it") = Some((at.to_owned(), by));
    }

    /// Keeps what was asked; its number.
    fn write_down(&self, asked: Exchange) -> usize {
        let mut heard = self.heard.lock().expect("nobody panicked holding it");
        heard.push(asked);
        heard.len() - 1
    }

    fn delay(&self, at: &str) -> Duration {
        let slow = self.slow.lock().expect("nobody panicked holding it");
        slow.as_ref().filter(|(door, _)| door == at).map_or(Duration::ZERO, |(_, by)| *by)
    }
}

/// Writes down what passes the door of a node.
pub(crate) async fn listen(
    State((wire, at)): State<(Wire, String)>,
    request: Request,
    next: Next,
) -> Response {
    pause(wire.delay(&at)).await;
    let (parts, body) = request.into_parts();
    let asked = to_bytes(body, BODY_MAX).await.expect("a body");
    let header = |name: &str| {
        let value = parts.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let signed_by = header("signature-input") + &header("signature");
    let exchange = Exchange {
        at,
        by_member: parts.headers.contains_key("authorization"),
        signed_by,
        asked: format!(
            "{} {} {:?} {}",
            parts.method,
            parts.uri,
            parts.headers,
            String::from_utf8_lossy(&asked)
        ),
        body: String::from_utf8_lossy(&asked).into_owned(),
        answered: String::new(),
    };
    // Written down at once: whoever asked may not wait for the answer.
    let number = wire.write_down(exchange);
    let response = next.run(Request::from_parts(parts, Body::from(asked))).await;
    let (parts, body) = response.into_parts();
    let answered = to_bytes(body, BODY_MAX).await.expect("a body");
    let whole = format!("{} {:?} {}", parts.status, parts.headers, String::from_utf8_lossy(&answered));
    wire.heard.lock().expect("nobody panicked holding it")[number].answered = whole;
    Response::from_parts(parts, Body::from(answered))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a slow line takes its time, and nothing here waits for it to end"
)]
async fn pause(by: Duration) {
    tokio::time::sleep(by).await;
}
