//! What is taken for a document, and for which.

use axum::Router;
use axum::http::Uri;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method};
use std::sync::atomic::Ordering;
use url::Url;

use super::{ACTIVITY_JSON, at, canary, client, document, documents, listen, one_answer};
use crate::fetch::error::{FetchError, Unreadable};
use crate::fetch::shape::{ACTIVITY, is_activity_type};
use crate::fetch::{Client, Limits, Settings};

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
    let nameless = [r#"{"type":"Note"}"#, r#"{"type":"OrderedCollection"}"#];
    for body in ["{}", r#"{"id":null}"#, r#"{"id":7}"#, "[]", "\"x\""].into_iter().chain(nameless) {
        let address = one_answer(ACTIVITY_JSON, body.to_owned()).await;
        let error = client(address).get_document(&at(address, "/"), None).await.unwrap_err();
        assert!(matches!(error, FetchError::Mismatch { claimed: None, .. }), "{body}: {error:?}");
    }
}

#[tokio::test]
async fn a_list_needs_no_id_of_its_own_and_nothing_else_goes_without() {
    let router = Router::new().fallback(|headers: HeaderMap, uri: Uri| async move {
        let mut document = serde_json::json!({ "orderedItems": [] });
        let (kind, id) = uri.path()[1..].split_once('/').unwrap();
        document["type"] = kind.into();
        match id {
            "none" => {}
            "abroad" => document["id"] = "https://abroad.example/replies".into(),
            near => document["id"] = format!("http://{}/{near}", headers["host"].to_str().unwrap()).into(),
        }
        ([(CONTENT_TYPE, ACTIVITY_JSON)], document.to_string())
    });
    let address = listen(router).await;
    for (path, is_read) in [
        ("/OrderedCollection/none", true),
        ("/OrderedCollection/near", true),
        ("/OrderedCollection/abroad", false),
        ("/Note/none", false),
        ("/Note/near", false),
    ] {
        let read = client(address).get_list(&at(address, path), None).await;
        match read {
            Ok(list) => assert!(is_read && list.url == at(address, path), "{path}"),
            Err(error) => {
                assert!(!is_read && matches!(error, FetchError::Mismatch { .. }), "{path}: {error:?}");
            }
        }
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
