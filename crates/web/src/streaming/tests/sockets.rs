//! Connections: who gets one, what is said to nonsense, and how they end.

use super::{Streams, of};
use crate::error::Error;
use crate::mastodon::testing::Persona;
use crate::streaming::frames::Form;
use crate::streaming::hub::{Guest, Hub, Message as Sent, Why};
use crate::streaming::run;
use alongside_app::oauth;
use alongside_domain::account::Role;
use alongside_domain::channel::Channel;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{MemberId, TokenId};
use alongside_domain::limits::CHANNELS_MAX;
use alongside_store::engine::Store;
use alongside_store::oauth as tokens;
use alongside_testkit::both_engines;
use axum::body::{Body, BodyDataStream, Bytes};
use futures_util::{SinkExt as _, StreamExt as _};
use http::{Method, Request, StatusCode};
use serde_json::json;
use std::net::Ipv4Addr;
use std::sync::Arc;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

both_engines! {
    async fn a_token_comes_in_three_ways_and_a_bad_one_in_none(store: Store) {
        let streams = Streams::new(store).await;
        let sam = streams.door.persona("sam").await;
        let bearer = format!("Bearer {}", sam.token);
        let in_address = format!("?stream=user&access_token={}", sam.token);
        let mut ears = vec![
            streams.try_open("?stream=user", &[("authorization", &bearer)]).await.unwrap(),
            streams.try_open("?stream=user", &[("sec-websocket-protocol", &sam.token)]).await.unwrap(),
            streams.try_open(&in_address, &[]).await.unwrap(),
        ];
        for ear in &mut ears {
            assert_eq!(ear.heard().await, []);
        }
        let post = streams.say(&sam, json!({ "status": "now" })).await;
        streams.tell().await;
        for ear in &mut ears {
            assert_eq!(ear.ids().await, [of("user", "update", &post)]);
        }
        for bad in ["?access_token=bad", ""] {
            assert_eq!(streams.try_open(bad, &[]).await.err(), Some(401));
        }
        assert_eq!(streams.try_open("", &[("sec-websocket-protocol", "bad")]).await.err(), Some(401));
        assert_eq!(streams.try_open(&in_address, &[]).await.err(), Some(429), "three are a member's share");
        drop(ears.pop());
        assert_eq!(streams.door.get("/api/v1/streaming", &sam.token).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(streams.door.get("/api/v1/streaming/health", "").await.bytes, "OK");
    }

    async fn a_revoked_token_ends_the_connection_and_hears_nothing_more(store: Store) {
        let streams = Streams::new(store).await;
        let sam = streams.door.persona("sam").await;
        let mut his = streams.listen(&sam, &["user"]).await;
        streams.say(&sam, json!({ "status": "too late" })).await;
        let app = streams.door.node.app.clone();
        let client = oauth::bearer(&app, &sam.token).await.unwrap().unwrap().app_id;
        let mut tx = app.store().begin().await.unwrap();
        tokens::revoke(&mut tx, &oauth::fingerprint(&sam.token), client, app.now()).await.unwrap();
        tx.commit().await.unwrap();
        streams.tell().await;
        assert_eq!(his.end_at_once().await.code, CloseCode::Policy);
    }

    async fn a_suspension_ends_the_connection_and_nothing_more_is_heard(store: Store) {
        let streams = Streams::new(store).await;
        let (sam, door) = (streams.door.persona("sam").await, &streams.door);
        door.node.member_as("root", Role::Admin).await;
        let root = door.token("root", "admin:write").await;
        for what in ["suspend", "disable"] {
            let (mut socket, mut events) = (streams.listen(&sam, &["user"]).await, events(&streams, &sam).await);
            streams.say(&sam, json!({ "status": "too late" })).await;
            let action = |path: &str| format!("/api/v1/admin/accounts/{}/{path}", sam.member);
            door.post(&action("action"), &root, &json!({ "type": what })).await.ok();
            streams.tell().await;
            assert_eq!(socket.end_at_once().await.code, CloseCode::Policy, "{what}");
            assert!(events.next().await.is_none(), "{what}");
            let lift = if what == "suspend" { "unsuspend" } else { "enable" };
            door.post(&action(lift), &root, &json!({})).await.ok();
        }
    }

    async fn whoever_is_in_a_network_that_is_shut_out_hears_nothing_more(store: Store) {
        let streams = Streams::new(store).await;
        let (sam, door) = (streams.door.persona("sam").await, &streams.door);
        door.node.member_as("root", Role::Admin).await;
        let root = door.token("root", "admin:write").await;
        let (mut there, mut here) = (streams.listen(&sam, &["user"]).await, events(&streams, &sam).await);
        let post = streams.say(&sam, json!({ "status": "too late" })).await;
        // Sockets come from 127.0.0.1, and what is asked of the router itself from 0.0.0.0.
        let shut = json!({ "ip": "127.0.0.0/8", "severity": "no_access" });
        door.post("/api/v1/admin/ip_blocks", &root, &shut).await.ok();
        streams.tell().await;
        assert_eq!(there.end_at_once().await.code, CloseCode::Policy);
        let heard = here.next().await.unwrap().unwrap();
        assert!(std::str::from_utf8(&heard).unwrap().contains(&post), "others hear it");
        let bearer = format!("Bearer {}", sam.token);
        assert_eq!(streams.try_open("", &[("authorization", &bearer)]).await.err(), Some(403));
    }

    async fn nothing_has_to_be_told_for_a_network_to_be_shut_out(store: Store) {
        let streams = Streams::new(store).await;
        let (sam, door) = (streams.door.persona("sam").await, &streams.door);
        door.node.member_as("root", Role::Admin).await;
        let root = door.token("root", "admin:write").await;
        let mut his = streams.listen(&sam, &["user"]).await;
        let stopping = CancellationToken::new();
        let running = tokio::spawn(run(streams.door.web.clone(), stopping.clone()));
        let shut = json!({ "ip": "127.0.0.1", "severity": "no_access" });
        door.post("/api/v1/admin/ip_blocks", &root, &shut).await.ok();
        door.node.clock.advance_secs(1);
        assert_eq!(his.end_at_once().await.code, CloseCode::Policy);
        stopping.cancel();
        running.await.unwrap();
    }

    async fn nonsense_is_answered(store: Store) {
        let streams = Streams::new(store).await;
        let sam = streams.door.persona("sam").await;
        let mut his = streams.listen(&sam, &[]).await;
        for (nonsense, status) in [
            ("not json", 400), ("[1, 2", 400), ("\"text\"", 400), ("{}", 400), (r#"{"type":7}"#, 400),
            (r#"{"type":"subscribe"}"#, 400), (r#"{"type":"subscribe","stream":"secrets"}"#, 400),
            (r#"{"type":"subscribe","stream":"hashtag"}"#, 400), (r#"{"type":"subscribe","stream":"list","list":"x"}"#, 400),
            (r#"{"type":"subscribe","stream":"list","list":7}"#, 404), (r#"{"type":"subscribe","stream":{"a":{"b":1}}}"#, 422),
            (r#"{"type":"unsubscribe","stream":"secrets"}"#, 400), (r#"{"type":"subscribe","stream":"group","group":1}"#, 404),
        ] {
            his.socket.send(Message::text(nonsense)).await.unwrap();
            let answer = his.next_text().await;
            assert!(answer["error"].is_string(), "{nonsense}: {answer}");
            assert_eq!(answer["status"], status, "{nonsense}: {answer}");
        }
        his.say(&json!({ "type": "unsubscribe", "stream": "user" })).await;
        his.say(&json!({ "type": "subscribe", "stream": ["user"] })).await;
        assert_eq!(his.heard().await, []);
        his.socket.send(Message::binary(vec![0, 159, 146, 150])).await.unwrap();
        assert_eq!(his.end().await.code, CloseCode::Unsupported);
        let mut his = streams.listen(&sam, &["user"]).await;
        his.socket.send(Message::text("x".repeat(5_000))).await.unwrap();
        assert_eq!(his.end().await.code, CloseCode::Size);
        let mut his = streams.listen(&sam, &[]).await;
        for _ in 0..200 {
            // The node may have hung up already.
            let _ = his.socket.send(Message::text("{}")).await;
        }
        assert_eq!(his.end().await.code, CloseCode::Policy);
    }

    async fn a_channel_needs_the_scope_for_it(store: Store) {
        let streams = Streams::new(store).await;
        let mut sam = streams.door.persona("sam").await;
        sam.token = streams.door.token("sam", "read:notifications").await;
        let mut his = streams.listen(&sam, &["user:notification"]).await;
        his.say(&json!({ "type": "subscribe", "stream": "user" })).await;
        assert_eq!(his.next_text().await["status"], 403);
        assert_eq!(streams.door.get("/api/v1/streaming/user", &sam.token).await.status, StatusCode::FORBIDDEN);
        assert_eq!(streams.door.get("/api/v1/streaming/user", "").await.status, StatusCode::UNAUTHORIZED);
    }

    async fn a_connection_listens_to_so_many_channels(store: Store) {
        let streams = Streams::new(store).await;
        let sam = streams.door.persona("sam").await;
        let mut his = streams.listen(&sam, &[]).await;
        for number in 0..=CHANNELS_MAX {
            his.say(&json!({ "type": "subscribe", "stream": "hashtag", "tag": format!("tag{number}") })).await;
        }
        assert_eq!(his.next_text().await["status"], 422);
    }

    async fn a_node_that_stops_says_goodbye(store: Store) {
        let streams = Streams::new(store).await;
        let sam = streams.door.persona("sam").await;
        let mut his = streams.listen(&sam, &["user"]).await;
        let stopping = CancellationToken::new();
        let running = tokio::spawn(run(streams.door.web.clone(), stopping.clone()));
        let post = streams.say(&sam, json!({ "status": "the last" })).await;
        let told = his.next_text().await;
        assert!(told["payload"].as_str().unwrap().contains(&post), "the bell was heard: {told}");
        stopping.cancel();
        assert_eq!(his.end().await.code, CloseCode::Away);
        running.await.unwrap();
        let bearer = format!("Bearer {}", sam.token);
        assert_eq!(streams.try_open("", &[("authorization", &bearer)]).await.err(), Some(503));
    }

    async fn events_come_over_plain_http_too(store: Store) {
        let streams = Streams::new(store).await;
        let sam = streams.door.persona("sam").await;
        let request = |path: &str| {
            let path = format!("/api/v1/streaming/{path}");
            let bearer = format!("Bearer {}", sam.token);
            Request::builder().method(Method::GET).uri(path).header("authorization", bearer).body(Body::empty()).unwrap()
        };
        for path in ["hashtag", "list", "group", "hashtag/local"] {
            let refused = streams.door.router.clone().oneshot(request(path)).await.unwrap();
            assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{path}");
        }
        for path in ["secrets", "public/secret"] {
            let unknown = streams.door.get(&format!("/api/v1/streaming/{path}"), "").await;
            assert_eq!((unknown.status, &unknown.json()["error"]), (StatusCode::BAD_REQUEST, &json!("Unknown channel requested")));
        }
        let mut bodies = Vec::new();
        for path in ["user", "public/local", "hashtag?tag=tea"] {
            let answer = streams.door.router.clone().oneshot(request(path)).await.unwrap();
            assert_eq!((answer.status(), &answer.headers()["content-type"]), (StatusCode::OK, &"text/event-stream".parse().unwrap()));
            let mut body = answer.into_body().into_data_stream();
            assert_eq!(body.next().await.unwrap().unwrap(), ":)\n");
            bodies.push(body);
        }
        let post = streams.say(&sam, json!({ "status": "a cup of #tea" })).await;
        streams.tell().await;
        for body in &mut bodies {
            let text: Bytes = body.next().await.unwrap().unwrap();
            let text = std::str::from_utf8(&text).unwrap();
            assert!(text.starts_with("event: update\ndata: {") && text.contains(&post) && text.ends_with("}\n\n"), "{text}");
        }
        let nothing = streams.door.router.clone().oneshot(request("public?only_media=true")).await.unwrap();
        assert_eq!(nothing.status(), StatusCode::TOO_MANY_REQUESTS, "they count as connections");
    }
}

/// Somebody's server-sent events, asked of the router itself, after the first sign of life.
async fn events(streams: &Streams, who: &Persona) -> BodyDataStream {
    let request =
        Request::get("/api/v1/streaming/user").header("authorization", format!("Bearer {}", who.token));
    let answer = streams.door.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let mut events = answer.into_body().into_data_stream();
    assert_eq!(events.next().await.unwrap().unwrap(), ":)\n");
    events
}

fn guest(member: i64) -> Guest {
    Guest {
        token: TokenId::new(member),
        member: MemberId::from(member),
        reads_notifications: true,
        form: Form::Socket,
        from: Ipv4Addr::LOCALHOST.into(),
    }
}

fn hub(streams: usize) -> Arc<Hub> {
    Arc::new(Hub::new(&crate::state::Limits {
        token_requests_per_5_min: 1,
        address_sign_ins_per_5_min: 1,
        address_apps_per_hour: 1,
        streams,
        streams_per_member: 2,
    }))
}

#[tokio::test]
async fn only_those_whose_token_was_revoked_are_ended() {
    let hub = hub(9);
    let now = Timestamp::from_secs(1);
    let mut revoked = hub.sit(guest(1), now).unwrap();
    // The tokens were listed before this one came.
    let newcomer = hub.sit(guest(2), now).unwrap();
    hub.end_revoked(&[TokenId::new(1)].into());
    assert!(matches!(revoked.next().await, Err(Why::Revoked)));
    assert!(!newcomer.end().is_cancelled());
}

#[tokio::test]
async fn whoever_does_not_take_what_comes_is_let_go_and_nobody_else() {
    let hub = hub(9);
    let now = Timestamp::from_secs(1);
    let (mut slow, mut quick) = (hub.sit(guest(1), now).unwrap(), hub.sit(guest(2), now).unwrap());
    for seat in [&slow, &quick] {
        seat.listen(r#"["user"]"#.to_owned(), Channel::User).unwrap();
    }
    let by = [1, 2].map(|member| (Channel::User, MemberId::from(member))).to_vec();
    let message = [Sent { payload: Some("{}".to_owned()), by }];
    for _ in 0..500 {
        hub.send("update", false, &message);
        assert!(quick.next().await.unwrap().starts_with(b"{\"stream\":[\"user\"]"));
    }
    assert_eq!(slow.next().await, Err(Why::Slow));
    assert_eq!(hub.tokens(), [TokenId::new(2)]);
}

#[tokio::test]
async fn there_are_so_many_places_and_each_is_given_back() {
    let hub = hub(3);
    let now = Timestamp::from_secs(1);
    let first = hub.sit(guest(1), now).unwrap();
    let _second = hub.sit(guest(1), now).unwrap();
    assert!(matches!(hub.sit(guest(1), now), Err(Error::TooMany { limit: 2, .. })));
    let _third = hub.sit(guest(2), now).unwrap();
    assert!(matches!(hub.sit(guest(3), now), Err(Error::Unavailable(_))));
    drop(first);
    assert!(hub.sit(guest(3), now).is_ok());
}
