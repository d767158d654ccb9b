//! Signing up through a client on a node that sends mail, until one is in.

use crate::mastodon::testing::Door;
use alongside_app::letters::NotCarried;
use alongside_domain::account::Role;
use alongside_domain::sign_up::Registrations;
use alongside_federation::worker;
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use alongside_testkit::mailbox::Mailbox;
use alongside_testkit::node::Node;
use http::StatusCode;
use serde_json::{Value, json};

const OWN: &str = "/api/v1/accounts/verify_credentials";
const CHECK: &str = "/api/v1/emails/check_confirmation";
const RESEND: &str = "/api/v1/emails/confirmations";

fn door(store: Store, registrations: Registrations) -> (Door, Mailbox) {
    let (node, mailbox) = Node::with_mail(store, registrations);
    (Door::of(node, Vec::new()), mailbox)
}

/// The token of somebody who has just signed up.
async fn signs_up(door: &Door, name: &str) -> String {
    let app = door.client("read write").await;
    let body = json!({ "username": name, "email": format!("{name}@new.example"), "password": "correct horse",
        "agreement": true, "locale": "en" });
    let given = door.post("/api/v1/accounts", &app, &body).await.ok();
    given["access_token"].as_str().unwrap().to_owned()
}

/// Opens the page that a letter leads to, and says yes.
async fn confirm(door: &Door, path: &str) -> StatusCode {
    let page = door.get(path, "").await;
    let cookie = page.header("set-cookie").split(';').next().unwrap().to_owned();
    let text = String::from_utf8_lossy(&page.bytes).into_owned();
    let (_, rest) = text.split_once("name=\"csrf\" value=\"").unwrap_or_default();
    let body = format!("csrf={}", rest.split('"').next().unwrap());
    let kind = "application/x-www-form-urlencoded";
    door.ask(http::Method::POST, path, "", kind, &[("cookie", &cookie)], body.into()).await.status
}

async fn refused(door: &Door, path: &str, token: &str, says: &str) {
    let answer = door.get(path, token).await;
    assert_eq!((answer.status, &answer.json()["error"]), (StatusCode::FORBIDDEN, &json!(says)), "{path}");
}

both_engines! {
    async fn a_token_is_good_once_its_address_is_confirmed(store: Store) {
        let (door, mailbox) = door(store, Registrations::Open);
        let instance = door.get("/api/v2/instance", "").await.ok();
        assert_eq!(
            (&instance["registrations"]["enabled"], &instance["registrations"]["approval_required"]),
            (&json!(true), &json!(false)),
        );
        assert_eq!(door.get("/api/v1/instance", "").await.ok()["approval_required"], false);
        let token = signs_up(&door, "robin").await;
        let missing = "Your login is missing a confirmed e-mail address";
        for path in [OWN, "/api/v1/timelines/home", "/api/v1/timelines/public", "/api/v1/streaming/user"] {
            refused(&door, path, &token, missing).await;
        }
        assert_eq!(door.get(CHECK, &token).await.ok(), json!(false));
        assert_eq!(door.get("/api/v1/accounts/lookup?acct=robin", "").await.status, StatusCode::NOT_FOUND);
        worker::drain(&door.federation).await.unwrap();
        assert_eq!(confirm(&door, mailbox.only().path()).await, StatusCode::OK);
        assert_eq!(door.get(CHECK, &token).await.ok(), json!(true));
        assert_eq!(door.get(OWN, &token).await.ok()["username"], "robin");
        let again = door.post(RESEND, &token, &json!({})).await;
        assert_eq!(again.status, StatusCode::FORBIDDEN);
        assert!(again.json()["error"].as_str().unwrap().contains("awaiting confirmation"));
    }

    async fn where_staff_let_people_in_a_token_says_that_they_have_to(store: Store) {
        let (door, mailbox) = door(store, Registrations::Approval);
        door.node.member_as("mod", Role::Moderator).await;
        let staff = door.token("mod", "admin:read admin:write").await;
        let token = signs_up(&door, "robin").await;
        let pending = "/api/v2/admin/accounts?status=pending";
        assert_eq!(door.get(pending, &staff).await.ok(), json!([]), "the address comes first");
        worker::drain(&door.federation).await.unwrap();
        confirm(&door, mailbox.only().path()).await;
        refused(&door, OWN, &token, "Your login is currently pending approval").await;
        assert_eq!(door.get(CHECK, &token).await.ok(), json!(true));
        let waiting = door.get(pending, &staff).await.ok();
        assert_eq!((&waiting[0]["confirmed"], &waiting[0]["approved"]), (&json!(true), &json!(false)));
        let approve = format!("/api/v1/admin/accounts/{}/approve", waiting[0]["id"].as_str().unwrap());
        door.post(&approve, &staff, &json!({})).await.ok();
        assert_eq!(door.get(OWN, &token).await.ok()["username"], "robin");
        worker::drain(&door.federation).await.unwrap();
        assert_eq!(mailbox.only().subject, "You can sign in now");
    }

    async fn staff_cannot_show_somebody_whose_address_is_not_confirmed(store: Store) {
        let (door, _mailbox) = door(store, Registrations::Open);
        door.node.member_as("mod", Role::Moderator).await;
        let staff = door.token("mod", "admin:read admin:write").await;
        signs_up(&door, "robin").await;
        let found = door.get("/api/v1/admin/accounts?username=robin", &staff).await.ok();
        assert_eq!(
            (&found[0]["confirmed"], &found[0]["approved"], &found[0]["suspended"]),
            (&json!(false), &json!(true), &json!(false)),
        );
        let lift = format!("/api/v1/admin/accounts/{}/unsuspend", found[0]["id"].as_str().unwrap());
        assert_eq!(door.post(&lift, &staff, &json!({})).await.status, StatusCode::FORBIDDEN);
    }

    async fn another_letter_goes_to_another_address(store: Store) {
        let (door, mailbox) = door(store, Registrations::Open);
        let token = signs_up(&door, "robin").await;
        worker::drain(&door.federation).await.unwrap();
        let first = mailbox.only();
        for (wrong, says) in [("x", "not an e-mail address"), ("mod@mail.example", "already")] {
            if says == "already" {
                door.node.member("mod").await;
            }
            let answer = door.post(RESEND, &token, &json!({ "email": wrong })).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.json()["error"].as_str().unwrap().contains(says), "{}", answer.json());
        }
        assert_eq!(door.post(RESEND, &token, &json!({ "email": "wren@new.example" })).await.ok(), json!({}));
        worker::drain(&door.federation).await.unwrap();
        let second = mailbox.only();
        assert_eq!(second.to, "wren@new.example");
        assert_eq!(door.get(first.path(), "").await.status, StatusCode::FORBIDDEN);
        assert_eq!(confirm(&door, second.path()).await, StatusCode::OK);
    }

    async fn a_letter_is_tried_again_until_the_mail_server_takes_it(store: Store) {
        let (door, mailbox) = door(store, Registrations::Open);
        mailbox.refuse(Some(NotCarried::Later("busy".to_owned())));
        signs_up(&door, "robin").await;
        worker::drain(&door.federation).await.unwrap();
        mailbox.refuse(None);
        worker::drain(&door.federation).await.unwrap();
        assert_eq!(mailbox.take(), [], "not before some time has passed");
        door.node.clock.advance_secs(60);
        worker::drain(&door.federation).await.unwrap();
        assert_eq!(mailbox.only().to, "robin@new.example");
        mailbox.refuse(Some(NotCarried::Never("no such mailbox".to_owned())));
        signs_up(&door, "wren").await;
        worker::drain(&door.federation).await.unwrap();
        mailbox.refuse(None);
        door.node.clock.advance_secs(86_400);
        worker::drain(&door.federation).await.unwrap();
        assert_eq!(mailbox.take(), [], "what is refused for good is not tried again");
    }

    async fn whoever_asks_too_often_has_to_wait(store: Store) {
        let (door, _mailbox) = door(store, Registrations::Open);
        let token = signs_up(&door, "robin").await;
        let mut answers = Vec::new();
        for _ in 0..11 {
            answers.push(door.post(RESEND, &token, &json!({})).await.status);
        }
        assert!(answers.starts_with(&[StatusCode::OK]), "{answers:?}");
        assert_eq!(answers.last(), Some(&StatusCode::TOO_MANY_REQUESTS));
    }

    async fn without_mail_nobody_waits_for_a_letter(store: Store) {
        let door = Door::new(store);
        let sam = door.persona("sam").await;
        let asked = door.post(RESEND, &sam.token, &json!({})).await;
        assert_eq!(asked.status, StatusCode::FORBIDDEN);
        assert!(asked.json()["error"].as_str().unwrap().contains("awaiting confirmation"));
        assert_eq!(door.get(CHECK, &sam.token).await.ok(), json!(true));
        assert_eq!(door.get(CHECK, "").await.status, StatusCode::UNAUTHORIZED);
        let token = signs_up(&door, "robin").await;
        assert_eq!(door.get(CHECK, &token).await.status, StatusCode::UNAUTHORIZED, "as before there was mail");
        let instance: Value = door.get("/api/v2/instance", "").await.ok();
        assert_eq!(instance["registrations"]["approval_required"], true);
        let counted = door.get("/api/v1/instance", "").await.ok();
        assert_eq!(counted["stats"]["user_count"], 1, "nobody sees that somebody waits");
    }
}
