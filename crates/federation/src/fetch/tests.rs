//! The client against servers on loopback: one honest and named, one a canary nobody named.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::Uri;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use futures_util::{StreamExt, stream};
use tokio::net::TcpListener;

use super::*;
use crate::fetch::shape::is_activity_type;

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

#[tokio::test]
async fn a_document_is_fetched_with_our_name_and_a_signature() {
    let router = Router::new().fallback(|headers: HeaderMap, uri: Uri| async move {
        assert_eq!(headers["user-agent"], "alongside-test");
        assert_eq!(headers["accept"], ACTIVITY.accept);
        let host = headers["host"].to_str().unwrap();
        assert_eq!(headers["signature"], format!("GET http://{host}{uri}"));
        document(&format!("http://{host}{uri}"))
    });
    let address = listen(router).await;
    let sign = |method: &Method, url: &Url| {
        HeaderMap::from_iter([("signature".parse().unwrap(), format!("{method} {url}").parse().unwrap())])
    };
    let fetched = client(address).get_document(&at(address, "/users/a#main-key"), Some(&sign)).await.unwrap();
    assert_eq!(fetched.url, at(address, "/users/a"));
    assert_eq!(fetched.json["type"], "Note");
}

#[tokio::test]
async fn every_redirect_is_signed_for_its_own_url() {
    let router =
        Router::new().route("/old", get(|| async { (StatusCode::FOUND, [(LOCATION, "/new")]) })).route(
            "/new",
            get(|headers: HeaderMap| async move {
                assert_eq!(headers["signature"], "/new");
                document(&format!("http://{}/new", headers["host"].to_str().unwrap()))
            }),
        );
    let address = listen(router).await;
    let sign = |_: &Method, url: &Url| {
        HeaderMap::from_iter([("signature".parse().unwrap(), url.path().parse().unwrap())])
    };
    let fetched = client(address).get_document(&at(address, "/old"), Some(&sign)).await.unwrap();
    assert_eq!(fetched.url, at(address, "/new"));
}

#[tokio::test]
async fn cve_2025_25194_a_host_nobody_named_is_never_contacted() {
    let (canary, hits) = canary().await;
    let address = redirects(StatusCode::FOUND, move |_| at(canary, "/").into()).await;
    let client = client(address);
    let refused = |error| assert!(matches!(error, FetchError::Refused(Refusal::Host)), "{error:?}");
    refused(client.get_document(&at(canary, "/"), None).await.unwrap_err());
    refused(client.get_document(&at(address, "/"), None).await.unwrap_err());
    refused(client.get_jrd(&at(address, "/")).await.unwrap_err());
    refused(client.get_json(&at(address, "/")).await.unwrap_err());
    refused(client.post(&at(canary, "/"), HeaderMap::new(), Bytes::new()).await.unwrap_err());
    assert_eq!(hits.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn cve_2026_22245_a_name_that_resolves_to_this_machine_is_refused() {
    let (canary, hits) = canary().await;
    let url = Url::parse(&format!("https://localhost:{}/", canary.port())).unwrap();
    let client = client(canary);
    for error in [
        client.get_document(&url, None).await.unwrap_err(),
        client.post(&url, HeaderMap::new(), Bytes::new()).await.unwrap_err(),
    ] {
        assert!(matches!(error, FetchError::Refused(Refusal::PrivateAddress { .. })), "{error:?}");
    }
    assert_eq!(hits.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn cve_2024_39687_a_redirect_to_a_name_of_this_machine_or_to_another_scheme_is_refused() {
    for target in
        ["https://localhost/", "http://localhost/", "file:///etc/hosts", "https://user:word@example.com/"]
    {
        let address = redirects(StatusCode::TEMPORARY_REDIRECT, |_| target.to_owned()).await;
        let (client, url) = (client(address), at(address, "/"));
        for error in [
            client.get_document(&url, None).await.unwrap_err(),
            client.get_jrd(&url).await.unwrap_err(),
            client.get_json(&url).await.unwrap_err(),
        ] {
            assert!(matches!(error, FetchError::Refused(_)), "{target}: {error:?}");
        }
    }
}

#[tokio::test]
async fn cve_2025_23221_redirects_are_followed_three_times() {
    // `/hop/xx` leads to `/hop/x`, that to `/hop/`, and that to the end.
    let hop = |uri: Uri| async move {
        let next = uri.path().strip_suffix('x').unwrap_or("/end").to_owned();
        (StatusCode::MOVED_PERMANENTLY, [(LOCATION, next)])
    };
    let router = Router::new().route("/hop/", get(hop)).route("/hop/{left}", get(hop)).route(
        "/end",
        get(|headers: HeaderMap| async move {
            document(&format!("http://{}/end", headers["host"].to_str().unwrap()))
        }),
    );
    let address = listen(router).await;
    let client = client(address);
    assert!(client.get_document(&at(address, "/hop/xx"), None).await.is_ok());
    let too_far = at(address, "/hop/xxx");
    for error in [
        client.get_document(&too_far, None).await.unwrap_err(),
        client.get_jrd(&too_far).await.unwrap_err(),
        client.get_json(&too_far).await.unwrap_err(),
    ] {
        assert!(matches!(error, FetchError::Refused(Refusal::TooManyRedirects)), "{error:?}");
    }
}

#[tokio::test]
async fn cve_2024_25623_only_a_promise_of_activitypub_is_read_as_a_document() {
    for content_type in ["application/json", "text/html", "application/ld+json", ""] {
        let address = one_answer(content_type, "{}".to_owned()).await;
        let error = client(address).get_document(&at(address, "/"), None).await.unwrap_err();
        assert!(
            matches!(error, FetchError::NotActivity(Unreadable::ContentType(_))),
            "{content_type}: {error:?}"
        );
    }
}

#[test]
fn content_types_that_promise_activitypub() {
    let profile = r#"application/ld+json; profile="https://www.w3.org/ns/activitystreams""#;
    assert!(is_activity_type(profile));
    assert!(is_activity_type(&format!("{profile}; charset=utf-8")));
    assert!(is_activity_type("Application/Activity+JSON; charset=utf-8"));
    assert!(!is_activity_type(
        r#"application/ld+json; profile="https://www.w3.org/ns/activitystreams.evil""#
    ));
    assert!(!is_activity_type(r#"application/ld+json; see="https://www.w3.org/ns/activitystreams""#));
    assert!(!is_activity_type("text/plain; application/activity+json"));
}

#[tokio::test]
async fn a_webfinger_answer_and_nodeinfo_are_plain_json() {
    let address = one_answer("application/jrd+json", "{}".to_owned()).await;
    assert!(client(address).get_jrd(&at(address, "/")).await.is_ok());
    let address = one_answer("application/json; charset=utf-8", "{}".to_owned()).await;
    assert!(client(address).get_json(&at(address, "/")).await.is_ok());
    let address = one_answer("text/html", "{}".to_owned()).await;
    assert!(matches!(
        client(address).get_json(&at(address, "/")).await,
        Err(FetchError::NotActivity(Unreadable::ContentType(_)))
    ));
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_declared_or_not() {
    let limits = Limits { body_bytes_max: 1000, ..Limits::default() };
    let endless = || async {
        let chunks = stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(&[b' '; 100])));
        ([(CONTENT_TYPE, ACTIVITY_JSON)], Body::from_stream(chunks))
    };
    for router in [
        Router::new().fallback(|| async { ([(CONTENT_TYPE, ACTIVITY_JSON)], " ".repeat(1001)) }),
        Router::new().fallback(endless),
    ] {
        let address = listen(router).await;
        let error = client_with(address, limits).get_document(&at(address, "/"), None).await.unwrap_err();
        assert!(matches!(error, FetchError::Refused(Refusal::TooLarge)), "{error:?}");
    }
}

#[tokio::test]
async fn cve_2025_32949_a_compressed_body_is_measured_after_decompression() {
    let bomb: &[u8] = &GZIPPED_SPACES;
    let router = Router::new().fallback(move || async move {
        ([(CONTENT_TYPE, ACTIVITY_JSON), (http::header::CONTENT_ENCODING, "gzip")], bomb)
    });
    let address = listen(router).await;
    let limits = Limits { body_bytes_max: 50_000, ..Limits::default() };
    let error = client_with(address, limits).get_document(&at(address, "/"), None).await.unwrap_err();
    assert!(matches!(error, FetchError::Refused(Refusal::TooLarge)), "{error:?}");
}

#[tokio::test]
async fn cve_2023_36461_a_server_that_drips_or_stays_silent_meets_the_deadline() {
    let limits = Limits { deadline: Duration::from_millis(50), ..Limits::default() };
    let stalls = || async {
        let chunks =
            stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"{"))]).chain(stream::pending());
        ([(CONTENT_TYPE, ACTIVITY_JSON)], Body::from_stream(chunks))
    };
    let silent = || std::future::pending::<StatusCode>();
    for router in [Router::new().fallback(stalls), Router::new().fallback(silent)] {
        let address = listen(router).await;
        let error = client_with(address, limits).get_document(&at(address, "/"), None).await.unwrap_err();
        assert!(matches!(error, FetchError::Unavailable { outage: Outage::Deadline, .. }), "{error:?}");
        assert!(error.is_temporary());
    }
}

#[tokio::test]
async fn cve_2024_23832_a_document_under_another_id_is_asked_for_once_more_at_that_id() {
    let address = documents().await;
    let client = client(address);
    let fetched = client.get_document(&at(address, "/as/users/a"), None).await.unwrap();
    assert_eq!(fetched.url, at(address, "/users/a"));
    let error = client.get_document(&at(address, "/as/as/users/a"), None).await.unwrap_err();
    assert!(matches!(error, FetchError::Mismatch { claimed: Some(_), .. }), "{error:?}");
}

#[tokio::test]
async fn cve_2024_23832_a_document_that_claims_another_origin_is_refused_without_asking_there() {
    let (canary, hits) = canary().await;
    let body = serde_json::json!({ "id": at(canary, "/"), "type": "Note" }).to_string();
    let address = one_answer(ACTIVITY_JSON, body).await;
    let limits = Limits::default();
    let insecure_hosts = vec![address.to_string(), canary.to_string()];
    let client = Client::new(&Settings { user_agent: "t".to_owned(), insecure_hosts, limits }).unwrap();
    let error = client.get_document(&at(address, "/"), None).await.unwrap_err();
    assert!(matches!(error, FetchError::Mismatch { claimed: Some(_), .. }), "{error:?}");
    assert_eq!(hits.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_document_without_an_id_is_a_mismatch() {
    for body in ["{}", r#"{"id":null}"#, r#"{"id":7}"#, "[]", "\"x\""] {
        let address = one_answer(ACTIVITY_JSON, body.to_owned()).await;
        let error = client(address).get_document(&at(address, "/"), None).await.unwrap_err();
        assert!(matches!(error, FetchError::Mismatch { claimed: None, .. }), "{body}: {error:?}");
    }
}

#[tokio::test]
async fn what_is_not_json_or_nests_too_deep_is_unreadable() {
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    for body in [deep, "<html>".to_owned(), String::new(), "{\"id\":".to_owned()] {
        let address = one_answer(ACTIVITY_JSON, body).await;
        let error = client(address).get_document(&at(address, "/"), None).await.unwrap_err();
        assert!(matches!(error, FetchError::NotActivity(Unreadable::Json(_))), "{error:?}");
    }
}

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
    assert!(matches!(error, FetchError::Unavailable { outage: Outage::Connection(_), .. }), "{error:?}");
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

/// 100 000 spaces, gzipped.
const GZIPPED_SPACES: [u8; 133] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 237, 193, 49, 1, 0, 0, 0, 194, 160, 42, 235, 159, 210, 26, 30, 64, 1, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 175, 6, 45, 240, 121, 202,
    160, 134, 1, 0,
];
