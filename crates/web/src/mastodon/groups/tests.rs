//! What those who look after a community can do from a client, and what nobody else can.

use crate::mastodon::testing::{Answer, Door, Persona, each};
use alongside_domain::account::Role;
use alongside_domain::community::{Audience, Community, JoinPolicy};
use alongside_domain::id::CommunityId;
use alongside_store::communities;
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use http::StatusCode;
use serde_json::{Value, json};

/// A community with somebody who looks after it, a member, and a thread of hers.
struct World {
    door: Door,
    sleep: CommunityId,
    steward: Persona,
    sam: Persona,
    thread: String,
}

impl World {
    async fn new(store: Store) -> Self {
        let door = Door::new(store);
        let (steward, sam) = (door.persona("steward").await, door.persona("sam").await);
        let sleep = door.node.community("sleep", Audience::Everyone).await;
        door.node.appoint(sleep, steward.member.actor()).await;
        let joined = format!("/api/v1/accounts/{sleep}/follow");
        door.post(&joined, &sam.token, &json!({})).await.ok();
        let body = json!({ "status": "@sleep awake?" });
        let thread = door.post("/api/v1/statuses", &sam.token, &body).await.ok()["id"].clone();
        Self { door, sleep, steward, sam, thread: thread.as_str().unwrap().to_owned() }
    }

    fn at(&self, rest: &str) -> String {
        format!("/api/v1/groups/{}{rest}", self.sleep)
    }

    async fn moderate(&self, rest: &str, body: &Value) -> Answer {
        self.door.post(&self.at(rest), &self.steward.token, body).await
    }

    async fn answer(&self, who: &Persona) -> Answer {
        let body = json!({ "status": "me too", "in_reply_to_id": self.thread });
        self.door.post("/api/v1/statuses", &who.token, &body).await
    }
}

fn says(answer: &Answer) -> (StatusCode, String) {
    (answer.status, answer.json()["error"].as_str().unwrap_or_default().to_owned())
}

both_engines! {
    async fn a_post_is_removed_with_a_reason_and_restored(store: Store) {
        let world = World::new(store).await;
        let (door, thread) = (&world.door, format!("/api/v1/statuses/{}", world.thread));
        let path = world.at(&format!("/statuses/{}?reason=no%20adverts", world.thread));
        assert_eq!(door.delete(&path, &world.sam.token).await.status, StatusCode::FORBIDDEN);
        assert_eq!(door.delete(&path, &world.steward.token).await.ok()["id"], *world.thread, "as it was");
        assert_eq!(door.get(&thread, &world.sam.token).await.status, StatusCode::NOT_FOUND);
        let told = door.get("/api/v1/notifications?types[]=moderation_warning", &world.sam.token).await.ok();
        assert_eq!(each(&told, "/account/acct"), ["sleep"], "not the moderator's name");
        let warning = &told[0]["moderation_warning"];
        assert_eq!((&warning["action"], &warning["text"]), (&json!("delete_statuses"), &json!("no adverts")));
        assert_eq!((&warning["status_ids"], &warning["target_account"]["acct"]), (&json!([world.thread]), &json!("sam")));
        let grouped = door.get("/api/v2/notifications", &world.sam.token).await.ok();
        assert_eq!(grouped["notification_groups"][0]["moderation_warning"]["id"], warning["id"]);
        world.moderate(&format!("/statuses/{}/restore", world.thread), &json!({})).await.ok();
        door.get(&thread, &world.sam.token).await.ok();
        let nothing = world.moderate("/statuses/404/restore", &json!({})).await;
        assert_eq!(nothing.status, StatusCode::NOT_FOUND);
        let endless = json!({ "reason": "x".repeat(501) });
        let refused = world.moderate(&format!("/statuses/{}/lock", world.thread), &endless).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn a_thread_is_closed_and_shown_first(store: Store) {
        let world = World::new(store).await;
        let of_thread = |verb: &str| format!("/statuses/{}/{verb}", world.thread);
        assert_eq!(world.moderate(&of_thread("lock"), &json!({})).await.ok()["id"], *world.thread);
        let closed = (StatusCode::UNPROCESSABLE_ENTITY, "This thread is closed to new replies".to_owned());
        assert_eq!(says(&world.answer(&world.sam).await), closed);
        world.answer(&world.steward).await.ok();
        world.moderate(&of_thread("unlock"), &json!({})).await.ok();
        world.answer(&world.sam).await.ok();
        let pinned = format!("/api/v1/accounts/{}/statuses?pinned=true", world.sleep);
        for (verb, shown) in [("feature", 1), ("unfeature", 0)] {
            world.moderate(&of_thread(verb), &json!({})).await.ok();
            assert_eq!(world.door.get(&pinned, "").await.ok().as_array().unwrap().len(), shown, "{verb}");
        }
        let hidden = world.door.node.post_with(world.sam.member.actor(), "elsewhere", |_| {}).await;
        let refused = world.moderate(&format!("/statuses/{}/lock", hidden.id), &json!({})).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "not a post of this community");
    }

    async fn people_are_sent_out_told_why_and_let_back(store: Store) {
        let world = World::new(store).await;
        let (door, blocks) = (&world.door, world.at("/blocks"));
        let ban = json!({ "account_ids": [world.sam.member.to_string()], "duration": 86_400, "reason": "rude",
            "remove_statuses": true });
        assert_eq!(door.post(&blocks, &world.sam.token, &ban).await.status, StatusCode::FORBIDDEN);
        world.moderate("/blocks", &ban).await.ok();
        let body = json!({ "status": "@sleep let me in" });
        let refused = door.post("/api/v1/statuses", &world.sam.token, &body).await;
        let expected = "You were sent out of this community until 2026-11-24 (rude). You can still read what is open there";
        assert_eq!(says(&refused), (StatusCode::UNPROCESSABLE_ENTITY, expected.to_owned()));
        let told = door.get("/api/v1/notifications?types[]=moderation_warning", &world.sam.token).await.ok();
        assert_eq!((&told[0]["moderation_warning"]["text"], &told[0]["moderation_warning"]["action"]), (&json!(expected), &json!("none")));
        let thread = format!("/api/v1/statuses/{}", world.thread);
        assert_eq!(door.get(&thread, "").await.status, StatusCode::NOT_FOUND);
        assert_eq!(each(&door.get(&blocks, &world.steward.token).await.ok(), "/acct"), ["sam"]);
        assert_eq!(door.get(&blocks, &world.sam.token).await.status, StatusCode::FORBIDDEN);
        door.node.member_as("staff", Role::Moderator).await;
        let staff = door.token("staff", "read write").await;
        assert_eq!(each(&door.get(&blocks, &staff).await.ok(), "/acct"), ["sam"]);
        let path = format!("{blocks}?account_ids[]={}", world.sam.member);
        door.delete(&path, &world.steward.token).await.ok();
        assert_eq!(door.get(&blocks, &world.steward.token).await.ok(), json!([]));
        door.post("/api/v1/statuses", &world.sam.token, &body).await.ok();
    }

    async fn others_are_made_to_look_after_it(store: Store) {
        let world = World::new(store).await;
        let (door, sam) = (&world.door, json!({ "account_ids": [world.sam.member.to_string()] }));
        let lock = world.at(&format!("/statuses/{}/lock", world.thread));
        assert_eq!(door.post(&lock, &world.sam.token, &json!({})).await.status, StatusCode::FORBIDDEN);
        door.node.clock.advance_secs(1);
        let member = world.moderate("/promote", &sam).await.ok();
        assert_eq!((&member[0]["role"], &member[0]["account"]["acct"]), (&json!("admin"), &json!("sam")));
        door.post(&lock, &world.sam.token, &json!({})).await.ok();
        let senior = json!({ "account_ids": [world.steward.member.to_string()] });
        let refused = door.post(&world.at("/demote"), &world.sam.token, &senior).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let owner = json!({ "account_ids": [world.sam.member.to_string()], "role": "owner" });
        assert_eq!(world.moderate("/promote", &owner).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(world.moderate("/demote", &sam).await.ok()[0]["role"], "user");
        assert_eq!(door.post(&lock, &world.sam.token, &json!({})).await.status, StatusCode::FORBIDDEN);
        let narrow = door.token("steward", "read write:statuses").await;
        assert_eq!(door.post(&lock, &narrow, &json!({})).await.status, StatusCode::FORBIDDEN, "another scope");
        let crowd: Vec<i64> = (1..=41).collect();
        let refused = world.moderate("/promote", &json!({ "account_ids": crowd })).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn members_are_let_in_and_sent_away(store: Store) {
        let world = World::new(store).await;
        let (door, ada) = (&world.door, world.door.persona("ada").await);
        let mut tx = door.node.store().begin().await.unwrap();
        let found = communities::find(&mut tx, world.sleep.actor()).await.unwrap().unwrap();
        communities::put(&mut tx, &Community { join_policy: JoinPolicy::Approval, ..found }).await.unwrap();
        tx.commit().await.unwrap();
        let join = format!("/api/v1/accounts/{}/follow", world.sleep);
        let related = format!("/api/v1/accounts/relationships?id[]={}", world.sleep);
        let waiting = world.at("/membership_requests");
        for (verb, is_in) in [("reject", "false"), ("authorize", "true")] {
            assert_eq!(door.post(&join, &ada.token, &json!({})).await.ok()["requested"], true);
            assert_eq!(each(&door.get(&waiting, &world.steward.token).await.ok(), "/acct"), ["ada"]);
            assert_eq!(door.get(&waiting, &world.sam.token).await.status, StatusCode::FORBIDDEN);
            let path = format!("/membership_requests/{}/{verb}", ada.member);
            assert_eq!(door.post(&world.at(&path), &world.sam.token, &json!({})).await.status, StatusCode::FORBIDDEN);
            world.moderate(&path, &json!({})).await.ok();
            assert_eq!(each(&door.get(&related, &ada.token).await.ok(), "/following"), [is_in]);
        }
        let body = json!({ "account_ids": [ada.member.to_string()] });
        assert_eq!(door.post(&world.at("/kick"), &world.sam.token, &body).await.status, StatusCode::FORBIDDEN);
        world.moderate("/kick", &body).await.ok();
        assert_eq!(each(&door.get(&related, &ada.token).await.ok(), "/following"), ["false"]);
    }
}
