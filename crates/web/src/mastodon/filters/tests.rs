//! Filters, asked over HTTP.

use crate::mastodon::testing::{Door, each};
use alongside_domain::post::Visibility;
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use http::{Method, StatusCode};
use serde_json::json;

const FORM: &str = "application/x-www-form-urlencoded";

both_engines! {
    async fn a_filter_is_made_from_a_form_and_changed_piece_by_piece(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let form = "title=needles&context[]=home&context[]=thread&filter_action=hide&expires_in=3600\
                    &keywords_attributes[][keyword]=syringe&keywords_attributes[][whole_word]=true\
                    &keywords_attributes[][keyword]=jab&keywords_attributes[][whole_word]=false";
        let made = door.send(Method::POST, "/api/v2/filters", &sam.token, FORM, form.into()).await.ok();
        assert_eq!(made["context"], json!(["home", "thread"]));
        assert_eq!(
            (&made["filter_action"], &made["expires_at"]),
            (&json!("hide"), &json!("2026-11-23T03:00:00.000Z")),
        );
        assert_eq!(each(&made["keywords"], "/keyword"), ["syringe", "jab"]);
        assert_eq!(each(&made["keywords"], "/whole_word"), ["true", "false"]);
        let path = format!("/api/v2/filters/{}", made["id"].as_str().unwrap());
        let body = json!({ "expires_in": null, "keywords_attributes": [
            { "id": made["keywords"][0]["id"], "_destroy": true },
            { "id": made["keywords"][1]["id"], "keyword": "injection" },
        ] });
        let changed = door.put(&path, &sam.token, &body).await.ok();
        assert_eq!((&changed["title"], &changed["expires_at"]), (&json!("needles"), &json!(null)));
        assert_eq!(each(&changed["keywords"], "/keyword"), ["injection"]);
        let kept = door.put(&path, &sam.token, &json!({ "filter_action": "warn" })).await.ok();
        assert_eq!((&kept["filter_action"], &kept["keywords"]), (&json!("warn"), &changed["keywords"]));
        assert_eq!(door.get(&path, &sam.token).await.ok(), kept);
        assert_eq!(door.get(&format!("{path}/statuses"), &sam.token).await.ok(), json!([]));
        door.delete(&path, &sam.token).await.ok();
        assert_eq!(door.get("/api/v2/filters", &sam.token).await.ok(), json!([]));
    }

    async fn keywords_have_addresses_of_their_own(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let made = door.post("/api/v2/filters", &sam.token, &json!({ "title": "t", "context": ["home"] })).await.ok();
        let path = format!("/api/v2/filters/{}/keywords", made["id"].as_str().unwrap());
        let added = door.post(&path, &sam.token, &json!({ "keyword": "okapi" })).await.ok();
        assert_eq!(added["whole_word"], true);
        let one = format!("/api/v2/filters/keywords/{}", added["id"].as_str().unwrap());
        let changed = door.put(&one, &sam.token, &json!({ "whole_word": "0" })).await.ok();
        assert_eq!((&changed["keyword"], &changed["whole_word"]), (&json!("okapi"), &json!(false)));
        assert_eq!(door.get(&path, &sam.token).await.ok(), json!([changed]));
        let empty = door.post(&path, &sam.token, &json!({ "keyword": " " })).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        door.delete(&one, &sam.token).await.ok();
        assert_eq!(door.get(&one, &sam.token).await.status, StatusCode::NOT_FOUND);
    }

    async fn an_older_client_sees_each_keyword_as_a_filter(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let body = json!({ "phrase": "needle", "context": ["public"], "irreversible": true });
        let made = door.post("/api/v1/filters", &sam.token, &body).await.ok();
        assert_eq!(
            (&made["phrase"], &made["irreversible"], &made["whole_word"]),
            (&json!("needle"), &json!(true), &json!(true)),
        );
        let path = format!("/api/v1/filters/{}", made["id"].as_str().unwrap());
        let changed = door.put(&path, &sam.token, &json!({ "phrase": "pin", "context": ["home"] })).await.ok();
        assert_eq!(
            (&changed["phrase"], &changed["context"], &changed["irreversible"]),
            (&json!("pin"), &json!(["home"]), &json!(true)),
        );
        let whole = door.get("/api/v2/filters", &sam.token).await.ok();
        assert_eq!((&whole[0]["title"], &whole[0]["filter_action"]), (&json!("needle"), &json!("hide")));
        let more = format!("/api/v2/filters/{}/keywords", whole[0]["id"].as_str().unwrap());
        door.post(&more, &sam.token, &json!({ "keyword": "jab" })).await.ok();
        let shared = door.put(&path, &sam.token, &json!({ "phrase": "pin", "context": ["thread"] })).await;
        assert_eq!(shared.status, StatusCode::UNPROCESSABLE_ENTITY, "it would change the other keyword too");
        door.put(&path, &sam.token, &json!({ "phrase": "pins", "context": ["home"] })).await.ok();
        door.delete(&path, &sam.token).await.ok();
        let left = door.get("/api/v1/filters", &sam.token).await.ok();
        assert_eq!(each(&left, "/phrase"), ["jab"]);
        door.delete(&format!("/api/v1/filters/{}", left[0]["id"].as_str().unwrap()), &sam.token).await.ok();
        assert_eq!(
            door.get("/api/v2/filters", &sam.token).await.ok(),
            json!([]),
            "the last one takes its filter along",
        );
    }

    async fn a_filter_is_its_members_own_and_looks_where_there_is_something(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let made = door.post("/api/v2/filters", &sam.token, &json!({ "title": "t", "context": ["home"] })).await.ok();
        let path = format!("/api/v2/filters/{}", made["id"].as_str().unwrap());
        for path in [path.clone(), format!("{path}/keywords"), format!("{path}/statuses")] {
            assert_eq!(door.get(&path, &ada.token).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(door.delete(&path, &ada.token).await.status, StatusCode::NOT_FOUND);
        assert_eq!(door.get(&path, "").await.status, StatusCode::UNAUTHORIZED);
        for body in [json!({ "title": "t" }), json!({ "title": "t", "context": ["kitchen"] }), json!({ "context": ["home"] })] {
            let answer = door.post("/api/v2/filters", &sam.token, &body).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        }
    }

    async fn a_filter_covers_single_posts_that_the_member_can_read(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        let post = door.node.post(ada.member.actor(), "the sea again").await.id.to_string();
        let letter = door
            .node
            .post_with(ada.member.actor(), "for nobody", |post| post.visibility = Visibility::Direct)
            .await;
        let made = door.post("/api/v2/filters", &sam.token, &json!({ "title": "sea", "context": ["home"] })).await.ok();
        let path = format!("/api/v2/filters/{}/statuses", made["id"].as_str().unwrap());
        let covered = door.post(&path, &sam.token, &json!({ "status_id": post })).await.ok();
        assert_eq!(covered["status_id"], post);
        assert_eq!(door.post(&path, &sam.token, &json!({ "status_id": post })).await.ok(), covered, "twice is once");
        let hidden = door.post(&path, &sam.token, &json!({ "status_id": letter.id.to_string() })).await;
        assert_eq!(hidden.status, StatusCode::NOT_FOUND);
        assert_eq!(door.post(&path, &ada.token, &json!({ "status_id": post })).await.status, StatusCode::NOT_FOUND);
        assert_eq!(door.get(&path, &sam.token).await.ok(), json!([covered]));
        let status = format!("/api/v1/statuses/{post}");
        let found = door.get(&status, &sam.token).await.ok()["filtered"][0].clone();
        assert_eq!((&found["status_matches"], &found["keyword_matches"]), (&json!([post]), &json!([])));
        assert_eq!(found["filter"]["statuses"], json!([covered]));
        let one = format!("/api/v2/filters/statuses/{}", covered["id"].as_str().unwrap());
        assert_eq!(door.get(&one, &sam.token).await.ok(), covered);
        assert_eq!(door.get(&one, &ada.token).await.status, StatusCode::NOT_FOUND);
        assert_eq!(door.delete(&one, &sam.token).await.ok(), covered);
        assert_eq!(door.get(&status, &sam.token).await.ok()["filtered"], json!([]));
        door.delete(&format!("/api/v2/filters/{}", made["id"].as_str().unwrap()), &sam.token).await.ok();
    }
}
