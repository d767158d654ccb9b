//! What every answer is like, whoever asks and whatever became of it.

use super::Node;
use crate::pages::statics::{AVATAR, HEADER};
use axum::body::Body;
use http::{Method, Request, StatusCode};

#[tokio::test]
async fn errors_are_json_for_clients_and_a_page_for_people() {
    let node = Node::new().await;
    for (path, status) in [
        ("/api/v1/no_such_endpoint", StatusCode::NOT_FOUND),
        ("/api/v1/preferences", StatusCode::UNAUTHORIZED),
    ] {
        let answer = node.get(path).await;
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.json()["error"].is_string(), "{path}");
    }
    assert_eq!(
        node.get("/api/v2/instance/").await.status,
        StatusCode::OK,
        "a slash at the end means nothing"
    );
    let wrong_method = node.send(Request::delete("/api/v1/apps").body(Body::empty()).unwrap()).await;
    assert_eq!(wrong_method.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(wrong_method.json()["error"].is_string());
    let page = node.get("/no-such-page").await;
    assert_eq!(
        (page.status, page.header("content-type")),
        (StatusCode::NOT_FOUND, "text/html; charset=utf-8")
    );
    assert!(page.text.contains("Urgent help"));
}

#[tokio::test]
async fn web_clients_of_other_sites_may_call_the_api_and_nothing_else() {
    let node = Node::new().await;
    let ask = |path: &str| {
        Request::builder()
            .method(Method::OPTIONS)
            .uri(path)
            .header("origin", "https://client.example")
            .header("access-control-request-method", "PATCH")
            .header("access-control-request-headers", "authorization,idempotency-key")
            .body(Body::empty())
            .unwrap()
    };
    for path in ["/api/v1/apps", "/api/v1/unknown", "/oauth/token", "/oauth/revoke", "/.well-known/host-meta"]
    {
        let answer = node.send(ask(path)).await;
        assert_eq!(
            (answer.status, answer.header("access-control-allow-origin")),
            (StatusCode::OK, "*"),
            "{path}"
        );
        assert_eq!(answer.header("access-control-allow-headers"), "authorization,idempotency-key");
        assert!(answer.header("access-control-allow-methods").contains("PATCH"));
    }
    let page = node.send(ask("/oauth/authorize")).await;
    assert_eq!(page.header("access-control-allow-origin"), "");
    let read = node
        .send(Request::get("/api/v2/instance").header("origin", "https://x").body(Body::empty()).unwrap())
        .await;
    assert!(read.header("access-control-expose-headers").contains("link"));
}

#[tokio::test]
async fn web_clients_may_use_the_pictures_of_accounts_that_have_none() {
    let node = Node::new().await;
    for path in [AVATAR, HEADER] {
        let ask = Request::get(path).header("origin", "https://client.example").body(Body::empty());
        let answer = node.send(ask.unwrap()).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "image/png"), "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert!(path.ends_with("/original/missing.png"), "clients know by this that there is none: {path}");
    }
    assert_eq!(node.get("/static/nothing.png").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_answer_has_an_id_and_careful_headers() {
    let node = Node::new().await;
    for path in ["/", "/api/v2/instance", "/api/v1/nothing", "/static/style.css", "/oauth/authorize"] {
        let answer = node.get(path).await;
        assert_eq!(answer.header("x-request-id").len(), 16, "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert!(!answer.header("cache-control").is_empty(), "{path}");
    }
}
