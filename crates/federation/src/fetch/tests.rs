//! The client against servers on loopback: one honest and named, one a canary nobody named.

mod answers;
mod bounds;
mod documents;
mod hosts;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::http::Uri;
use axum::response::IntoResponse;
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderMap, StatusCode};
use tokio::net::TcpListener;
use url::Url;

use crate::fetch::{Client, Limits, Settings};

const ACTIVITY_JSON: &str = "application/activity+json";

async fn listen(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

fn client(address: SocketAddr) -> Client {
    client_with(address, Limits::default())
}

fn client_with(address: SocketAddr, limits: Limits) -> Client {
    let insecure_hosts = vec![address.to_string()];
    Client::new(&Settings { user_agent: "alongside-test".to_owned(), insecure_hosts, limits }).unwrap()
}

fn at(address: SocketAddr, path: &str) -> Url {
    Url::parse(&format!("http://{address}{path}")).unwrap()
}

/// A server that answers every path with one body of one content type.
async fn one_answer(content_type: &'static str, body: String) -> SocketAddr {
    listen(Router::new().fallback(move || async move { ([(CONTENT_TYPE, content_type)], body) })).await
}

/// A server whose documents carry as `id` the path after `/as`, or their own URL.
async fn documents() -> SocketAddr {
    let router = Router::new().fallback(|headers: HeaderMap, uri: Uri| async move {
        let host = headers["host"].to_str().unwrap();
        let path = uri.path().strip_prefix("/as").unwrap_or(uri.path());
        document(&format!("http://{host}{path}"))
    });
    listen(router).await
}

fn document(id: &str) -> impl IntoResponse + use<> {
    ([(CONTENT_TYPE, ACTIVITY_JSON)], serde_json::json!({ "id": id, "type": "Note" }).to_string())
}

async fn redirects(
    status: StatusCode,
    to: impl Fn(&Uri) -> String + Clone + Send + Sync + 'static,
) -> SocketAddr {
    listen(Router::new().fallback(move |uri: Uri| {
        let location = to(&uri);
        async move { (status, [(LOCATION, location)]) }
    }))
    .await
}

async fn canary() -> (SocketAddr, Arc<AtomicUsize>) {
    let hits = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&hits);
    let router = Router::new().fallback(move || {
        counted.fetch_add(1, Ordering::SeqCst);
        async { document("http://canary/") }
    });
    (listen(router).await, hits)
}
