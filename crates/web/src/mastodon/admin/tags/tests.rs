//! What staff decide about hashtags and featured threads, and what others see of it.

use crate::mastodon::schema::assert_is;
use crate::mastodon::testing::{Door, each};
use alongside_domain::account::Role;
use alongside_domain::community::Audience;
use alongside_domain::id::AuditId;
use alongside_domain::post::Visibility;
use alongside_store::engine::Store;
use alongside_store::{audit, pins};
use alongside_testkit::both_engines;
use http::StatusCode;
use serde_json::json;

async fn staff(door: &Door) -> String {
    door.node.member_as("mod", Role::Moderator).await;
    door.token("mod", "read admin:read admin:write").await
}

both_engines! {
    async fn staff_see_the_hashtags_of_public_posts_page_by_page(store: Store) {
        let door = Door::new(store);
        let staff = staff(&door).await;
        let ada = door.node.member("ada").await.actor();
        for words in ["#sleep #alone", "#sleep #tea"] {
            door.node.post(ada, words).await;
        }
        door.node.post_with(ada, "#mine", |post| post.visibility = Visibility::Followers).await;
        door.put("/api/v1/admin/tags/Harm", &staff, &json!({ "usable": false })).await.ok();
        let all = door.get("/api/v1/admin/tags", &staff).await.ok();
        assert_eq!(each(&all, "/name"), ["alone", "harm", "sleep", "tea"]);
        assert_is("AdminTag", &all[0]);
        let first = door.get("/api/v1/admin/tags?limit=2", &staff).await;
        assert_eq!(each(&first.ok(), "/name"), ["alone", "harm"]);
        assert!(first.header("link").contains("max_id=harm"), "{}", first.header("link"));
        let rest = door.get("/api/v1/admin/tags?limit=2&max_id=harm", &staff).await.ok();
        assert_eq!(each(&rest, "/name"), ["sleep", "tea"]);
        let one = door.get("/api/v1/admin/tags/sleep", &staff).await.ok();
        assert_eq!((&one["listable"], &one["trendable"], &one["usable"]), (&json!(true), &json!(true), &json!(true)));
        for unknown in ["mine", "nobody", "12"] {
            let answer = door.get(&format!("/api/v1/admin/tags/{unknown}"), &staff).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{unknown}");
        }
    }

    async fn what_is_decided_about_a_hashtag_holds(store: Store) {
        let door = Door::new(store);
        let (staff, sam) = (staff(&door).await, door.persona("sam").await);
        for name in ["ada", "ben", "cleo"] {
            let member = door.node.member(name).await.actor();
            door.node.post(member, "#sleep").await;
        }
        let trends = async || each(&door.get("/api/v1/trends/tags", "").await.ok(), "/name");
        let found = async || {
            let found = door.get("/api/v2/search?type=hashtags&q=slee", &sam.token).await.ok();
            each(&found["hashtags"], "/name")
        };
        assert_eq!((trends().await, found().await), (vec!["sleep".to_owned()], vec!["sleep".to_owned()]));
        let reject = "/api/v1/admin/trends/tags/sleep/reject";
        assert_eq!(door.post(reject, &staff, &json!({})).await.ok()["trendable"], false);
        assert_eq!(trends().await, [""; 0]);
        let seen = door.get("/api/v1/admin/trends/tags", &staff).await.ok();
        assert_eq!((each(&seen, "/name"), &seen[0]["trendable"]), (vec!["sleep".to_owned()], &json!(false)));
        door.post("/api/v1/admin/trends/tags/sleep/approve", &staff, &json!({})).await.ok();
        assert_eq!(trends().await, ["sleep"]);

        let one = "/api/v1/admin/tags/sleep";
        let changed = door.put(one, &staff, &json!({ "listable": false, "usable": "0", "display_name": "Sleep" })).await.ok();
        assert_eq!((&changed["listable"], &changed["trendable"], &changed["usable"]), (&json!(false), &json!(true), &json!(false)));
        assert_eq!(found().await, [""; 0]);
        let later = door.node.app.now().plus_secs(3_600).to_string();
        for body in [json!({ "status": "no #SLEEP" }), json!({ "status": "no #sleep", "scheduled_at": later })] {
            let refused = door.post("/api/v1/statuses", &sam.token, &body).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.json()["error"].as_str().unwrap().contains("#sleep"));
        }
        let posted = door.post("/api/v1/statuses", &sam.token, &json!({ "status": "#tea" })).await.ok();
        let edit = format!("/api/v1/statuses/{}", posted["id"].as_str().unwrap());
        let refused = door.put(&edit, &sam.token, &json!({ "status": "#tea and #sleep" })).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let lines = audit::after(&mut door.node.app.reader(), AuditId::new(-1), 99).await.unwrap();
        assert_eq!(lines.iter().filter(|line| line.verb == "hashtag.decide").count(), 3);
    }

    async fn a_featured_thread_can_be_kept_back_from_those_who_look_around(store: Store) {
        let door = Door::new(store);
        let staff = staff(&door).await;
        let ada = door.node.member("ada").await.actor();
        let sleep = door.node.community("sleep", Audience::Everyone).await;
        let post = door.node.post_with(ada, "begin here", |post| post.community = Some(sleep)).await.id;
        let letter = door.node.post_with(ada, "to you", |post| post.visibility = Visibility::Direct).await.id;
        let mut tx = door.node.store().begin().await.unwrap();
        pins::add(&mut tx, sleep.actor(), post, door.node.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let judge = async |post, step: &str| {
            door.post(&format!("/api/v1/admin/trends/statuses/{post}/{step}"), &staff, &json!({})).await
        };
        let shown = async || each(&door.get("/api/v1/trends/statuses", "").await.ok(), "/id");
        assert_eq!(judge(post, "reject").await.ok()["id"], post.to_string());
        assert_eq!(shown().await, [""; 0]);
        let seen = door.get("/api/v1/admin/trends/statuses", &staff).await.ok();
        assert_eq!(each(&seen, "/id"), [post.to_string()]);
        judge(post, "approve").await.ok();
        assert_eq!(shown().await, [post.to_string()]);
        assert_eq!(judge(letter, "reject").await.status, StatusCode::NOT_FOUND, "what is not public is nobody's to judge");
    }
}
