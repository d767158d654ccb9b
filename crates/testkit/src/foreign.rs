//! A foreign server on loopback: it serves what it is told to, takes what it is sent, and writes down what it is asked.

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// How documents of the protocol are declared.
pub const ACTIVITY_JSON: &str = "application/activity+json";
/// What a judge says where a delivery is not to be answered at all.
pub const SILENCE: StatusCode = StatusCode::CONTINUE;
/// Bytes of a request that are read.
const BODY_BYTES_MAX: usize = 1 << 22;

/// A request that the server got.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Its method.
    pub method: Method,
    /// Its path, with the query.
    pub path: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

/// What a delivery is answered with.
pub type Judge = fn(&Asked) -> StatusCode;

/// Makes a document for a path where none was put, of the server's own address and the path.
pub type Maker = fn(&str, &str) -> Option<Value>;

/// A foreign server.
#[derive(Debug)]
pub struct Server {
    /// Its address and port.
    pub address: String,
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Shared {
    base: String,
    documents: Mutex<HashMap<String, (String, String)>>,
    asked: Mutex<Vec<Asked>>,
    judge: Mutex<Option<Judge>>,
    maker: Mutex<Option<Maker>>,
}

impl Server {
    /// One behind a door of its own.
    pub async fn open() -> Self {
        Self::behind(TcpListener::bind("127.0.0.1:0").await.expect("a loopback port"))
    }

    /// One behind this door.
    pub fn behind(door: TcpListener) -> Self {
        let address = door.local_addr().expect("a bound door has an address").to_string();
        let shared = Arc::new(Shared { base: format!("http://{address}"), ..Shared::default() });
        let answering = Arc::clone(&shared);
        let router = Router::new().fallback(move |request: Request| {
            let shared = Arc::clone(&answering);
            async move { shared.answer(request).await }
        });
        let serving =
            tokio::spawn(async move { axum::serve(door, router).await.expect("the door stays open") });
        Self { address, shared, serving }
    }

    /// An address of its.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.shared.base)
    }

    /// Serves a document under its own id.
    pub fn serve(&self, document: &Value) {
        let id = document["id"].as_str().expect("the document has an id");
        let path = id.strip_prefix(&self.shared.base).expect("the document lies here");
        self.serve_as(path, ACTIVITY_JSON, document.to_string());
    }

    /// Serves a text at a path.
    pub fn serve_as(&self, path: &str, content_type: &str, body: String) {
        held(&self.shared.documents).insert(path.to_owned(), (content_type.to_owned(), body));
    }

    /// Serves nothing there any more.
    pub fn forget(&self, path: &str) {
        held(&self.shared.documents).remove(path);
    }

    /// Makes documents when they are asked for, where none was put.
    pub fn make(&self, maker: Maker) {
        *held(&self.shared.maker) = Some(maker);
    }

    /// Decides about each delivery.
    pub fn judge(&self, judge: Judge) {
        *held(&self.shared.judge) = Some(judge);
    }

    /// What it was asked since this was last called.
    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut *held(&self.shared.asked))
    }

    /// Everything that it was asked and sent since then, path and body, which stays written down.
    pub fn heard(&self) -> Vec<String> {
        let asked = held(&self.shared.asked);
        asked.iter().map(|asked| format!("{} {}", asked.path, String::from_utf8_lossy(&asked.body))).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Shared {
    async fn answer(&self, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, BODY_BYTES_MAX).await.expect("a body of a test");
        let (whole, path) = (parts.uri.to_string(), parts.uri.path().to_owned());
        let asked = Asked { method: parts.method, path: whole.clone(), headers: parts.headers, body };
        let judge = *held(&self.judge);
        let is_delivery = asked.method == Method::POST;
        let status = judge.filter(|_| is_delivery).map_or(StatusCode::ACCEPTED, |judge| judge(&asked));
        held(&self.asked).push(asked);
        if is_delivery {
            if status == SILENCE {
                std::future::pending::<()>().await;
            }
            return status.into_response();
        }
        let put = held(&self.documents).get(&whole).cloned();
        let made = || {
            let made = held(&self.maker).and_then(|maker| maker(&self.base, &path))?;
            Some((ACTIVITY_JSON.to_owned(), made.to_string()))
        };
        match put.or_else(made) {
            Some((content_type, body)) => ([(CONTENT_TYPE, content_type)], body).into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        }
    }
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
