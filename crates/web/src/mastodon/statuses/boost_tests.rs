//! Boosts, which have ids of their own and may be for fewer people than what they boost.

use crate::mastodon::testing::{Door, each};
use alongside_federation::worker::drain;
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use http::StatusCode;
use serde_json::{Value, json};

fn at(status: &Value, rest: &str) -> String {
    format!("/api/v1/statuses/{}{rest}", status["id"].as_str().unwrap())
}

both_engines! {
    async fn a_boost_is_shown_and_taken_back_under_its_own_id(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let posted = door.post("/api/v1/statuses", &sam.token, &json!({ "status": "awake" })).await.ok();
        let boost = door.post(&at(&posted, "/reblog"), &sam.token, &json!({})).await.ok();
        let shown = door.get(&at(&boost, ""), "").await.ok();
        assert_eq!((&shown["id"], &shown["reblog"]["id"]), (&boost["id"], &posted["id"]));
        let several = format!("/api/v1/statuses?id[]={}&id[]={}", posted["id"].as_str().unwrap(), boost["id"].as_str().unwrap());
        let several = door.get(&several, "").await.ok();
        assert_eq!(json!(each(&several, "/id")), json!([posted["id"], boost["id"]]));
        assert_eq!(door.delete(&at(&boost, ""), &ada.token).await.status, StatusCode::NOT_FOUND);
        let change = door.put(&at(&boost, ""), &sam.token, &json!({ "status": "asleep" })).await;
        assert_eq!(change.status, StatusCode::NOT_FOUND, "there are no words in it");
        let gone = door.delete(&at(&boost, ""), &sam.token).await.ok();
        assert_eq!((&gone["id"], &gone["reblog"]["id"]), (&boost["id"], &posted["id"]));
        assert_eq!(door.get(&at(&boost, ""), &sam.token).await.status, StatusCode::NOT_FOUND);
        assert_eq!(door.get(&at(&posted, ""), &sam.token).await.ok()["reblogs_count"], 0, "the post stays");
    }

    async fn a_boost_may_be_for_fewer_people_than_the_post(store: Store) {
        let door = Door::new(store);
        let (sam, ada, eve) = (door.persona("sam").await, door.persona("ada").await, door.persona("eve").await);
        door.node.follow(eve.member.actor(), ada.member.actor()).await;
        let say = async |visibility: &str| {
            door.post("/api/v1/statuses", &sam.token, &json!({ "status": "x", "visibility": visibility })).await.ok()
        };
        let boost = async |posted: &Value, token: &str, visibility: &str| {
            door.post(&at(posted, "/reblog"), token, &json!({ "visibility": visibility })).await
        };
        let (open, narrow) = (say("public").await, say("private").await);
        assert_eq!(boost(&open, &ada.token, "direct").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(boost(&open, &sam.token, "unlisted").await.ok()["visibility"], "unlisted");
        assert_eq!(boost(&narrow, &sam.token, "unlisted").await.ok()["visibility"], "private", "never wider");
        assert_eq!(door.get(&at(&narrow, "/reblogged_by"), &sam.token).await.ok(), json!([]));
        let kept = boost(&open, &ada.token, "private").await.ok();
        assert_eq!((&kept["visibility"], &kept["reblog"]["visibility"]), (&json!("private"), &json!("public")));
        assert_eq!(each(&door.get(&at(&open, "/reblogged_by"), &sam.token).await.ok(), "/acct"), ["sam"]);
        for (token, status) in [(&*ada.token, StatusCode::OK), (&*eve.token, StatusCode::OK), ("", StatusCode::NOT_FOUND), (&*sam.token, StatusCode::NOT_FOUND)] {
            assert_eq!(door.get(&at(&kept, ""), token).await.status, status);
        }
        let profile = format!("/api/v1/accounts/{}/statuses", ada.member);
        assert_eq!(door.get(&profile, "").await.ok(), json!([]));
        assert_eq!(door.get(&profile, &eve.token).await.ok().as_array().unwrap().len(), 1);
    }

    async fn what_tells_others_of_a_boost_is_served_to_those_it_is_for(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        for (visibility, status) in [("public", StatusCode::OK), ("private", StatusCode::NOT_FOUND)] {
            let posted = door.post("/api/v1/statuses", &sam.token, &json!({ "status": visibility })).await.ok();
            let boost = door.post(&at(&posted, "/reblog"), &sam.token, &json!({ "visibility": visibility })).await.ok();
            drain(&door.federation).await.unwrap();
            door.post(&at(&posted, "/unreblog"), &sam.token, &json!({})).await.ok();
            drain(&door.federation).await.unwrap();
            for name in ["boost", "undo-boost"] {
                let path = format!("/activities/{name}-{}", boost["id"].as_str().unwrap());
                assert_eq!(door.get(&path, "").await.status, status, "{visibility}: {name}");
            }
        }
    }
}
