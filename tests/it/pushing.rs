//! Web push, from a client's subscription to what its push service is sent, which the test opens with the client's
//! key as a browser would.

use std::sync::{Arc, Mutex, PoisonError};

use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::hmac;
use aws_lc_rs::signature::{self, ECDSA_P256_SHA256_FIXED};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::peer::{Peer, id, settle};

const AUTH: [u8; 16] = [7; 16];
const SUBSCRIPTION: &str = "/api/v1/push/subscription";

both_engines! {
    async fn a_client_is_told_that_there_is_something_and_not_what(store: Store) {
        let service = Service::open().await;
        let node = Peer::beside(store, &service.address).await;
        let (ada, ben) = (node.member("ada").await, node.member("ben").await);
        assert_eq!(ada.try_call("GET", SUBSCRIPTION, None).await.0, 404);
        for standard in [true, false] {
            let made = ada.call("POST", SUBSCRIPTION, Some(&service.asks(standard, "all"))).await;
            assert_eq!((&made["alerts"]["mention"], &made["alerts"]["follow"], &made["policy"], &made["standard"]),
                (&json!(true), &json!(false), &json!("all"), &json!(standard)));
            ben.post(&json!({ "status": "@ada the needle hurt" })).await;
            settle(&[&node]).await;
            let sent = service.take();
            assert_eq!(sent.len(), 1, "one for each");
            let told = service.open_sealed(&sent[0], made["server_key"].as_str().expect("a key"));
            assert_eq!((&told["notification_type"], &told["access_token"]), (&json!("mention"), &json!("")));
            assert!(!told.to_string().contains("needle") && !told.to_string().contains("ben"), "{told}");
            let shown = ada.get(&format!("/api/v1/notifications/{}", told["notification_id"])).await;
            assert_eq!(shown["status"]["account"]["acct"], "ben");
        }
        assert_eq!(ada.get("/api/v1/apps/verify_credentials").await["vapid_key"], ada.get("/api/v2/instance").await["configuration"]["vapid"]["public_key"]);
    }

    async fn what_is_told_is_what_was_asked_for(store: Store) {
        let service = Service::open().await;
        let node = Peer::beside(store, &service.address).await;
        let (ada, ben) = (node.member("ada").await, node.member("ben").await);
        ada.call("POST", SUBSCRIPTION, Some(&service.asks(true, "followed"))).await;
        let greets = async |times: usize, why: &str| {
            ben.post(&json!({ "status": "hello @ada" })).await;
            settle(&[&node]).await;
            assert_eq!(service.take().len(), times, "{why}");
        };
        greets(0, "she does not follow him").await;
        let him = id(&ada.find("ben").await);
        ada.act(&format!("/api/v1/accounts/{him}/follow")).await;
        greets(1, "she follows him").await;
        let changed = ada.call("PUT", SUBSCRIPTION, Some(&json!({ "data": { "alerts": { "follow": true } } }))).await;
        assert_eq!((&changed["alerts"]["mention"], &changed["policy"]), (&json!(false), &json!("followed")));
        greets(0, "she asked for follows alone").await;
        ada.call("PUT", SUBSCRIPTION, Some(&json!({ "data": { "alerts": { "mention": true }, "policy": "all" } }))).await;
        ada.act(&format!("/api/v1/accounts/{him}/mute")).await;
        greets(0, "she is told nothing of whom she mutes").await;
        ada.act(&format!("/api/v1/accounts/{him}/unmute")).await;
        greets(1, "and of others she is").await;
        ada.call("DELETE", SUBSCRIPTION, None).await;
        greets(0, "she has taken it back").await;
        assert_eq!(ada.try_call("PUT", SUBSCRIPTION, Some(&json!({}))).await.0, 404);
    }

    async fn a_service_that_knows_the_client_no_more_is_not_asked_again_and_one_that_is_busy_is(store: Store) {
        let service = Service::open().await;
        let node = Peer::beside(store, &service.address).await;
        let (ada, ben) = (node.member("ada").await, node.member("ben").await);
        ada.call("POST", SUBSCRIPTION, Some(&service.asks(true, "all"))).await;
        service.answers(StatusCode::SERVICE_UNAVAILABLE);
        ben.post(&json!({ "status": "hello @ada" })).await;
        settle(&[&node]).await;
        assert_eq!(service.take().len(), 1);
        service.answers(StatusCode::CREATED);
        node.kit.clock.advance_secs(120);
        settle(&[&node]).await;
        assert_eq!(service.take().len(), 1, "it is tried again");
        service.answers(StatusCode::GONE);
        ben.post(&json!({ "status": "hello again @ada" })).await;
        settle(&[&node]).await;
        assert_eq!(service.take().len(), 1);
        assert_eq!(ada.try_call("GET", SUBSCRIPTION, None).await.0, 404, "the service has forgotten the client");
    }

    async fn an_endpoint_is_an_address_that_may_be_reached(store: Store) {
        let service = Service::open().await;
        let node = Peer::beside(store, &service.address).await;
        let ada = node.member("ada").await;
        let good = service.asks(true, "all");
        for endpoint in ["http://push.example/1", "https://127.0.0.1/1", "https://[::1]/1", "https://10.0.0.1/", "file:///etc/passwd",
            "https://user:secret@push.example/", "javascript:alert(1)", "", "http://127.0.0.1:1/"] {
            let mut asks = good.clone();
            asks["subscription"]["endpoint"] = json!(endpoint);
            assert_eq!(ada.try_call("POST", SUBSCRIPTION, Some(&asks)).await.0, 422, "{endpoint}");
        }
        for (key, value) in [("p256dh", "BCVx"), ("p256dh", "!"), ("auth", "AAAA"), ("auth", "")] {
            let mut asks = good.clone();
            asks["subscription"]["keys"][key] = json!(value);
            assert_eq!(ada.try_call("POST", SUBSCRIPTION, Some(&asks)).await.0, 422, "{key} {value}");
        }
        for (kind, status) in [(json!({}), 400), (json!({ "subscription": "x" }), 422), (json!({ "subscription": { "endpoint": "https://push.example/1" } }), 422)] {
            assert_eq!(ada.try_call("POST", SUBSCRIPTION, Some(&kind)).await.0, status, "{kind}");
        }
        assert_eq!(ada.try_call("GET", SUBSCRIPTION, None).await.0, 404, "nothing of it was kept");
    }
}

/// A push service, and a client that it serves.
struct Service {
    address: String,
    client: PrivateKey,
    shared: Arc<Shared>,
}

struct Shared {
    sent: Mutex<Vec<(HeaderMap, Bytes)>>,
    status: Mutex<StatusCode>,
}

impl Service {
    async fn open() -> Self {
        let door = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
        let address = door.local_addr().expect("a bound door has an address").to_string();
        let shared = Arc::new(Shared { sent: Mutex::default(), status: Mutex::new(StatusCode::CREATED) });
        let router = Router::new().fallback(take).with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(door, router).await.expect("the door stays open") });
        Self { address, client: PrivateKey::generate(&ECDH_P256).expect("a key"), shared }
    }

    fn asks(&self, standard: bool, policy: &str) -> Value {
        let public = self.client.compute_public_key().expect("its public half");
        json!({
            "subscription": {
                "endpoint": format!("http://{}/client/1", self.address),
                "keys": { "p256dh": BASE64URL_NOPAD.encode(public.as_ref()), "auth": BASE64URL_NOPAD.encode(&AUTH) },
                "standard": standard,
            },
            "data": { "alerts": { "mention": true, "follow": false, "of.another.world": true }, "policy": policy },
        })
    }

    fn answers(&self, status: StatusCode) {
        *self.shared.status.lock().unwrap_or_else(PoisonError::into_inner) = status;
    }

    fn take(&self) -> Vec<(HeaderMap, Bytes)> {
        std::mem::take(&mut *self.shared.sent.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What was sent, as the client reads it; the node has to have said who it is.
    fn open_sealed(&self, (headers, body): &(HeaderMap, Bytes), node_key: &str) -> Value {
        let header = |name: &str| headers.get(name).map_or("", |value| value.to_str().expect("plain text"));
        assert!(header("ttl").parse::<u32>().expect("a number") > 0 && header("urgency") == "normal");
        let authorization = header("authorization");
        let plain = if header("content-encoding") == "aes128gcm" {
            let (statement, key) = authorization
                .strip_prefix("vapid t=")
                .and_then(|it| it.split_once(", k="))
                .expect("a statement");
            assert_eq!(key, node_key);
            self.check(statement, node_key);
            let (salt, rest) = body.split_at(16);
            assert_eq!(rest[4], 65);
            let (theirs, sealed) = rest[5..].split_at(65);
            let own = self.client.compute_public_key().expect("its public half");
            let secret = self.agreed(theirs);
            let master = mac(&secret, &[b"WebPush: info\0", own.as_ref(), theirs, &[1]]);
            let once = mac(salt, &[&master]);
            let plain = opened(
                &mac(&once, &[b"Content-Encoding: aes128gcm\0", &[1]]),
                &mac(&once, &[b"Content-Encoding: nonce\0", &[1]]),
                sealed,
            );
            let end = plain.iter().rposition(|byte| *byte != 0).expect("a delimiter");
            assert_eq!(plain[end], 2);
            plain[..end].to_vec()
        } else {
            assert_eq!(header("content-encoding"), "aesgcm");
            self.check(authorization.strip_prefix("WebPush ").expect("a statement"), node_key);
            let salt = BASE64URL_NOPAD
                .decode(header("encryption").strip_prefix("salt=").expect("a salt").as_bytes())
                .expect("base64");
            let (theirs, key) = header("crypto-key")
                .strip_prefix("dh=")
                .and_then(|it| it.split_once(";p256ecdsa="))
                .expect("keys");
            assert_eq!(key, node_key);
            let theirs = BASE64URL_NOPAD.decode(theirs.as_bytes()).expect("base64");
            let own = self.client.compute_public_key().expect("its public half");
            let secret = self.agreed(&theirs);
            let once = mac(&salt, &[&mac(&secret, &[b"Content-Encoding: auth\0", &[1]])]);
            let both = [&b"P-256\0\0\x41"[..], own.as_ref(), b"\0\x41", &theirs].concat();
            let plain = opened(
                &mac(&once, &[b"Content-Encoding: aesgcm\0", &both, &[1]]),
                &mac(&once, &[b"Content-Encoding: nonce\0", &both, &[1]]),
                body,
            );
            let filling = usize::from(u16::from_be_bytes([plain[0], plain[1]]));
            plain[2 + filling..].to_vec()
        };
        serde_json::from_slice(&plain).expect("JSON")
    }

    fn agreed(&self, theirs: &[u8]) -> [u8; 32] {
        agree(&self.client, UnparsedPublicKey::new(&ECDH_P256, theirs), (), |shared| {
            Ok(mac(&AUTH, &[shared]))
        })
        .expect("a point of the curve")
    }

    fn check(&self, statement: &str, node_key: &str) {
        let (signed, proof) = statement.rsplit_once('.').expect("three parts");
        let key = BASE64URL_NOPAD.decode(node_key.as_bytes()).expect("base64");
        let proof = BASE64URL_NOPAD.decode(proof.as_bytes()).expect("base64");
        signature::UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key)
            .verify(signed.as_bytes(), &proof)
            .expect("it is signed by the node");
        let claims = signed.split_once('.').expect("two parts").1;
        let claims: Value =
            serde_json::from_slice(&BASE64URL_NOPAD.decode(claims.as_bytes()).expect("base64"))
                .expect("JSON");
        assert_eq!(claims["aud"], format!("http://{}", self.address));
    }
}

async fn take(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    shared.sent.lock().unwrap_or_else(PoisonError::into_inner).push((headers, body));
    *shared.status.lock().unwrap_or_else(PoisonError::into_inner)
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    for part in parts {
        context.update(part);
    }
    context.sign().as_ref().try_into().expect("32 bytes")
}

fn opened(key: &[u8; 32], nonce: &[u8; 32], sealed: &[u8]) -> Vec<u8> {
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key[..16]).expect("a key"));
    let nonce = Nonce::try_assume_unique_for_key(&nonce[..12]).expect("a nonce");
    let mut text = sealed.to_vec();
    let length =
        key.open_in_place(nonce, Aad::empty(), &mut text).expect("it was sealed for this client").len();
    text.truncate(length);
    text
}
