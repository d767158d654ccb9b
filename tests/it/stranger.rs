//! Somebody on software that knows no communities: a server of one person, on loopback, that serves its
//! documents and sends signed activities to whom its test says.

use alongside_testkit::foreign::{ACTIVITY_JSON, Server};
use alongside_testkit::keys;
use axum::http::{StatusCode, header};
use http_signatures::private_key::PrivateKey;
use http_signatures::request::Target;
use http_signatures::sign::{self, Signer};
use http_signatures::time::UnixSeconds;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::peer::Peer;

const ACTIVITY_STREAMS: &str = "https://www.w3.org/ns/activitystreams";
const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// Bytes of a post that is larger than a node takes in.
pub(crate) const HEAVY_BYTES: usize = 8 << 20;

/// A person, and all that their server has to say.
pub(crate) struct Stranger {
    /// Their address in the protocol.
    pub(crate) uri: String,
    key: PrivateKey,
    server: Server,
}

impl Stranger {
    /// Opens the server behind this door.
    pub(crate) fn behind(door: TcpListener) -> Self {
        let server = Server::behind(door);
        server.make(without_end);
        let key = PrivateKey::from_pkcs8(keys::rsa()).expect("a key");
        let stranger = Self { uri: server.at("/users/gus"), key, server };
        stranger.says("/users/gus", &stranger.profile());
        stranger
    }

    /// Puts a document at a path of theirs.
    pub(crate) fn says(&self, path: &str, document: &Value) {
        self.server.serve_as(path, ACTIVITY_JSON, document.to_string());
    }

    /// Takes a document away.
    pub(crate) fn forgets(&self, path: &str) {
        self.server.forget(path);
    }

    /// Everything that was asked of them and sent to them: address and body.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.server.heard()
    }

    /// An address of theirs.
    pub(crate) fn at(&self, path: &str) -> String {
        self.server.at(path)
    }

    /// A public answer, as microblogging software writes it: to everybody, and to the author of what it
    /// answers.
    pub(crate) fn answer(&self, path: &str, to: &Value, says: &str) -> Value {
        json!({
            "@context": ACTIVITY_STREAMS,
            "id": self.at(path),
            "type": "Note",
            "attributedTo": self.uri,
            "inReplyTo": to["uri"],
            "content": says,
            "published": "2026-11-23T02:00:00Z",
            "to": [PUBLIC],
            "cc": [self.at("/users/gus/followers"), to["author"]],
            "tag": [{ "type": "Mention", "href": to["author"], "name": "@ben" }],
        })
    }

    /// An activity of theirs about something.
    pub(crate) fn does(&self, path: &str, kind: &str, object: &Value) -> Value {
        json!({
            "@context": ACTIVITY_STREAMS,
            "id": self.at(path),
            "type": kind,
            "actor": self.uri,
            "to": [PUBLIC],
            "object": object,
        })
    }

    /// Sends an activity, signed, to somebody's inbox; it must be taken.
    pub(crate) async fn sends(&self, to: &Peer, inbox: &str, activity: &Value) {
        let now = UnixSeconds(to.kit.app.now().as_secs());
        let (status, text) = self.tries(to.host(), inbox, activity, now).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{text}");
    }

    /// Sends an activity, signed at this moment, to an inbox of a node; what is answered.
    #[expect(clippy::disallowed_methods, reason = "a stranger, on loopback")]
    pub(crate) async fn tries(
        &self,
        at: &str,
        inbox: &str,
        activity: &Value,
        now: UnixSeconds,
    ) -> (StatusCode, String) {
        let url = format!("http://{at}{inbox}");
        let target = Target::new(&url.parse().expect("an address")).expect("a whole address");
        let body = activity.to_string();
        let signer = Signer { key: &self.key, key_id: &format!("{}#main-key", self.uri) };
        let headers = sign::cavage(&reqwest::Method::POST, &target, body.as_bytes(), signer, now);
        let request = reqwest::Client::new()
            .post(url)
            .headers(headers.expect("the key signs"))
            .header(header::CONTENT_TYPE, ACTIVITY_JSON)
            .body(body);
        let answer = request.send().await.expect("the node answers");
        (answer.status(), answer.text().await.expect("the answer is text"))
    }

    fn profile(&self) -> Value {
        json!({
            "@context": [ACTIVITY_STREAMS, "https://w3id.org/security/v1"],
            "id": self.uri,
            "type": "Person",
            "preferredUsername": "gus",
            "inbox": self.at("/users/gus/inbox"),
            "outbox": self.at("/users/gus/outbox"),
            "followers": self.at("/users/gus/followers"),
            "publicKey": {
                "id": format!("{}#main-key", self.uri),
                "owner": self.uri,
                "publicKeyPem": self.key.public_key().to_pem(),
            },
        })
    }
}

/// What nobody can read to its end: a thread, each of whose posts answers another, and posts too large for anybody.
fn without_end(base: &str, path: &str) -> Option<Value> {
    let (kind, number) = path.strip_prefix('/')?.split_once('/')?;
    let number: u64 = number.parse().ok()?;
    let content = match kind {
        "endless" => "and another thing".to_owned(),
        "heavy" => "and on ".repeat(HEAVY_BYTES / 7),
        _ => return None,
    };
    Some(json!({
        "@context": ACTIVITY_STREAMS,
        "id": format!("{base}{path}"),
        "type": "Note",
        "attributedTo": format!("{base}/users/gus"),
        "inReplyTo": format!("{base}/{kind}/{}", number + 1),
        "content": content,
        "to": [PUBLIC],
    }))
}
