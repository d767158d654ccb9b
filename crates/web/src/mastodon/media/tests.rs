//! Pictures, asked over HTTP.

use crate::mastodon::testing::{Answer, Door};
use alongside_domain::id::{MediaId, PostId};
use alongside_domain::post::Visibility;
use alongside_store::engine::Store;
use alongside_store::media;
use alongside_testkit::both_engines;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{Method, StatusCode};
use serde_json::{Value, json};

/// A green picture of one by one pixel.
const PNG: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNQaEgAAAHEAQHHmVStAAAAAElFTkSuQmCC";

async fn upload(door: &Door, path: &str, token: &str, file: &[u8], fields: &[(&str, &str)]) -> Answer {
    let mut body = Vec::new();
    for (name, text) in fields {
        let part = format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    if !file.is_empty() {
        body.extend_from_slice(
            b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.svg\"\r\n\r\n",
        );
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--x--\r\n");
    door.send(Method::POST, path, token, "multipart/form-data; boundary=x", body.into()).await
}

fn png() -> Vec<u8> {
    BASE64_STANDARD.decode(PNG).unwrap()
}

/// The path and query of an address of the node.
fn path(url: &Value) -> String {
    url.as_str().unwrap().strip_prefix("http://127.0.0.1:7100").unwrap().to_owned()
}

async fn attach(
    door: &Door,
    id: &Value,
    author: alongside_domain::id::MemberId,
    visibility: Visibility,
) -> PostId {
    let post = door.node.post_with(author.actor(), "a card", |post| post.visibility = visibility).await.id;
    let id: MediaId = id.as_str().unwrap().parse().unwrap();
    let mut tx = door.node.store().begin().await.unwrap();
    assert!(media::attach(&mut tx, author.actor(), post, &[id]).await.unwrap());
    tx.commit().await.unwrap();
    post
}

both_engines! {
    async fn the_picture_of_a_profile_can_be_looked_at(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let mut body = b"--x\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"a.png\"\r\n\r\n".to_vec();
        body.extend_from_slice(&png());
        body.extend_from_slice(b"\r\n--x--\r\n");
        let (kind, change) = ("multipart/form-data; boundary=x", "/api/v1/accounts/update_credentials");
        let me = door.send(Method::PATCH, change, &sam.token, kind, body.into()).await.ok();
        let shown = door.get(&path(&me["avatar"]), "").await;
        assert_eq!((shown.status, shown.header("content-type")), (StatusCode::OK, "image/png"));
        let page = door.get("/@sam", "").await;
        let page = String::from_utf8_lossy(&page.bytes).into_owned();
        assert!(page.contains(&format!("src=\"{}\"", path(&me["avatar"]))), "{page}");
    }

    async fn a_picture_is_taken_described_and_taken_back(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let said = [("description", "green card"), ("focus", "0.1,-0.2")];
        let taken = upload(&door, "/api/v2/media", &sam.token, &png(), &said).await.ok();
        assert_eq!((&taken["type"], &taken["description"]), (&json!("image"), &json!("green card")));
        assert_eq!(
            (&taken["meta"]["focus"]["y"], &taken["meta"]["original"]["width"]),
            (&json!(-0.2), &json!(1)),
        );
        let one = format!("/api/v1/media/{}", taken["id"].as_str().unwrap());
        let changed = door.put(&one, &sam.token, &json!({ "description": "a plain green card" })).await.ok();
        assert_eq!(
            (&changed["description"], &changed["meta"]["focus"]["x"]),
            (&json!("a plain green card"), &json!(0.1)),
        );
        assert_eq!(door.get(&one, &sam.token).await.ok()["description"], "a plain green card");
        assert_eq!(door.get(&one, &ada.token).await.status, StatusCode::NOT_FOUND, "it is nobody else's");
        let unclear = door.put(&one, &sam.token, &json!({ "focus": "left" })).await;
        assert_eq!(unclear.status, StatusCode::UNPROCESSABLE_ENTITY);
        door.delete(&one, &sam.token).await.ok();
        assert_eq!(door.get(&path(&taken["url"]), "").await.status, StatusCode::NOT_FOUND);
    }

    async fn what_is_no_picture_is_refused(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        for file in [&b""[..], b"<svg onload='alert(1)'/>"] {
            let answer = upload(&door, "/api/v1/media", &sam.token, file, &[]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let large = vec![0; door.node.app.settings().media_bytes_max + 1];
        let answer = upload(&door, "/api/v2/media", &sam.token, &large, &[]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "said in words, not cut off");
        let endless = vec![0; large.len() + super::FORM_BYTES_MAX];
        let answer = upload(&door, "/api/v2/media", &sam.token, &endless, &[]).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(upload(&door, "/api/v2/media", "", &png(), &[]).await.status, StatusCode::UNAUTHORIZED);
    }

    async fn a_picture_of_a_public_post_is_for_everybody_and_does_nothing_else(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let taken = upload(&door, "/api/v2/media", &sam.token, &png(), &[]).await.ok();
        attach(&door, &taken["id"], sam.member, Visibility::Public).await;
        let one = format!("/api/v1/media/{}", taken["id"].as_str().unwrap());
        let shown = door.get(&one, &sam.token).await.ok();
        assert!(!shown["url"].as_str().unwrap().contains('?'), "no signature is needed");
        for address in ["url", "preview_url"] {
            let file = door.get(&path(&shown[address]), "").await;
            assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, "image/png"));
            assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
            assert_eq!(file.header("x-content-type-options"), "nosniff");
            assert!(file.header("content-security-policy").contains("sandbox"));
            assert_eq!(file.header("content-length"), file.bytes.len().to_string());
            assert!(file.bytes.starts_with(b"\x89PNG"));
        }
        let delete = door.delete(&one, &sam.token).await;
        assert_eq!(delete.status, StatusCode::NOT_FOUND, "it goes with its post");
        assert_eq!(door.get("/media/../node.db", "").await.status, StatusCode::NOT_FOUND);
        assert_eq!(door.get("/media/..%2Fnode.db", "").await.status, StatusCode::NOT_FOUND);
    }

    async fn a_picture_of_a_private_post_has_an_address_that_runs_out(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let taken = upload(&door, "/api/v2/media", &sam.token, &png(), &[]).await.ok();
        attach(&door, &taken["id"], sam.member, Visibility::Direct).await;
        let shown = door.get(&format!("/api/v1/media/{}", taken["id"].as_str().unwrap()), &sam.token).await.ok();
        let signed = path(&shown["url"]);
        let (name, _) = signed.split_once('?').unwrap();
        let file = door.get(&signed, "").await;
        assert_eq!((file.status, file.header("cache-control")), (StatusCode::OK, "private, max-age=3600"));
        assert_eq!(door.get(name, "").await.status, StatusCode::NOT_FOUND);
        let forged = signed.replace("until=1", "until=2");
        assert_eq!(door.get(&forged, "").await.status, StatusCode::NOT_FOUND);
        door.node.clock.advance_secs(2 * 3_600);
        assert_eq!(door.get(&signed, "").await.status, StatusCode::NOT_FOUND);
    }
}
