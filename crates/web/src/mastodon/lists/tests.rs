//! Lists, asked over HTTP.

use crate::mastodon::testing::{Door, each};
use alongside_domain::community::Audience;
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use http::StatusCode;
use serde_json::json;

both_engines! {
    async fn a_list_is_made_filled_changed_and_forgotten(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let list = door.post("/api/v1/lists", &sam.token, &json!({ "title": " Night " })).await.ok();
        assert_eq!(
            (&list["title"], &list["replies_policy"], &list["exclusive"]),
            (&json!("Night"), &json!("list"), &json!(false)),
        );
        let path = format!("/api/v1/lists/{}", list["id"].as_str().unwrap());
        let inside = format!("{path}/accounts");
        let body = json!({ "account_ids": [ada.member.to_string()] });
        assert_eq!(
            door.post(&inside, &sam.token, &body).await.status,
            StatusCode::NOT_FOUND,
            "not followed yet",
        );
        door.node.follow(sam.member.actor(), ada.member.actor()).await;
        door.post(&inside, &sam.token, &body).await.ok();
        assert_eq!(each(&door.get(&inside, &sam.token).await.ok(), "/acct"), ["ada"]);
        let again = door.post(&inside, &sam.token, &body).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "she is in it");
        let nobody = json!({ "account_ids": ["x"] });
        assert_eq!(door.post(&inside, &sam.token, &nobody).await.status, StatusCode::NOT_FOUND);
        assert_eq!(door.delete(&format!("{inside}?account_ids[]=x"), &sam.token).await.ok(), json!({}));
        let bo = door.persona("bo").await;
        door.node.follow(sam.member.actor(), bo.member.actor()).await;
        door.post(&inside, &sam.token, &json!({ "account_ids": [bo.member.to_string()] })).await.ok();
        assert_eq!(each(&door.get(&format!("{inside}?limit=1"), &sam.token).await.ok(), "/acct"), ["bo"]);
        let everybody = door.get(&format!("{inside}?limit=0"), &sam.token).await.ok();
        assert_eq!(each(&everybody, "/acct"), ["bo", "ada"], "nought is no limit: so clients ask for everybody");
        door.delete(&format!("{inside}?account_ids[]={}", bo.member), &sam.token).await.ok();
        let changed = door.put(&path, &sam.token, &json!({ "replies_policy": "none" })).await.ok();
        assert_eq!((&changed["title"], &changed["replies_policy"]), (&json!("Night"), &json!("none")));
        door.delete(&format!("{inside}?account_ids[]={}", ada.member), &sam.token).await.ok();
        assert_eq!(door.get(&inside, &sam.token).await.ok(), json!([]));
        door.delete(&path, &sam.token).await.ok();
        assert_eq!(door.get("/api/v1/lists", &sam.token).await.ok(), json!([]));
    }

    async fn a_list_is_its_members_own(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let list = door.post("/api/v1/lists", &sam.token, &json!({ "title": "Night" })).await.ok();
        let path = format!("/api/v1/lists/{}", list["id"].as_str().unwrap());
        assert_eq!(door.get(&path, &ada.token).await.status, StatusCode::NOT_FOUND);
        assert_eq!(door.delete(&path, &ada.token).await.status, StatusCode::NOT_FOUND);
        assert_eq!(door.get(&path, "").await.status, StatusCode::UNAUTHORIZED);
        let untitled = door.post("/api/v1/lists", &sam.token, &json!({})).await;
        assert_eq!(untitled.status, StatusCode::UNPROCESSABLE_ENTITY);
        let reader = door.token("sam", "read").await;
        assert_eq!(door.delete(&path, &reader).await.status, StatusCode::FORBIDDEN);
        door.get(&path, &reader).await.ok();
    }

    async fn a_joined_community_is_a_list_that_cannot_be_changed(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let sleep = door.node.community("sleep", Audience::Members).await;
        let path = format!("/api/v1/lists/{sleep}");
        assert_eq!(door.get(&path, &sam.token).await.status, StatusCode::NOT_FOUND, "not joined");
        door.node.follow(sam.member.actor(), sleep.actor()).await;
        let all = door.get("/api/v1/lists", &sam.token).await.ok();
        assert_eq!(
            (each(&all, "/title"), each(&all, "/id")),
            (vec!["sleep".to_owned()], vec![sleep.to_string()]),
        );
        assert_eq!(door.get(&path, &sam.token).await.ok()["title"], "sleep");
        let inside = door.get(&format!("{path}/accounts"), &sam.token).await.ok();
        assert_eq!(each(&inside, "/id"), [sleep.to_string()], "its members are not told");
        let body = json!({ "title": "mine", "account_ids": [sam.member.to_string()] });
        for answer in [
            door.put(&path, &sam.token, &body).await,
            door.delete(&path, &sam.token).await,
            door.post(&format!("{path}/accounts"), &sam.token, &body).await,
        ] {
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.json()["error"].as_str().unwrap().contains("community"));
        }
    }
}
