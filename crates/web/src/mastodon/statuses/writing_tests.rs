//! What clients may leave out of a post, and what they may say besides.

use crate::mastodon::testing::{Door, each, png};
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use axum::body::Body;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{Method, StatusCode};
use serde_json::{Value, json};

const STATUSES: &str = "/api/v1/statuses";

fn at(status: &Value, rest: &str) -> String {
    format!("{STATUSES}/{}{rest}", status["id"].as_str().unwrap())
}

async fn picture(door: &Door, token: &str) -> Value {
    let head = b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n";
    let form = [&head[..], &png(), b"\r\n--x--\r\n"].concat();
    let kind = "multipart/form-data; boundary=x";
    door.send(Method::POST, "/api/v2/media", token, kind, form.into()).await.ok()["id"].clone()
}

both_engines! {
    async fn what_a_post_does_not_say_its_author_chose_before(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let form = Body::from("source[sensitive]=true&source[language]=cy&source[privacy]=unlisted");
        let (path, kind) = ("/api/v1/accounts/update_credentials", "application/x-www-form-urlencoded");
        door.send(Method::PATCH, path, &sam.token, kind, form).await.ok();
        let said = |status: &Value| (status["sensitive"].clone(), status["language"].clone(), status["visibility"].clone());
        let plain = door.post(STATUSES, &sam.token, &json!({ "status": "x" })).await.ok();
        assert_eq!(said(&plain), (json!(true), json!("cy"), json!("unlisted")));
        let body = json!({ "status": "x", "sensitive": false, "language": "en", "visibility": "public" });
        let said_so = door.post(STATUSES, &sam.token, &body).await.ok();
        assert_eq!(said(&said_so), (json!(false), json!("en"), json!("public")));
        let form = "status=x&sensitive=0&language=&visibility=&in_reply_to_id=&spoiler_text=&media_ids[]=&scheduled_at=";
        let form = Body::from(form);
        let empty = door.send(Method::POST, STATUSES, &sam.token, kind, form).await.ok();
        assert_eq!(said(&empty), (json!(false), json!("cy"), json!("unlisted")));
    }

    async fn a_change_may_bring_another_picture_to_show_first(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let id = picture(&door, &sam.token).await;
        let posted = door.post(STATUSES, &sam.token, &json!({ "status": "x", "media_ids": [id] })).await.ok();
        let change = async |thumbnail: String| {
            let image = json!({ "id": id, "description": "a card", "thumbnail": thumbnail });
            door.put(&at(&posted, ""), &sam.token, &json!({ "status": "x", "media_ids": [id], "media_attributes": [image] })).await
        };
        let first = |status: &Value| status["media_attachments"][0]["preview_url"].clone();
        let changed = change(format!("data:image/png;base64,{}", BASE64_STANDARD.encode(png()))).await.ok();
        assert_ne!(first(&changed), first(&posted));
        assert_eq!(changed["media_attachments"][0]["description"], "a card");
        for odd in ["https://a.example/1.png", "data:image/png;base64,?", "data:image/png;base64,AAAA"] {
            assert_eq!(change(odd.to_owned()).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{odd}");
        }
        assert_eq!(first(&change(String::new()).await.ok()), first(&changed));
    }

    async fn a_note_before_nothing_is_the_text(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let posted = door.post(STATUSES, &sam.token, &json!({ "status": null, "spoiler_text": "hello" })).await.ok();
        assert_eq!((&posted["content"], &posted["spoiler_text"]), (&json!("<p>hello</p>"), &json!("")));
        assert_eq!(posted["sensitive"], true);
        let nothing = door.post(STATUSES, &sam.token, &json!({ "spoiler_text": " " })).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn what_is_answered_has_to_be_there(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        for id in [json!(0), json!("12"), json!("nothing")] {
            let answer = door.post(STATUSES, &sam.token, &json!({ "status": "x", "in_reply_to_id": id })).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{id}");
            assert!(answer.json()["error"].as_str().unwrap().contains("no longer there"));
        }
    }

    async fn whom_a_post_names_can_be_made_sure_of(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let eve = door.node.member("eve").await;
        let post = async |allowed: Value| {
            let body = json!({ "status": "@sam @ada about @eve", "allowed_mentions": allowed });
            door.post(STATUSES, &sam.token, &body).await
        };
        for allowed in [json!([]), json!([ada.member.to_string()])] {
            let refused = post(allowed).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            let says = refused.json();
            assert!(says["error"].is_string());
            assert!(each(&says["unexpected_accounts"], "/acct").contains(&"eve".to_owned()), "{says}");
        }
        assert_eq!(door.get(&format!("/api/v1/accounts/{}/statuses", sam.member), "").await.ok(), json!([]));
        post(json!([ada.member.to_string(), eve.to_string()])).await.ok();
        post(Value::Null).await.ok();
    }

    async fn a_post_for_ones_followers_may_be_pinned(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let posted = door.post(STATUSES, &sam.token, &json!({ "status": "few", "visibility": "private" })).await.ok();
        assert_eq!(posted["pinned"], false);
        assert_eq!(door.post(&at(&posted, "/pin"), &sam.token, &json!({})).await.ok()["pinned"], true);
        let profile = format!("/api/v1/accounts/{}/statuses?pinned=true", sam.member);
        assert_eq!(door.get(&profile, &ada.token).await.ok(), json!([]), "by those alone who may read it");
        let shown = door.get(&profile, &sam.token).await;
        let id = posted["id"].as_str().unwrap();
        assert_eq!(each(&shown.ok(), "/id"), [id]);
        assert!(shown.header("link").contains(&format!("pinned=true&min_id={id}")), "{}", shown.header("link"));
        assert_eq!(door.get(&format!("{profile}&max_id={id}"), &sam.token).await.ok(), json!([]));
        assert_eq!(door.post(&at(&posted, "/unpin"), &sam.token, &json!({})).await.ok()["pinned"], false);
        let letter = door.post(STATUSES, &sam.token, &json!({ "status": "@ada", "visibility": "direct" })).await.ok();
        let refused = door.post(&at(&letter, "/pin"), &sam.token, &json!({})).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn files_of_a_deleted_post_go_with_another_unless_they_are_deleted_too(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let file = picture(&door, &sam.token).await;
        let with = json!({ "status": "look", "media_ids": [file] });
        let first = door.post(STATUSES, &sam.token, &with).await.ok();
        let gone = door.delete(&at(&first, ""), &sam.token).await.ok();
        assert_eq!((&gone["text"], &gone["media_attachments"][0]["id"]), (&json!("look"), &file));
        let again = door.post(STATUSES, &sam.token, &with).await.ok();
        door.delete(&at(&again, "?delete_media=true"), &sam.token).await.ok();
        let refused = door.post(STATUSES, &sam.token, &with).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}
