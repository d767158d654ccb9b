//! A foreign server on loopback and people who live there, and a node of ours that may talk to it.

use alongside_domain::actor::Actor;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::ActorId;
use alongside_domain::post::Post;
use alongside_federation::fetch;
use alongside_federation::keys::ActorKeys;
use alongside_federation::node::{Federation, Settings};
use alongside_federation::proof;
use alongside_federation::receive::{self, Accepted, Arriving, Refused};
use alongside_federation::signing::{self, Manner};
use alongside_federation::{resolve, worker};
use alongside_store::engine::Store;
use alongside_store::{actors, posts};
use alongside_testkit::foreign::Server;
use alongside_testkit::keys;
use alongside_testkit::node::Node;
use http::Method;
use http::header::HOST;
use http_signatures::private_key::PrivateKey;
use serde_json::{Value, json};
use std::ops::Deref;
use std::time::Duration;
use url::Url;

pub(crate) const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";
const CONTEXT: &str = "https://www.w3.org/ns/activitystreams";

/// A foreign server, with people.
pub(crate) struct Stranger(Server);

impl Stranger {
    pub(crate) async fn new() -> Self {
        Self(Server::open().await)
    }

    /// The paths it was asked for since, without WebFinger.
    pub(crate) fn asked_for(&self) -> Vec<String> {
        let paths = self.asked().into_iter().map(|asked| asked.path);
        paths.filter(|path| !path.starts_with("/.well-known/")).collect()
    }

    /// Somebody who lives there, served.
    pub(crate) fn actor(&self, name: &str, kind: &str) -> Person {
        let person = Person::new(&self.at(&format!("/users/{name}")), kind);
        self.serve(&person.document());
        person
    }
}

impl Deref for Stranger {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.0
    }
}

/// Somebody who lives on a foreign server.
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) keys: ActorKeys,
}

impl Person {
    pub(crate) fn new(id: &str, kind: &str) -> Self {
        let rsa = PrivateKey::from_pkcs8(keys::rsa()).unwrap();
        let ed25519 = PrivateKey::generate_ed25519().unwrap();
        let keys = ActorKeys {
            rsa_public_pem: rsa.public_key().to_pem(),
            rsa,
            rsa_uri: format!("{id}#main-key"),
            ed25519_public_multibase: ed25519.public_key().to_multibase().unwrap(),
            ed25519,
            ed25519_uri: format!("{id}#ed25519-key"),
            renewed_at: None,
        };
        Self { id: id.to_owned(), kind: kind.to_owned(), keys }
    }

    pub(crate) fn document(&self) -> Value {
        json!({
            "@context": CONTEXT,
            "id": self.id,
            "type": self.kind,
            "preferredUsername": self.id.rsplit('/').next(),
            "inbox": format!("{}/inbox", self.id),
            "followers": format!("{}/followers", self.id),
            "publicKey": {
                "id": self.keys.rsa_uri, "owner": self.id, "publicKeyPem": self.keys.rsa_public_pem,
            },
            "assertionMethod": [{
                "id": self.keys.ed25519_uri,
                "type": "Multikey",
                "controller": self.id,
                "publicKeyMultibase": self.keys.ed25519_public_multibase,
            }],
        })
    }

    /// Its document, with what its software declares to read.
    pub(crate) fn declaring(&self) -> Value {
        let mut document = self.document();
        let implements = json!([{ "href": signing::RFC9421 }, { "href": signing::RFC9421_ED25519 }]);
        document["generator"] = json!({ "type": "Application", "implements": implements });
        document
    }

    pub(crate) fn note(&self, name: &str, content: &str) -> Value {
        json!({
            "id": format!("{}/{name}", self.id),
            "type": "Note",
            "attributedTo": self.id,
            "to": [PUBLIC],
            "cc": [format!("{}/followers", self.id)],
            "content": content,
        })
    }

    pub(crate) fn activity(&self, name: &str, kind: &str, object: Value) -> Value {
        let mut activity = json!({
            "@context": CONTEXT,
            "id": format!("{}/{name}", self.id),
            "type": kind,
            "actor": self.id,
            "to": [PUBLIC],
            "cc": [],
        });
        activity["object"] = object;
        activity
    }

    /// The activity with a proof of this person.
    pub(crate) fn prove(&self, activity: Value, at: Timestamp) -> Value {
        proof::prove(activity, &self.keys, at).unwrap()
    }
}

/// A node of ours.
pub(crate) struct Ours {
    pub(crate) kit: Node,
    pub(crate) federation: Federation,
}

impl Ours {
    /// A node that may talk to these servers.
    pub(crate) fn new(store: Store, strangers: &[&Stranger]) -> Self {
        Self::within(store, strangers, fetch::Limits::default())
    }

    /// As [`Ours::new`], one that waits for no answer.
    pub(crate) fn impatient(store: Store, strangers: &[&Stranger]) -> Self {
        let deadline = Duration::from_millis(300);
        Self::within(store, strangers, fetch::Limits { deadline, ..fetch::Limits::default() })
    }

    fn within(store: Store, strangers: &[&Stranger], limits: fetch::Limits) -> Self {
        let kit = Node::at(store, "https://here.example");
        let settings = Settings {
            fetch: fetch::Settings {
                user_agent: "Alongside for a test".to_owned(),
                insecure_hosts: strangers.iter().map(|stranger| stranger.address.clone()).collect(),
                limits,
            },
            retry_first_secs: 30,
            retry_max_secs: 60,
            fetches_per_host_per_min: 1_000,
            arrivals_per_host_per_min: 1_000,
        };
        let federation = Federation::new(kit.app.clone(), settings).unwrap();
        Self { kit, federation }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.kit.app.now()
    }

    /// An activity arrives at our door.
    pub(crate) async fn receive(
        &self,
        by: &Person,
        manner: Manner,
        activity: &Value,
    ) -> Result<Accepted, Refused> {
        self.receive_at("/inbox", &Url::parse("https://here.example/inbox").unwrap(), by, manner, activity)
            .await
    }

    /// As [`Ours::receive`], at a path that may not be quite the one that was signed.
    pub(crate) async fn receive_at(
        &self,
        path: &str,
        signed: &Url,
        by: &Person,
        manner: Manner,
        activity: &Value,
    ) -> Result<Accepted, Refused> {
        let body = activity.to_string();
        let now = self.federation.unix_now();
        let mut headers = manner.sign(&Method::POST, signed, body.as_bytes(), &by.keys, now);
        headers.insert(HOST, "here.example".parse().unwrap());
        let uri = path.parse().unwrap();
        let arriving =
            Arriving { method: &Method::POST, uri: &uri, headers: &headers, body: body.as_bytes() };
        receive::accept(&self.federation, &arriving).await
    }

    /// An activity arrives, is taken in, and everything is done that follows.
    pub(crate) async fn act_on(&self, by: &Person, activity: &Value) {
        assert_eq!(self.receive(by, Manner::Cavage, activity).await.unwrap(), Accepted::Kept);
        self.settle().await;
    }

    pub(crate) async fn settle(&self) {
        worker::drain(&self.federation).await.unwrap();
    }

    pub(crate) async fn know(&self, person: &Person) -> Actor {
        resolve::actor(&self.federation, &Url::parse(&person.id).unwrap()).await.unwrap()
    }

    /// Somebody here who follows these.
    pub(crate) async fn follower_of(&self, handle: &str, followed: &[&Person]) -> ActorId {
        let member = self.kit.member(handle).await.actor();
        for person in followed {
            let known = self.know(person).await;
            self.kit.follow(member, known.id).await;
        }
        member
    }

    pub(crate) async fn post(&self, uri: &str) -> Option<Post> {
        posts::find_by_uri(&mut self.kit.app.reader(), uri).await.unwrap()
    }

    pub(crate) async fn actor(&self, uri: &str) -> Option<Actor> {
        actors::find_by_uri(&mut self.kit.app.reader(), uri).await.unwrap()
    }

    pub(crate) async fn is_there(&self, uri: &Value) -> bool {
        self.post(uri.as_str().unwrap()).await.is_some_and(|post| post.is_present())
    }
}
