//! What administrators decide about other servers.

use crate::mastodon::schema::assert_is;
use crate::mastodon::testing::{Door, each};
use alongside_domain::account::Role;
use alongside_domain::agreement::{Limit, Limits, Policy};
use alongside_domain::id::AuditId;
use alongside_store::engine::Store;
use alongside_store::{audit, follows, hosts};
use alongside_testkit::both_engines;
use http::StatusCode;
use serde_json::{Value, json};

const BLOCKS: &str = "/api/v1/admin/domain_blocks";
const ALLOWS: &str = "/api/v1/admin/domain_allows";

async fn admin(door: &Door) -> String {
    door.node.member_as("root", Role::Admin).await;
    door.token("root", "admin:read admin:write read").await
}

async fn standing(door: &Door, host: &str) -> (Policy, Limits) {
    let standing = hosts::standing(&mut door.node.app.reader(), host).await.unwrap();
    (standing.policy, standing.limits)
}

fn id(answer: &Value) -> &str {
    answer["id"].as_str().unwrap()
}

both_engines! {
    async fn a_block_is_the_one_that_the_command_line_knows(store: Store) {
        let door = Door::new(store);
        let token = admin(&door).await;
        let sam = door.persona("sam").await;
        let far = door.node.stranger("far", "spam.example").await;
        door.node.follow(sam.member.actor(), far).await;
        let body = json!({ "domain": "SPAM.example.", "severity": "suspend", "public_comment": "spam", "private_comment": "told by b",
            "obfuscate": true });
        let blocked = door.post(BLOCKS, &token, &body).await.ok();
        assert_eq!(
            (&blocked["domain"], &blocked["severity"], &blocked["private_comment"], &blocked["obfuscate"]),
            (&json!("spam.example"), &json!("suspend"), &json!("told by b"), &json!(true)),
        );
        assert_is("AdminDomainBlock", &blocked);
        assert_eq!(blocked["digest"].as_str().unwrap().len(), 64);
        assert_eq!(standing(&door, "a.spam.example").await.0, Policy::Block);
        let follow = follows::between(&mut door.node.app.reader(), sam.member.actor(), far).await.unwrap();
        assert!(follow.is_none(), "follows across end");
        let told = door.get("/api/v1/instance/domain_blocks", "").await.ok();
        assert_eq!(told[0]["domain"], "spam.****ple", "the name in part, and the public reason");
        assert_eq!((&told[0]["digest"], &told[0]["comment"]), (&blocked["digest"], &json!("spam")));
        let again = door.post(BLOCKS, &token, &body).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(again.json()["existing_domain_block"]["id"], blocked["id"]);
        let below = door.post(BLOCKS, &token, &json!({ "domain": "a.spam.example", "severity": "silence" })).await;
        assert_eq!(below.status, StatusCode::UNPROCESSABLE_ENTITY, "it is covered already");
        assert_eq!(below.json()["existing_domain_block"]["id"], blocked["id"]);
        let path = format!("{BLOCKS}/{}", id(&blocked));
        let changed = door.put(&path, &token, &json!({ "severity": "silence", "reject_media": true })).await.ok();
        assert_eq!(
            (&changed["id"], &changed["severity"], &changed["reject_media"], &changed["public_comment"]),
            (&blocked["id"], &json!("silence"), &json!(true), &json!("spam")),
        );
        assert_eq!(standing(&door, "spam.example").await, (Policy::Open, Limits::of(&[Limit::Silence, Limit::NoMedia])));
        alongside_app::hosts::block(&door.node.app, "worse.example").await.unwrap();
        assert_eq!(each(&door.get(BLOCKS, &token).await.ok(), "/domain"), ["worse.example", "spam.example"]);
        door.delete(&path, &token).await.ok();
        assert_eq!(standing(&door, "spam.example").await, (Policy::Open, Limits::default()));
        assert_eq!(door.get(&path, &token).await.status, StatusCode::NOT_FOUND);
        assert_eq!(door.delete(&path, &token).await.status, StatusCode::NOT_FOUND);
        let lines = audit::after(&mut door.node.app.reader(), AuditId::new(-1), 99).await.unwrap();
        let lines: Vec<_> = lines.iter().map(|line| (line.verb.as_str(), line.account_id.is_some())).collect();
        assert_eq!(lines, [("host.block", true), ("host.limit", true), ("host.block", false), ("host.open", true)]);
    }

    async fn what_decides_nothing_or_makes_no_sense_is_refused(store: Store) {
        let door = Door::new(store);
        let token = admin(&door).await;
        for wrong in [
            json!({ "domain": "b.example", "severity": "noop" }),
            json!({ "domain": "not a host" }),
            json!({ "domain": "" }),
            json!({}),
            json!({ "domain": "b.example", "severity": "worse" }),
            json!({ "domain": "127.0.0.1:7100" }),
            json!({ "domain": "b.example", "private_comment": "x".repeat(1_001) }),
        ] {
            assert_eq!(door.post(BLOCKS, &token, &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        }
        let quiet = door.post(BLOCKS, &token, &json!({ "domain": "b.example", "severity": "noop", "reject_reports": true })).await.ok();
        assert_eq!((&quiet["severity"], &quiet["reject_reports"]), (&json!("noop"), &json!(true)));
    }

    async fn the_agreement_and_the_blocks_do_not_contradict_each_other(store: Store) {
        let door = Door::new(store);
        let token = admin(&door).await;
        let agreed = door.post(ALLOWS, &token, &json!({ "domain": "b.example" })).await.ok();
        assert_is("AdminDomainAllow", &agreed);
        assert_eq!(door.post(ALLOWS, &token, &json!({ "domain": "b.example" })).await.ok()["id"], agreed["id"]);
        assert_eq!(standing(&door, "b.example").await.0, Policy::Allow);
        assert_eq!(each(&door.get(ALLOWS, &token).await.ok(), "/domain"), ["b.example"]);
        assert_eq!(door.get(BLOCKS, &token).await.ok(), json!([]));
        let block = json!({ "domain": "b.example", "severity": "suspend" });
        assert_eq!(door.post(BLOCKS, &token, &block).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let path = format!("{ALLOWS}/{}", id(&agreed));
        door.get(&path, &token).await.ok();
        assert_eq!(door.get(&format!("{BLOCKS}/{}", id(&agreed)), &token).await.status, StatusCode::NOT_FOUND);
        door.delete(&path, &token).await.ok();
        assert_eq!(standing(&door, "b.example").await.0, Policy::Open);
        door.post(BLOCKS, &token, &block).await.ok();
        assert_eq!(door.post(ALLOWS, &token, &json!({ "domain": "b.example" })).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}
