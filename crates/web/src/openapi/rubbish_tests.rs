//! Rubbish, sent to every address that the description has by somebody who may do everything: nothing breaks, and what
//! is answered is described.

use super::tests::operations;
use crate::mastodon::testing::Door;
use alongside_domain::account::Role;
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use http::StatusCode;
use serde_json::Value;

const SCOPES: &str = "read write follow push profile admin:read admin:write";

/// Bodies that nobody can read, with the kinds they are said to be of.
const BODIES: [(&str, &[u8]); 9] = [
    ("application/json", b"{\"id\":"),
    ("application/json", b"[{}]"),
    ("application/json", b"{\"id\":\"\xff\"}"),
    ("application/vnd.api+json", b"null"),
    ("application/x-www-form-urlencoded", b"id[a][b][c][d][e][f][g][h]=7"),
    ("multipart/form-data", b"--x--"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n7"),
    ("text/plain", b"id=7"),
    ("application/octet-stream", b"\0\xff"),
];

/// What stands in an address where a name or an id should.
const NAMES: [&str; 8] =
    ["x", "-1", "9223372036854775808", "%00", "7%00", "%FF", "%2E%2E%2Fetc", "%F0%9F%8C%99"];

/// How long the counts of requests last, and a little more.
const LATER_SECS: i64 = 301;

struct Anybody {
    door: Door,
    token: String,
    document: Value,
}

impl Anybody {
    async fn new(store: Store) -> Self {
        let door = Door::new(store);
        door.node.member_as("root", Role::Admin).await;
        let token = door.token("root", SCOPES).await;
        let document = door.get("/api/openapi.json", "").await.ok();
        Self { door, token, document }
    }

    /// Sends it, and looks whether the description has the answer.
    async fn send(
        &self,
        name: &str,
        told: &Value,
        part: &str,
        (kind, body): (&str, &'static [u8]),
    ) -> StatusCode {
        let (method, path) = name.split_once(' ').unwrap();
        let path = filled(path, part);
        let answer = self.door.send(method.parse().unwrap(), &path, &self.token, kind, body.into()).await;
        let (status, said) = (answer.status, String::from_utf8_lossy(&answer.bytes));
        let sent = format!("{method} {path} with {kind} {}", String::from_utf8_lossy(body));
        assert!(!status.is_server_error(), "{sent}: {status} {said}");
        assert_ne!(status, StatusCode::TOO_MANY_REQUESTS, "{sent}: it was not even read");
        assert!(told["responses"].get(status.as_str()).is_some(), "{sent}: nobody is told of {status}");
        status
    }
}

both_engines! {
    async fn a_body_that_nobody_can_read_is_refused(store: Store) {
        let anybody = Anybody::new(store).await;
        for sent in BODIES {
            anybody.door.node.clock.advance_secs(LATER_SECS);
            for (name, told) in operations(&anybody.document) {
                if name.starts_with("GET ") {
                    continue;
                }
                let status = anybody.send(&name, told, "7", sent).await;
                let is_read = told.get("requestBody").is_some();
                assert!(!is_read || status.is_client_error(), "{name} takes {sent:?}: {status}");
            }
        }
    }

    async fn an_address_that_names_nothing_breaks_nothing(store: Store) {
        let anybody = Anybody::new(store).await;
        for part in NAMES {
            anybody.door.node.clock.advance_secs(LATER_SECS);
            for (name, told) in operations(&anybody.document) {
                if name.contains('{') {
                    anybody.send(&name, told, part, ("application/json", b"{}")).await;
                }
            }
        }
    }
}

/// An address with this in each of its open parts.
fn filled(path: &str, part: &str) -> String {
    let parts = path.split('/').map(|given| if given.starts_with('{') { part } else { given });
    parts.collect::<Vec<_>>().join("/")
}
