//! What the node says of itself: what it is, and whether it can work.

use super::Node;
use http::StatusCode;
use serde_json::json;

#[tokio::test]
async fn a_node_says_what_it_is() {
    let node = Node::with_sam().await;
    let two = node.get("/api/v2/instance").await.json();
    assert!(two["version"].as_str().unwrap().starts_with("4.7.0 (compatible; Alongside"));
    assert_eq!((&two["domain"], &two["api_versions"]["mastodon"]), (&json!("127.0.0.1:7101"), &json!(6)));
    assert_eq!(two["source_url"], "http://127.0.0.1:7101", "nobody has said where it is");
    assert_eq!(two["configuration"]["urls"]["streaming"], "ws://127.0.0.1:7101");
    assert_eq!(two["configuration"]["timelines_access"]["live_feeds"]["remote"], "public");
    assert_eq!(two["configuration"]["limited_federation"], false, "it talks with whoever talks with it");
    let one = node.get("/api/v1/instance").await.json();
    assert_eq!((&one["stats"]["user_count"], &one["title"]), (&json!(1), &json!("Night owls")));
    assert!(
        node.get("/.well-known/host-meta").await.text.contains("http://127.0.0.1:7101/.well-known/webfinger")
    );
}

#[tokio::test]
async fn a_node_without_its_database_is_alive_and_not_ready() {
    let node = Node::new().await;
    assert_eq!(node.get("/ready").await.status, StatusCode::OK);
    node.app.store().close().await;
    assert_eq!(node.get("/health").await.status, StatusCode::OK);
    let ready = node.get("/ready").await;
    assert_eq!((ready.status, ready.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "5"));
    assert_eq!(node.get("/api/v2/instance").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(node.get("/urgent-help").await.status, StatusCode::OK, "help is there when nothing else is");
}
