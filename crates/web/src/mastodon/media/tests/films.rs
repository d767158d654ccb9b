//! Films, which a worker makes ready.

use super::{avatar, path, send, upload};
use crate::mastodon::testing::Door;
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use axum::body::Body;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use std::process::Command;

/// A film of a second; none, saying so, where the programs that make it are not installed.
fn film(door: &Door) -> Option<Vec<u8>> {
    let Some(tools) = &door.node.app.settings().media.films else {
        eprintln!("skipped: ffmpeg is not installed; `./dev test` installs it");
        return None;
    };
    let file = door.node.folder().join("film.mp4");
    let made_of = ["-f", "lavfi", "-i", "testsrc=duration=1:size=640x360:rate=10", "-c:v", "mpeg4"];
    let status = Command::new(tools.path())
        .args(["-nostdin", "-v", "error"])
        .args(made_of)
        .arg(&file)
        .status()
        .unwrap();
    assert!(status.success());
    Some(std::fs::read(file).unwrap())
}

both_engines! {
    async fn a_film_keeps_the_picture_that_was_chosen_for_it(store: Store) {
        let door = Door::new(store);
        let Some(film) = film(&door) else { return };
        let sam = door.persona("sam").await;
        let files = [("file", &*film), ("thumbnail", &*avatar())];
        let taken = send(&door, Method::POST, "/api/v2/media", &sam.token, &files, &[]).await;
        assert_eq!(taken.status, StatusCode::ACCEPTED);
        let one = format!("/api/v1/media/{}", taken.json()["id"].as_str().unwrap());
        alongside_federation::worker::drain(&door.federation).await.unwrap();
        let ready = door.get(&one, &sam.token).await.ok();
        let first = door.get(&path(&ready["preview_url"]), "").await;
        assert_eq!((first.header("content-type"), &ready["blurhash"]), ("image/png", &taken.json()["blurhash"]));
        let plain = upload(&door, "/api/v1/media", &sam.token, &film, &[]).await.ok();
        assert_eq!(door.get(&path(&plain["preview_url"]), "").await.header("content-type"), "image/jpeg");
    }

    async fn a_film_is_accepted_then_made_ready_by_a_worker(store: Store) {
        let door = Door::new(store);
        let Some(film) = film(&door) else { return };
        let sam = door.persona("sam").await;
        let taken = upload(&door, "/api/v2/media", &sam.token, &film, &[("description", "a test card")]).await;
        assert_eq!(taken.status, StatusCode::ACCEPTED, "{}", String::from_utf8_lossy(&taken.bytes));
        let taken = taken.json();
        assert_eq!((&taken["type"], &taken["url"], &taken["preview_url"]), (&json!("video"), &Value::Null, &Value::Null));
        let one = format!("/api/v1/media/{}", taken["id"].as_str().unwrap());
        assert_eq!(door.get(&one, &sam.token).await.status, StatusCode::PARTIAL_CONTENT);
        let early = json!({ "status": "look", "media_ids": [taken["id"]] });
        let early = door.post("/api/v1/statuses", &sam.token, &early).await;
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(early.json()["error"].as_str().unwrap().contains("have not finished processing"));

        alongside_federation::worker::drain(&door.federation).await.unwrap();
        let ready = door.get(&one, &sam.token).await.ok();
        let meta = &ready["meta"];
        assert_eq!((&meta["width"], &meta["original"]["height"], &meta["small"]["width"]), (&json!(640), &json!(360), &json!(400)));
        assert_eq!((&meta["size"], &meta["fps"], &ready["description"]), (&json!("640x360"), &json!(10), &json!("a test card")));
        assert!(meta["length"].as_str().unwrap().starts_with("0:00:01.") && meta["duration"].as_f64().unwrap() > 0.9);
        assert_eq!(meta["original"]["frame_rate"], "10/1");
        assert!(meta["original"]["bitrate"].as_i64().unwrap() > 0 && ready["blurhash"].is_string());
        let posted = door.post("/api/v1/statuses", &sam.token, &json!({ "status": "look", "media_ids": [taken["id"]] })).await.ok();
        let shown = &posted["media_attachments"][0];
        let file = door.ask(Method::GET, &path(&shown["url"]), "", "", &[("range", "bytes=0-99")], Body::empty()).await;
        assert_eq!((file.status, file.header("content-type")), (StatusCode::PARTIAL_CONTENT, "video/mp4"));
        let preview = door.get(&path(&shown["preview_url"]), "").await;
        assert_eq!((preview.status, preview.header("content-type")), (StatusCode::OK, "image/jpeg"));
    }

    async fn an_older_client_waits_for_its_film(store: Store) {
        let door = Door::new(store);
        let Some(film) = film(&door) else { return };
        let sam = door.persona("sam").await;
        let ready = upload(&door, "/api/v1/media", &sam.token, &film, &[]).await.ok();
        assert_eq!((&ready["type"], ready["url"].is_string()), (&json!("video"), true));
    }

    async fn a_film_that_cannot_be_made_ready_says_so(store: Store) {
        let door = Door::new(store);
        let Some(film) = film(&door) else { return };
        let sam = door.persona("sam").await;
        let taken = upload(&door, "/api/v2/media", &sam.token, &film, &[]).await.json();
        for file in std::fs::read_dir(door.node.folder().join("media")).unwrap() {
            std::fs::remove_file(file.unwrap().path()).unwrap();
        }
        alongside_federation::worker::drain(&door.federation).await.unwrap();
        let one = format!("/api/v1/media/{}", taken["id"].as_str().unwrap());
        let answer = door.get(&one, &sam.token).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.json()["error"].as_str().unwrap().contains("upload another"));
        door.delete(&one, &sam.token).await.ok();
    }
}
