//! The same values, whichever way a client sends them.

use super::*;
use axum::Router;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::routing::post;
use serde::Deserialize;
use tower::ServiceExt as _;

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Asked {
    status: String,
    media_ids: Vec<i64>,
    #[serde(deserialize_with = "blank")]
    in_reply_to_id: Option<i64>,
    poll: Option<Poll>,
}

impl Files for Asked {
    const FILES: &'static [&'static str] = &["file", "empty"];
}

#[derive(Debug, PartialEq, Deserialize)]
struct Poll {
    options: Vec<String>,
    #[serde(default)]
    multiple: bool,
}

fn request(uri: &str, kind: &str, body: &str) -> Request {
    Request::post(uri).header(CONTENT_TYPE, kind).body(Body::from(body.to_owned())).unwrap()
}

async fn read(request: Request) -> Result<Asked, Error> {
    request.extract::<Params<Asked>, _>().await.map(|Params(asked)| asked)
}

fn multipart(parts: &[(&str, &str)]) -> Request {
    let part =
        |name, text| format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n");
    let parts: Vec<String> = parts.iter().map(|(name, text)| part(name, text)).collect();
    request("/", "multipart/form-data; boundary=x", &format!("{}--x--\r\n", parts.concat()))
}

#[tokio::test]
async fn query_form_multipart_and_json_say_the_same() {
    let wanted = Asked {
        status: "hi & bye".to_owned(),
        media_ids: vec![1, 2],
        in_reply_to_id: None,
        poll: Some(Poll { options: vec!["tea".to_owned(), "coffee".to_owned()], multiple: true }),
    };
    let form = "status=hi+%26+bye&media_ids[]=1&media_ids%5B%5D=2&poll[options][]=tea&poll[options][]=coffee\
                &poll[multiple]=1&in_reply_to_id=";
    let json =
        r#"{"status":"hi & bye","media_ids":["1",2],"poll":{"options":["tea","coffee"],"multiple":true}}"#;
    let parts = [
        ("status", "hi & bye"),
        ("media_ids[]", "1"),
        ("media_ids[]", "2"),
        ("poll[options][]", "tea"),
        ("poll[options][]", "coffee"),
        ("poll[multiple]", "true"),
    ];
    for request in [
        request(&format!("/?{form}"), "", ""),
        request("/", "application/x-www-form-urlencoded; charset=utf-8", form),
        request("/?status=not+this", "application/json", json),
        multipart(&parts),
    ] {
        assert_eq!(read(request).await.unwrap(), wanted);
    }
}

fn with_files() -> Request {
    let body = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n\u{1}\u{2}\r\n\
                --x\r\nContent-Disposition: form-data; name=\"empty\"; filename=\"\"\r\n\r\n\r\n\
                --x\r\nContent-Disposition: form-data; name=\"status\"\r\n\r\nhi\r\n--x--\r\n";
    request("/", "multipart/form-data; boundary=x", body)
}

#[tokio::test]
async fn a_file_is_kept_apart_from_the_values() {
    let mut uploads: Uploads<Asked> = with_files().extract().await.unwrap();
    assert_eq!(uploads.values.status, "hi");
    assert_eq!(uploads.take("file").as_deref(), Some(&[1, 2][..]));
    assert_eq!(uploads.take("empty"), None);
}

#[tokio::test]
async fn files_take_room_until_nobody_needs_them() {
    let room = Room::of(3);
    let ask = async || {
        let mut request = with_files();
        request.extensions_mut().insert(room.clone());
        request.extract::<Uploads<Asked>, _>().await
    };
    let mut first = ask().await.unwrap();
    assert_eq!(ask().await.unwrap_err().status(), StatusCode::SERVICE_UNAVAILABLE);
    let file = first.take("file").unwrap();
    drop(first);
    assert!(ask().await.is_err(), "somebody is still at work with it");
    drop(file);
    assert!(ask().await.is_ok());
}

#[tokio::test]
async fn where_files_may_be_large_the_values_may_not() {
    let large = "x".repeat(VALUES_BYTES_MAX);
    let router: Router = Router::new()
        .route("/", post(async |Params(asked): Params<Asked>| asked.status))
        .layer(DefaultBodyLimit::max(10 * VALUES_BYTES_MAX));
    for request in [
        request("/", "application/json", &format!(r#"{{"status":"{large}"}}"#)),
        request("/", "application/x-www-form-urlencoded", &format!("status={large}")),
        multipart(&[("status", "x"), ("title", large.as_str())]),
    ] {
        let answer = router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }
}

#[tokio::test]
async fn an_id_that_cannot_be_ours_names_nothing() {
    #[derive(Debug, Deserialize)]
    struct Ids {
        #[serde(default, deserialize_with = "known")]
        id: Vec<i64>,
    }
    for (query, ids) in [("id[]=7&id[]=x&id[]=", vec![7]), ("id=8", vec![8]), ("", vec![])] {
        let request = request(&format!("/?{query}"), "", "");
        let Params(read) = request.extract::<Params<Ids>, _>().await.unwrap();
        assert_eq!(read.id, ids, "{query}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_with_its_status() {
    for (request, status) in [
        (request("/", "application/json", "{"), StatusCode::BAD_REQUEST),
        (request("/", "application/json", r#"{"media_ids":["x"]}"#), StatusCode::UNPROCESSABLE_ENTITY),
        (request("/", "text/csv", "a,b"), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (request("/", "multipart/form-data", "a"), StatusCode::BAD_REQUEST),
        (request("/", "multipart/form-data; boundary=x", "--x\r\nbroken"), StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(read(request).await.unwrap_err().status(), status);
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_too_large() {
    let router: Router = Router::new()
        .route("/", post(async |Params(asked): Params<Asked>| asked.status))
        .layer(DefaultBodyLimit::max(10));
    for kind in ["application/json", "multipart/form-data; boundary=x"] {
        let answer = router.clone().oneshot(request("/", kind, "--x and much more")).await.unwrap();
        assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE, "{kind}");
    }
}
