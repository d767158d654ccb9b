//! What a status says, of a document and of a delivery.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::Uri;
use axum::routing::post;
use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderMap, StatusCode};
use tokio::net::TcpListener;

use super::{at, client, listen};
use crate::fetch::Answer;
use crate::fetch::error::{FetchError, Outage, Unreadable};

#[tokio::test]
async fn a_status_says_what_the_caller_can_do() {
    let router = Router::new().fallback(|uri: Uri| async move {
        let status = uri.path().trim_start_matches('/').parse().unwrap();
        (StatusCode::from_u16(status).unwrap(), [(http::header::RETRY_AFTER, "7")])
    });
    let address = listen(router).await;
    let client = client(address);
    let status =
        async |status: u16| client.get_document(&at(address, &format!("/{status}")), None).await.unwrap_err();
    assert!(matches!(status(404).await, FetchError::NotFound));
    assert!(matches!(status(410).await, FetchError::Gone));
    assert!(matches!(status(401).await, FetchError::Denied { status: 401 }));
    assert!(matches!(status(403).await, FetchError::Denied { status: 403 }));
    assert!(matches!(status(418).await, FetchError::Denied { status: 418 }));
    assert!(matches!(status(304).await, FetchError::NotActivity(Unreadable::Status(304))));
    for code in [408, 429, 500, 503] {
        let error = status(code).await;
        let wait = Some(Duration::from_secs(7));
        assert!(
            matches!(&error, FetchError::Unavailable { retry_after, .. } if *retry_after == wait),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn a_closed_port_is_unavailable() {
    let address = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let error =
        client(address).post(&at(address, "/inbox"), HeaderMap::new(), Bytes::new()).await.unwrap_err();
    let FetchError::Unavailable { outage: outage @ Outage::Connection(_), .. } = error else {
        panic!("{error:?}");
    };
    assert!(outage.told().starts_with("connection failed: Connection refused"), "{}", outage.told());
}

#[tokio::test]
async fn a_delivery_reports_the_status_and_follows_no_redirect() {
    let router = Router::new()
        .route(
            "/inbox",
            post(|headers: HeaderMap, body: String| async move {
                assert_eq!(headers["digest"], "SHA-256=x");
                assert_eq!(body, "{}");
                (StatusCode::TOO_MANY_REQUESTS, [(http::header::RETRY_AFTER, "30")])
            }),
        )
        .route("/moved", post(|| async { (StatusCode::PERMANENT_REDIRECT, [(LOCATION, "/inbox")]) }));
    let address = listen(router).await;
    let client = client(address);
    let headers = HeaderMap::from_iter([("digest".parse().unwrap(), "SHA-256=x".parse().unwrap())]);
    let answer = client.post(&at(address, "/inbox"), headers, Bytes::from_static(b"{}")).await.unwrap();
    assert_eq!(
        answer,
        Answer { status: StatusCode::TOO_MANY_REQUESTS, retry_after: Some(Duration::from_secs(30)) }
    );
    let answer = client.post(&at(address, "/moved"), HeaderMap::new(), Bytes::new()).await.unwrap();
    assert_eq!(answer.status, StatusCode::PERMANENT_REDIRECT);
}

#[tokio::test]
async fn deliveries_to_one_host_share_a_connection() {
    let ports = Arc::new(std::sync::Mutex::new(std::collections::BTreeSet::new()));
    let seen = Arc::clone(&ports);
    let router = Router::new().fallback(move |info: axum::extract::ConnectInfo<SocketAddr>| {
        seen.lock().unwrap().insert(info.0.port());
        async { (StatusCode::ACCEPTED, "thank you") }
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    let client = client(address);
    for _ in 0..5 {
        client.post(&at(address, "/inbox"), HeaderMap::new(), Bytes::new()).await.unwrap();
    }
    assert_eq!(ports.lock().unwrap().len(), 1);
}
