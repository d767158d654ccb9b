//! Figures, counted from what was written.

use crate::mastodon::schema::assert_is;
use crate::mastodon::testing::{Door, each};
use alongside_domain::account::Role;
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use http::StatusCode;
use serde_json::{Value, json};

async fn ask(door: &Door, what: &str, body: &Value) -> (StatusCode, Value) {
    let token = door.token("mod", "admin:read").await;
    let answer = door.post(&format!("/api/v1/admin/{what}"), &token, body).await;
    (answer.status, answer.json())
}

/// The last two days of the door, and what is asked about them.
fn lately(door: &Door, more: &Value) -> Value {
    let now = door.node.app.now();
    let mut body = json!({ "start_at": now.plus_secs(-86_400).to_string(), "end_at": now.to_string() });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

both_engines! {
    async fn what_was_written_is_counted_by_the_day(store: Store) {
        let door = Door::new(store);
        door.node.member_as("mod", Role::Moderator).await;
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        door.node.post(sam.member.actor(), "one #sleep").await;
        door.node.clock.advance_secs(86_400);
        for words in ["two #sleep", "three"] {
            door.node.post(sam.member.actor(), words).await;
        }
        door.node.post(ada.member.actor(), "four #sleep").await;
        door.post("/api/v1/reports", &sam.token, &json!({ "account_id": ada.member.to_string() })).await.ok();
        let far = door.node.stranger("far", "b.example").await;
        door.node.follow(sam.member.actor(), far).await;
        let keys = ["active_users", "new_users", "interactions", "opened_reports", "resolved_reports", "tag_uses", "tag_accounts",
            "tag_servers", "instance_accounts", "instance_follows"];
        let body = lately(&door, &json!({ "keys": keys, "tag_uses": { "id": "sleep" }, "tag_accounts": { "id": "sleep" },
            "tag_servers": { "id": "Sleep" }, "instance_accounts": { "domain": "b.example" },
            "instance_follows": { "domain": "b.example" } }));
        let (status, found) = ask(&door, "measures", &body).await;
        assert_eq!(status, StatusCode::OK, "{found}");
        found.as_array().unwrap().iter().for_each(|one| assert_is("AdminMeasure", one));
        assert_eq!(each(&found, "/key"), keys);
        assert_eq!(each(&found, "/total"), ["2", "3", "0", "1", "0", "3", "2", "1", "1", "1"]);
        assert_eq!(each(&found[0]["data"], "/value"), ["1", "2"]);
        assert_eq!(found[0]["previous_total"], "0");
        assert_eq!(each(&found[5]["data"], "/value"), ["1", "2"]);
    }

    async fn what_was_written_is_counted_by_kind(store: Store) {
        let door = Door::new(store);
        door.node.member_as("mod", Role::Moderator).await;
        let sam = door.persona("sam").await;
        for language in ["cy", "en", "en"] {
            let written = json!({ "status": "#sleep", "language": language });
            door.post("/api/v1/statuses", &sam.token, &written).await.ok();
        }
        let keys = ["languages", "sources", "servers", "tag_servers", "tag_languages", "software_versions", "space_usage"];
        let body = lately(&door, &json!({ "keys": keys, "tag_servers": { "id": "sleep" }, "tag_languages": { "id": "sleep" } }));
        let (status, found) = ask(&door, "dimensions", &body).await;
        assert_eq!(status, StatusCode::OK, "{found}");
        found.as_array().unwrap().iter().for_each(|one| assert_is("AdminDimension", one));
        assert_eq!(each(&found[0]["data"], "/key"), ["en", "cy"]);
        assert_eq!(each(&found[0]["data"], "/value"), ["2", "1"]);
        assert_eq!(each(&found[1]["data"], "/value"), ["3"]);
        assert_eq!(found[2]["data"], json!([]));
        assert_eq!(each(&found[3]["data"], "/key"), ["127.0.0.1:7100"]);
        assert_eq!(found[5]["data"][0]["key"], "alongside");
        assert!(found[6]["data"][0]["value"].as_str().unwrap().parse::<i64>().unwrap() > 0);
    }

    async fn of_those_who_came_it_is_counted_how_many_wrote_after(store: Store) {
        let door = Door::new(store);
        door.node.member_as("mod", Role::Moderator).await;
        let sam = door.persona("sam").await;
        door.node.post(sam.member.actor(), "one").await;
        door.node.clock.advance_secs(86_400);
        door.node.post(sam.member.actor(), "two").await;
        let ada = door.persona("ada").await;
        door.node.post(ada.member.actor(), "three").await;
        let (status, found) = ask(&door, "retention", &lately(&door, &json!({ "frequency": "day" }))).await;
        assert_eq!(status, StatusCode::OK, "{found}");
        found.as_array().unwrap().iter().for_each(|one| assert_is("AdminCohort", one));
        assert_eq!(each(&found[0]["data"], "/value"), ["1", "1"]);
        assert_eq!(found[0]["data"][0]["rate"], json!(0.5), "the other one has written nothing");
        assert_eq!((found[1]["data"].as_array().unwrap().len(), &found[1]["data"][0]["rate"]), (1, &json!(1.0)));
        let (_, months) = ask(&door, "retention", &lately(&door, &json!({ "frequency": "month" }))).await;
        assert_eq!(months[0]["frequency"], "month");
    }

    async fn without_days_it_is_about_the_last_thirty(store: Store) {
        let door = Door::new(store);
        door.node.member_as("mod", Role::Moderator).await;
        let (status, found) = ask(&door, "measures", &json!({ "keys": ["new_users"] })).await;
        assert_eq!(status, StatusCode::OK, "{found}");
        let days = found[0]["data"].as_array().unwrap();
        let today = &door.node.app.now().to_string()[..10];
        assert_eq!((days.len(), &days[29]["date"].as_str().unwrap()[..10]), (30, today));
        let (status, found) = ask(&door, "dimensions", &json!({ "keys": ["languages", "sources"], "end_at": today })).await;
        assert_eq!(status, StatusCode::OK, "{found}");
        assert_eq!(each(&found, "/key"), ["languages", "sources"]);
    }

    async fn a_question_that_cannot_be_answered_is_refused(store: Store) {
        let door = Door::new(store);
        door.node.member_as("mod", Role::Moderator).await;
        for (what, more) in [
            ("measures", json!({ "keys": ["logins"] })),
            ("measures", json!({ "keys": ["instance_media_attachments"] })),
            ("measures", json!({ "keys": ["tag_uses"] })),
            ("measures", json!({ "keys": ["instance_accounts"], "instance_accounts": { "domain": "a b" } })),
            ("measures", json!({ "keys": vec!["new_users"; 21] })),
            ("measures", json!({ "keys": [], "start_at": "yesterday" })),
            ("measures", json!({ "keys": [], "start_at": "1970-01-01" })),
            ("dimensions", json!({ "keys": ["people"] })),
            ("retention", json!({ "frequency": "hour" })),
            ("retention", json!({})),
        ] {
            let (status, says) = ask(&door, what, &lately(&door, &more)).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{what} {more}: {says}");
        }
    }
}
