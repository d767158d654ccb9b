//! Pages that were made before: what it takes to make one, and that nobody is given what they may no longer see, or
//! what was true a moment ago.

use crate::mastodon::testing::{Door, Persona, each};
use alongside_domain::community::Audience;
use alongside_domain::id::PostId;
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use http::StatusCode;
use serde_json::{Value, json};

const PATHS: [&str; 4] = ["home?limit=40", "public?limit=40", "tag/sleep?limit=40", "home?limit=40&min_id=1"];

/// Statements for what is around posts that are not kept: whom they name, their hashtags, files, polls, communities
/// and those who look after these, the people, and their emojis.
const MADE_ANEW: u64 = 10;
/// Statements for a page at most, its thread and the token included.
const STATEMENTS_MAX: u64 = 26;

async fn say(door: &Door, by: &Persona, body: Value) -> String {
    door.node.clock.advance_secs(1);
    let posted = door.post("/api/v1/statuses", &by.token, &body).await.ok();
    posted["id"].as_str().unwrap().to_owned()
}

/// The statements that one request takes.
async fn statements(door: &Door, path: &str, token: &str) -> (usize, u64) {
    let before = door.node.store().statements();
    let shown = door.get(path, token).await.ok();
    let length = shown.as_array().or_else(|| shown["descendants"].as_array()).map_or(0, Vec::len);
    (length, door.node.store().statements() - before)
}

both_engines! {
    async fn a_page_takes_as_many_statements_however_much_is_on_it(store: Store) {
        let door = Door::new(store);
        let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
        door.node.follow(sam.member.actor(), ada.member.actor()).await;
        let sleep = door.node.community("sleep", Audience::Everyone).await.actor();
        for member in [&sam, &ada] {
            door.node.follow(member.member.actor(), sleep).await;
        }
        let root = say(&door, &ada, json!({ "status": "#sleep at last" })).await;
        let thread = format!("/api/v1/statuses/{root}/context");
        let paths = PATHS.map(|path| format!("/api/v1/timelines/{path}"));
        let mut taken = Vec::new();
        for posts in [3, 30] {
            for number in 0..posts {
                say(&door, &ada, json!({ "status": format!("@sleep #sleep @sam {number}") })).await;
                let reply = json!({ "status": format!("#sleep {number}"), "in_reply_to_id": root });
                say(&door, &ada, reply).await;
            }
            for path in paths.iter().chain([&thread]) {
                let first = statements(&door, path, &sam.token).await;
                // Asked in other words nothing is given again, but what the posts say is kept.
                let and = if path.contains('?') { '&' } else { '?' };
                taken.push((first, statements(&door, &format!("{path}{and}again"), &sam.token).await));
            }
        }
        let (few, many) = taken.split_at(paths.len() + 1);
        for ((first_of_few, few), (first_of_many, many)) in few.iter().zip(many) {
            assert!(many.0 > 2 * few.0 && first_of_many.0 == many.0, "{taken:?}");
            assert_eq!(many.1, few.1, "more posts took more statements: {taken:?}");
            assert!(many.1 <= STATEMENTS_MAX, "{taken:?}");
            assert!(first_of_many.1 <= first_of_few.1.max(many.1 + MADE_ANEW), "{taken:?}");
        }
    }

    async fn what_one_may_no_longer_see_is_not_given_again(store: Store) {
        let door = Door::new(store);
        let (sam, ada, eve) = (door.persona("sam").await, door.persona("ada").await, door.persona("eve").await);
        let quiet = door.node.community("quiet", Audience::Members).await.actor();
        for member in [&sam, &ada] {
            door.node.follow(member.member.actor(), quiet).await;
        }
        let secret = say(&door, &ada, json!({ "status": "@quiet between us" })).await;
        let (one, thread) = (format!("/api/v1/statuses/{secret}"), format!("/api/v1/statuses/{secret}/context"));
        for path in [&one, &thread, &one, &thread] {
            assert_eq!(door.get(path, &sam.token).await.status, StatusCode::OK);
            assert_eq!(door.get(path, &eve.token).await.status, StatusCode::NOT_FOUND, "it was made for another");
            assert_eq!(door.get(path, "").await.status, StatusCode::NOT_FOUND);
        }
        let home = door.get("/api/v1/timelines/home", &sam.token).await.ok();
        assert_eq!(each(&home, "/reblog/id"), [secret.as_str()]);
        door.post(&format!("/api/v1/accounts/{quiet}/unfollow"), &sam.token, &json!({})).await.ok();
        for path in [&one, &thread] {
            assert_eq!(door.get(path, &sam.token).await.status, StatusCode::NOT_FOUND, "not a member any more");
        }
        assert_eq!(door.get("/api/v1/timelines/home", &sam.token).await.ok(), json!([]));
        let open = say(&door, &ada, json!({ "status": "for all" })).await;
        for _ in 0..2 {
            let public = door.get("/api/v1/timelines/public", &eve.token).await.ok();
            assert_eq!(each(&public, "/id"), [open.as_str()]);
        }
        door.post(&format!("/api/v1/accounts/{}/block", eve.member), &ada.token, &json!({})).await.ok();
        assert_eq!(door.get("/api/v1/timelines/public", &eve.token).await.ok(), json!([]), "she is blocked");
    }

    async fn every_change_shows_at_once_to_whom_it_concerns(store: Store) {
        let door = Door::new(store);
        let (sam, ada, eve) = (door.persona("sam").await, door.persona("ada").await, door.persona("eve").await);
        door.node.follow(sam.member.actor(), ada.member.actor()).await;
        let post = say(&door, &ada, json!({ "status": "first" })).await;
        let home = async || door.get("/api/v1/timelines/home", &sam.token).await.ok();
        assert_eq!(home().await[0]["favourites_count"], 0);
        let act = async |by: &Persona, what: &str| {
            door.post(&format!("/api/v1/statuses/{post}/{what}"), &by.token, &json!({})).await.ok()
        };
        act(&eve, "favourite").await;
        assert_eq!(home().await[0]["favourites_count"], 1, "somebody else liked it");
        assert_eq!(home().await[0]["favourited"], false, "which is not to like it oneself");
        act(&sam, "favourite").await;
        assert_eq!(home().await[0]["favourited"], true);
        act(&sam, "unfavourite").await;
        assert_eq!(home().await[0]["favourited"], false);
        act(&sam, "bookmark").await;
        assert_eq!(home().await[0]["bookmarked"], true);
        door.put(&format!("/api/v1/statuses/{post}"), &ada.token, &json!({ "status": "second" })).await.ok();
        assert_eq!(home().await[0]["content"], "<p>second</p>");
        let renamed = json!({ "display_name": "Ada of the sea" });
        door.send(
            http::Method::PATCH,
            "/api/v1/accounts/update_credentials",
            &ada.token,
            "application/json",
            renamed.to_string().into(),
        )
        .await
        .ok();
        assert_eq!(home().await[0]["account"]["display_name"], "Ada of the sea");
        let newer = say(&door, &ada, json!({ "status": "third" })).await;
        assert_eq!(each(&home().await, "/id"), [newer.as_str(), &post]);
        assert_eq!(home().await[0]["account"]["statuses_count"], 2);
        say(&door, &eve, json!({ "status": "yes", "in_reply_to_id": post })).await;
        assert_eq!(home().await[1]["replies_count"], 1);
        door.delete(&format!("/api/v1/statuses/{newer}"), &ada.token).await.ok();
        assert_eq!(each(&home().await, "/id"), [post.as_str()]);
    }
}

#[tokio::test]
async fn what_does_not_concern_a_page_leaves_it_as_it_is() {
    alongside_testkit::engines::on_sqlite(|store| async move {
        let door = Door::new(store);
        let (sam, ada, eve) =
            (door.persona("sam").await, door.persona("ada").await, door.persona("eve").await);
        door.node.follow(sam.member.actor(), ada.member.actor()).await;
        say(&door, &ada, json!({ "status": "first" })).await;
        door.get("/api/v1/timelines/home", &sam.token).await.ok();
        // The clock would make it old after a second.
        let elsewhere = json!({ "status": "nobody follows me" });
        let said = door.post("/api/v1/statuses", &eve.token, &elsewhere).await.ok();
        let said: PostId = said["id"].as_str().unwrap().parse().unwrap();
        door.post(&format!("/api/v1/statuses/{said}/favourite"), &ada.token, &json!({})).await.ok();
        let (length, statements) = statements(&door, "/api/v1/timelines/home", &sam.token).await;
        assert_eq!((length, statements), (1, 0), "not even the token was looked up");
    })
    .await;
}
