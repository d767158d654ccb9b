//! How much of our time and memory a server may take.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::StatusCode;
use http::header::CONTENT_TYPE;

use super::{ACTIVITY_JSON, at, client_with, listen};
use crate::fetch::Limits;
use crate::fetch::error::{FetchError, Outage};
use crate::fetch::guard::Refusal;

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

/// 100 000 spaces, gzipped.
const GZIPPED_SPACES: [u8; 133] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 237, 193, 49, 1, 0, 0, 0, 194, 160, 42, 235, 159, 210, 26, 30, 64, 1, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 175, 6, 45, 240, 121, 202,
    160, 134, 1, 0,
];
