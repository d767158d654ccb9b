//! What is counted, and what is said to whoever asks too often.

use super::{CALLBACK, Node};
use alongside_domain::clock::Timestamp;
use http::StatusCode;
use serde_json::json;

#[tokio::test]
async fn requests_are_counted() {
    let node = Node::with(2).await;
    let first = node.get("/api/v1/custom_emojis").await;
    assert_eq!((first.header("x-ratelimit-limit"), first.header("x-ratelimit-remaining")), ("2", "1"));
    assert!(Timestamp::parse(first.header("x-ratelimit-reset")).is_some());
    node.get("/api/v1/custom_emojis").await;
    let third = node.get("/api/v1/custom_emojis").await;
    assert_eq!((third.status, third.header("x-ratelimit-remaining")), (StatusCode::TOO_MANY_REQUESTS, "0"));
    assert!(third.json()["error"].is_string() && !third.header("retry-after").is_empty());
}

#[tokio::test]
async fn the_tokens_of_an_application_share_a_budget() {
    let node = Node::with(5).await;
    let (id, secret) = node.register().await;
    let body = json!({ "grant_type": "client_credentials", "client_id": id, "client_secret": secret });
    let mut tokens = Vec::new();
    for _ in 0..2 {
        let given = node.post("/oauth/token", &body).await.json();
        tokens.push(given["access_token"].as_str().unwrap().to_owned());
    }
    for (token, left) in [(&tokens[0], "1"), (&tokens[1], "0")] {
        assert_eq!(node.get_with("/api/v1/custom_emojis", token).await.header("x-ratelimit-remaining"), left);
    }
    let status = node.get_with("/api/v1/custom_emojis", &tokens[0]).await.status;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn visits_are_counted() {
    let node = Node::with(2).await;
    for _ in 0..10 {
        assert_eq!(node.get("/").await.status, StatusCode::OK);
        assert_eq!(node.get("/actors/nobody").await.status, StatusCode::NOT_FOUND);
    }
    let last = node.get("/").await;
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(last.text.contains("One moment") && !last.header("retry-after").is_empty(), "{}", last.text);
    for path in ["/posts/1", "/.well-known/webfinger?resource=acct:a@b", "/.well-known/host-meta"] {
        assert_eq!(node.get(path).await.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
    }
    for path in ["/health", "/api/v2/instance"] {
        assert_eq!(node.get(path).await.status, StatusCode::OK, "{path} has nothing to do with it");
    }
    assert_eq!(node.get("/media/nothing.png").await.status, StatusCode::NOT_FOUND, "pictures come in dozens");
}

#[tokio::test]
async fn registrations_are_counted() {
    let node = Node::new().await;
    let body = json!({ "client_name": "Walk", "redirect_uris": CALLBACK });
    for _ in 0..3 {
        assert_eq!(node.post("/api/v1/apps", &body).await.status, StatusCode::OK);
    }
    assert_eq!(node.post("/api/v1/apps", &body).await.status, StatusCode::TOO_MANY_REQUESTS);
}
