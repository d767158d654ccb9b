//! Who is asked at all, also where a redirect leads.

use std::sync::atomic::Ordering;

use axum::Router;
use axum::http::Uri;
use axum::routing::get;
use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderMap, Method, StatusCode};
use url::Url;

use super::{at, canary, client, document, listen, redirects};
use crate::fetch::error::FetchError;
use crate::fetch::guard::Refusal;

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
