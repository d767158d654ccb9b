//! Stands before the door of a node that is a process of its own, hands on whatever comes, and has it written down as
//! [`crate::wire`] does for nodes in this process.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONNECTION, TRANSFER_ENCODING};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse as _, Response};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::wire::{self, Wire};

/// Bytes of one body; a test's are small.
const BODY_MAX: usize = 4 << 20;

/// The address that everybody knows of a node, and who answers there.
pub(crate) struct Recorder {
    /// Its address and port.
    pub(crate) address: String,
    wire: Wire,
    door: Option<TcpListener>,
    serving: Option<JoinHandle<()>>,
}

/// The node behind a door, and how it is asked.
#[derive(Clone)]
struct Behind {
    address: String,
    http: reqwest::Client,
}

impl Recorder {
    /// A door that nobody answers at yet.
    pub(crate) async fn open(wire: Wire) -> Self {
        let door = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
        let address = door.local_addr().expect("a bound door has an address").to_string();
        Self { address, wire, door: Some(door), serving: None }
    }

    /// Answers there from now on, with what the node at that other address says.
    pub(crate) async fn stand_before(&mut self, node: &str) {
        let door = match self.door.take() {
            Some(door) => door,
            None => TcpListener::bind(&self.address).await.expect("the port is free again"),
        };
        let behind = Behind { address: node.to_owned(), http: asker() };
        let listen = from_fn_with_state((self.wire.clone(), self.address.clone()), wire::listen);
        let router = Router::new().fallback(hand_on).with_state(behind).layer(listen);
        self.serving =
            Some(tokio::spawn(async move { axum::serve(door, router).await.expect("the door stays open") }));
    }

    /// Nobody answers there any more.
    pub(crate) fn leave(&mut self) {
        if let Some(serving) = self.serving.take() {
            serving.abort();
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.leave();
    }
}

/// A client that changes nothing of what it hands on, and hands nothing to a connection that the node is closing.
#[expect(clippy::disallowed_methods, reason = "it asks a node of the test, on loopback")]
fn asker() -> reqwest::Client {
    let plain = reqwest::Client::builder().no_proxy().no_gzip().redirect(reqwest::redirect::Policy::none());
    plain.pool_max_idle_per_host(0).build().expect("the settings are right")
}

async fn hand_on(State(behind): State<Behind>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, BODY_MAX).await.expect("a body");
    let mut headers = parts.headers;
    pass_on(&mut headers);
    let url = format!("http://{}{}", behind.address, parts.uri);
    let asked = behind.http.request(parts.method, url).headers(headers).body(body);
    let Ok(answer) = asked.send().await else { return StatusCode::BAD_GATEWAY.into_response() };
    let (status, mut headers) = (answer.status(), answer.headers().clone());
    let Ok(body) = answer.bytes().await else { return StatusCode::BAD_GATEWAY.into_response() };
    pass_on(&mut headers);
    let mut whole = Response::new(Body::from(body));
    *whole.status_mut() = status;
    *whole.headers_mut() = headers;
    whole
}

/// Leaves out what is between two, and not of the message.
fn pass_on(headers: &mut HeaderMap) {
    for name in [CONNECTION, TRANSFER_ENCODING] {
        headers.remove(name);
    }
}
