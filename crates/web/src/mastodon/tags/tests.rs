//! Hashtags, asked over HTTP.

use crate::mastodon::testing::{Door, each};
use alongside_domain::post::Visibility;
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use http::StatusCode;
use serde_json::json;

both_engines! {
    async fn a_hashtag_is_followed_and_left(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let body = json!({});
        let followed = door.post("/api/v1/tags/Sleep/follow", &sam.token, &body).await.ok();
        assert_eq!((&followed["name"], &followed["following"]), (&json!("sleep"), &json!(true)));
        assert_eq!(followed["url"], "http://127.0.0.1:7100/tags/sleep");
        assert_eq!(each(&door.get("/api/v1/followed_tags", &sam.token).await.ok(), "/name"), ["sleep"]);
        let left = door.post("/api/v1/tags/sleep/unfollow", &sam.token, &body).await.ok();
        assert_eq!(left["following"], false);
        assert_eq!(door.get("/api/v1/followed_tags", &sam.token).await.ok(), json!([]));
        for what in ["follow", "unfollow", "feature", "unfeature"] {
            for name in ["%20", "tag-name"] {
                let none = door.post(&format!("/api/v1/tags/{name}/{what}"), &sam.token, &body).await;
                assert_eq!(none.status, StatusCode::NOT_FOUND, "{name} {what}");
            }
        }
        assert_eq!(door.post("/api/v1/tags/sleep/follow", "", &body).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(
            door.get("/api/v1/tags/12", "").await.status,
            StatusCode::NOT_FOUND,
            "a number is no hashtag",
        );
    }

    async fn what_was_said_in_public_this_week_is_counted(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.node.member("ada").await.actor());
        door.node.post(ada, "#sleep at last").await;
        door.node.clock.advance_secs(86_400);
        for text in ["#sleep again", "no #sleep"] {
            door.node.post(ada, text).await;
        }
        door.node.post(sam.member.actor(), "#sleep").await;
        door.node.post_with(ada, "#sleep, but quietly", |post| post.visibility = Visibility::Direct).await;
        door.post("/api/v1/tags/sleep/follow", &sam.token, &json!({})).await.ok();
        let signed_out = door.get("/api/v1/tags/sleep", "").await.ok();
        assert_eq!((signed_out.get("following"), signed_out["history"].as_array().unwrap().len()), (None, 7));
        let followed = door.get("/api/v1/followed_tags", &sam.token).await.ok();
        for history in [&signed_out["history"], &followed[0]["history"]] {
            assert_eq!(each(history, "/uses"), ["3", "1", "0", "0", "0", "0", "0"]);
            assert_eq!(each(history, "/accounts"), ["2", "1", "0", "0", "0", "0", "0"]);
        }
        let today = door.node.app.now().midnight().as_secs().to_string();
        assert_eq!(signed_out["history"][0]["day"], today);
    }
}
