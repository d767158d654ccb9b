//! Conversations, asked over HTTP.

use crate::mastodon::testing::{Door, Persona, each};
use alongside_domain::id::PostId;
use alongside_domain::post::Visibility;
use alongside_store::conversations;
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use http::StatusCode;
use serde_json::json;

async fn write(door: &Door, from: &Persona, to: &Persona, text: &str) -> PostId {
    let named = [to.member.actor()];
    let post = door
        .node
        .post_naming(from.member.actor(), text, &named, |post| post.visibility = Visibility::Direct)
        .await;
    let mut tx = door.node.store().begin().await.unwrap();
    let app = &door.node.app;
    conversations::post_arrived(&mut tx, app.ids(), app.now(), &post, &named).await.unwrap();
    tx.commit().await.unwrap();
    post.id
}

both_engines! {
    async fn a_message_is_new_until_it_is_read(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let post = write(&door, &ada, &sam, "hello").await;
        let all = door.get("/api/v1/conversations", &sam.token).await;
        assert!(all.header("link").contains(&format!("max_id={post}>")), "{}", all.header("link"));
        let all = all.ok();
        assert_eq!(
            (&all[0]["unread"], &all[0]["last_status"]["id"]),
            (&json!(true), &json!(post.to_string())),
        );
        assert_eq!(each(&all[0]["accounts"], "/acct"), ["ada"]);
        let path = format!("/api/v1/conversations/{}", all[0]["id"].as_str().unwrap());
        assert_eq!(door.post(&format!("{path}/read"), &sam.token, &json!({})).await.ok()["unread"], false);
        assert_eq!(door.post(&format!("{path}/unread"), &sam.token, &json!({})).await.ok()["unread"], true);
        assert_eq!(door.get("/api/v1/conversations", &sam.token).await.ok()[0]["unread"], true);
        let hers = door.get("/api/v1/conversations", &ada.token).await.ok();
        assert_eq!(
            (&hers[0]["unread"], each(&hers[0]["accounts"], "/acct")),
            (&json!(false), vec!["sam".to_owned()]),
        );
        door.delete(&path, &sam.token).await.ok();
        assert_eq!(door.get("/api/v1/conversations", &sam.token).await.ok(), json!([]));
        assert_eq!(door.get("/api/v1/conversations", &ada.token).await.ok(), hers, "she keeps hers");
    }

    async fn when_the_last_letter_is_deleted_the_one_before_it_stands_last(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let mut letters: Vec<String> = Vec::new();
        for text in ["@sam hello", "@sam are you there?"] {
            let letter = json!({ "status": text, "visibility": "direct", "in_reply_to_id": letters.last() });
            let sent = door.post("/api/v1/statuses", &ada.token, &letter).await.ok();
            letters.push(sent["id"].as_str().unwrap().to_owned());
        }
        let last = async |who: &Persona| each(&door.get("/api/v1/conversations", &who.token).await.ok(), "/last_status/id");
        assert_eq!(last(&sam).await, letters[1..]);
        door.delete(&format!("/api/v1/statuses/{}", letters[1]), &ada.token).await.ok();
        for who in [&sam, &ada] {
            assert_eq!(last(who).await, letters[..1]);
        }
        door.delete(&format!("/api/v1/statuses/{}", letters[0]), &ada.token).await.ok();
        assert_eq!(door.get("/api/v1/conversations", &sam.token).await.ok(), json!([]));
    }

    async fn a_conversation_is_its_members_own(store: Store) {
        let door = Door::new(store);
        let (sam, ada, eve) = (door.persona("sam").await, door.persona("ada").await, door.persona("eve").await);
        write(&door, &ada, &sam, "hello").await;
        assert_eq!(door.get("/api/v1/conversations", &eve.token).await.ok(), json!([]));
        let all = door.get("/api/v1/conversations", &sam.token).await.ok();
        let path = format!("/api/v1/conversations/{}", all[0]["id"].as_str().unwrap());
        for what in ["read", "unread"] {
            let answer = door.post(&format!("{path}/{what}"), &eve.token, &json!({})).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{what}");
        }
        assert_eq!(door.delete(&path, &eve.token).await.status, StatusCode::NOT_FOUND);
        assert_eq!(door.get("/api/v1/conversations", "").await.status, StatusCode::UNAUTHORIZED);
    }
}
