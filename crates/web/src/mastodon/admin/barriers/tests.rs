//! From where nobody signs up, as administrators decide it, and that it holds.

use crate::mastodon::schema::assert_is;
use crate::mastodon::testing::Door;
use alongside_app::sign_ups::{self, SignUp};
use alongside_domain::account::{Email, Password, Role};
use alongside_domain::actor::Handle;
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{Request, StatusCode};
use serde_json::{Value, json};
use std::net::SocketAddr;
use tower::ServiceExt as _;

async fn admin(door: &Door) -> String {
    door.node.member_as("root", Role::Admin).await;
    door.token("root", "admin:read admin:write read").await
}

async fn signs_up(door: &Door, handle: &str, email: &str, from: &str) -> bool {
    let new = SignUp {
        handle: Handle::new(handle).unwrap(),
        email: Email::parse(email).unwrap(),
        password: Password::new("correct horse".to_owned()).unwrap(),
        reason: None,
        born: None,
        address: from.parse().unwrap(),
    };
    match sign_ups::apply(&door.node.app, new).await {
        Ok(_) => true,
        Err(sign_ups::Error::Barred) => false,
        Err(other) => panic!("{other}"),
    }
}

async fn visit(door: &Door, path: &str, from: &str) -> StatusCode {
    let peer: SocketAddr = format!("{from}:9").parse().unwrap();
    let mut request = Request::get(path).body(Body::empty()).unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    door.router.clone().oneshot(request).await.unwrap().status()
}

fn path(family: &str, answer: &Value) -> String {
    format!("/api/v1/admin/{family}/{}", answer["id"].as_str().unwrap())
}

both_engines! {
    async fn addresses_at_a_host_and_below_it_are_kept_out_and_counted(store: Store) {
        let door = Door::new(store);
        let token = admin(&door).await;
        let all = "/api/v1/admin/email_domain_blocks";
        let blocked = door.post(all, &token, &json!({ "domain": "Trash.example" })).await.ok();
        assert!(!signs_up(&door, "one", "one@trash.example", "192.0.2.1").await);
        assert!(!signs_up(&door, "two", "two@in.trash.example", "192.0.2.1").await);
        assert!(signs_up(&door, "three", "three@nottrash.example", "192.0.2.1").await);
        let shown = door.get(&path("email_domain_blocks", &blocked), &token).await.ok();
        assert_is("AdminEmailDomainBlock", &shown);
        assert_eq!(shown["history"].as_array().unwrap().len(), 7);
        assert_eq!(shown["history"][0]["accounts"], "2");
        assert_eq!(door.post(all, &token, &json!({ "domain": "trash.example" })).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(door.post(all, &token, &json!({ "domain": "a@b" })).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        door.node.clock.advance_secs(8 * 86_400);
        assert_eq!(door.get(all, &token).await.ok()[0]["history"][0]["accounts"], "0");
        door.delete(&path("email_domain_blocks", &blocked), &token).await.ok();
        assert!(signs_up(&door, "one", "one@trash.example", "192.0.2.1").await);
        assert_eq!(door.get(&path("email_domain_blocks", &blocked), &token).await.status, StatusCode::NOT_FOUND);
    }

    async fn an_address_is_kept_out_in_every_spelling_and_not_kept_itself(store: Store) {
        let door = Door::new(store);
        let token = admin(&door).await;
        let all = "/api/v1/admin/canonical_email_blocks";
        let blocked = door.post(all, &token, &json!({ "email": "test@example.com" })).await.ok();
        // The hash of `test@example.com`, as Mastodon has it.
        let hash = "973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b";
        assert_is("AdminCanonicalEmailBlock", &blocked);
        assert_eq!(blocked["canonical_email_hash"], hash);
        for spelling in ["T.e.s.t@example.com", "test+spam@Example.com"] {
            assert!(!signs_up(&door, "one", spelling, "192.0.2.1").await, "{spelling}");
            let tested = door.post(&format!("{all}/test"), &token, &json!({ "email": spelling })).await.ok();
            assert_eq!(tested, json!([blocked]));
        }
        assert_eq!(door.post(&format!("{all}/test"), &token, &json!({ "email": "other@example.com" })).await.ok(), json!([]));
        assert_eq!(door.post(&format!("{all}/test"), &token, &json!({})).await.status, StatusCode::BAD_REQUEST);
        for wrong in [json!({}), json!({ "email": "x" }), json!({ "canonical_email_hash": "abc" }), json!({ "canonical_email_hash": hash })] {
            assert_eq!(door.post(all, &token, &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        }
        door.delete(&path("canonical_email_blocks", &blocked), &token).await.ok();
        assert_eq!(door.get(all, &token).await.ok(), json!([]));
        let by_hash = door.post(all, &token, &json!({ "canonical_email_hash": hash.to_uppercase() })).await.ok();
        assert_eq!(by_hash["canonical_email_hash"], hash);
        assert!(!signs_up(&door, "one", "test@example.com", "192.0.2.1").await);
    }

    async fn a_network_is_kept_out_until_its_time_is_over_but_never_from_urgent_help(store: Store) {
        let door = Door::new(store);
        let token = admin(&door).await;
        let all = "/api/v1/admin/ip_blocks";
        assert_eq!(visit(&door, "/api/v1/instance", "198.51.100.9").await, StatusCode::OK);
        let body = json!({ "ip": "198.51.100.77/24", "severity": "no_access", "comment": "flood", "expires_in": 3600 });
        let blocked = door.post(all, &token, &body).await.ok();
        assert_is("AdminIpBlock", &blocked);
        assert_eq!((&blocked["ip"], &blocked["severity"]), (&json!("198.51.100.0/24"), &json!("no_access")));
        for page in ["/api/v1/instance", "/", "/oauth/authorize"] {
            assert_eq!(visit(&door, page, "198.51.100.9").await, StatusCode::FORBIDDEN, "{page}");
        }
        assert_eq!(visit(&door, "/urgent-help", "198.51.100.9").await, StatusCode::OK);
        assert_eq!(visit(&door, "/api/v1/instance", "198.51.101.9").await, StatusCode::OK);
        assert!(!signs_up(&door, "one", "one@mail.example", "198.51.100.9").await);
        let path = path("ip_blocks", &blocked);
        let milder = door.put(&path, &token, &json!({ "severity": "sign_up_block" })).await.ok();
        assert_eq!((&milder["comment"], &milder["expires_at"]), (&json!("flood"), &blocked["expires_at"]));
        assert_eq!(visit(&door, "/api/v1/instance", "198.51.100.9").await, StatusCode::OK, "at once");
        assert!(!signs_up(&door, "one", "one@mail.example", "198.51.100.9").await);
        door.node.clock.advance_secs(3_601);
        assert_eq!(door.get(all, &token).await.ok(), json!([]));
        assert!(signs_up(&door, "one", "one@mail.example", "198.51.100.9").await);
        let lasting = door.post(all, &token, &json!({ "ip": "203.0.113.7", "severity": "sign_up_requires_approval" })).await.ok();
        assert_eq!(lasting["expires_at"], Value::Null);
        assert!(signs_up(&door, "two", "two@mail.example", "203.0.113.7").await, "and waits, as everybody does");
        for wrong in [json!({ "ip": "0.0.0.0/0" }), json!({}), json!({ "ip": "203.0.113.7" }), json!({ "ip": "192.0.2.1", "severity": "all" }),
            json!({ "ip": "192.0.2.1", "expires_in": -5 }), json!({ "ip": "192.0.2.1", "expires_in": "soon" })] {
            assert_eq!(door.post(all, &token, &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        }
    }

    async fn nobody_keeps_themselves_out(store: Store) {
        let door = Door::new(store);
        let token = admin(&door).await;
        let all = "/api/v1/admin/ip_blocks";
        // Here requests come from 0.0.0.0.
        let oneself = json!({ "ip": "0.0.0.0/8", "severity": "no_access" });
        assert_eq!(door.post(all, &token, &oneself).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let milder = door.post(all, &token, &json!({ "ip": "0.0.0.0/8", "severity": "sign_up_block" })).await.ok();
        let stricter = door.put(&path("ip_blocks", &milder), &token, &json!({ "severity": "no_access" })).await;
        assert_eq!(stricter.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(door.get(all, &token).await.ok()[0]["severity"], "sign_up_block");
    }
}
