//! Other servers, played by this program: each an address of its own with one person, who signs what they
//! say and takes in what they are told.

use crate::connection::{Asked, Connection};
use crate::node::Node;
use crate::{Failure, in_time, pause};
use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use bytes::Bytes;
use http::{Method, Request, StatusCode, Uri};
use http_body_util::Full;
use http_signatures::private_key::PrivateKey;
use http_signatures::request::Target;
use http_signatures::sign::{self, Signer};
use http_signatures::time::UnixSeconds;
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// The last part of the first server's address; 127.0.0.1 is where the nodes are.
const FIRST: u8 = 2;
const ACTIVITY: &str = "application/activity+json";
const CONTEXT: [&str; 2] = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"];
const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// So many servers. They share one key pair: to a node it looks as if each had its own.
#[derive(Debug)]
pub(crate) struct Servers {
    people: Vec<Person>,
    key: PrivateKey,
    shared: Arc<Shared>,
    said: usize,
}

/// The one person of a server.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    host: SocketAddr,
}

#[derive(Debug)]
struct Shared {
    key_pem: String,
    delay_millis: AtomicU64,
    deliveries: watch::Sender<usize>,
}

#[derive(Clone)]
struct Server {
    person: Person,
    shared: Arc<Shared>,
}

/// Where so many servers will be, for those who have to be told before.
pub(crate) fn hosts(count: u8, port: u16) -> Vec<SocketAddr> {
    (FIRST..FIRST + count).map(|last| SocketAddr::from((Ipv4Addr::new(127, 0, 0, last), port))).collect()
}

impl Person {
    /// Their address in the protocol.
    pub(crate) fn uri(&self) -> String {
        format!("http://{}/person", self.host)
    }

    /// Their address for people.
    pub(crate) fn address(&self) -> String {
        format!("sam@{}", self.host)
    }

    fn key_id(&self) -> String {
        format!("{}#main-key", self.uri())
    }
}

impl Servers {
    /// Starts them.
    pub(crate) async fn start(hosts: &[SocketAddr]) -> Result<Self, Failure> {
        let key = PrivateKey::generate_rsa_2048()?;
        let shared = Arc::new(Shared {
            key_pem: key.public_key().to_pem(),
            delay_millis: AtomicU64::new(0),
            deliveries: watch::Sender::new(0),
        });
        let people: Vec<Person> = hosts.iter().map(|host| Person { host: *host }).collect();
        for person in &people {
            let listener = TcpListener::bind(person.host).await?;
            let server = Server { person: person.clone(), shared: shared.clone() };
            tokio::spawn(async move { axum::serve(listener, routes(server)).await });
        }
        Ok(Self { people, key, shared, said: 0 })
    }

    /// Those who are on them, one each.
    pub(crate) fn people(&self) -> Vec<Person> {
        self.people.clone()
    }

    /// From now on every delivery is answered so much later.
    pub(crate) fn answer_after(&self, delay: Duration) {
        let millis = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
        self.shared.delay_millis.store(millis, Ordering::Relaxed);
    }

    /// How many deliveries were answered so far.
    pub(crate) fn deliveries(&self) -> usize {
        *self.shared.deliveries.borrow()
    }

    /// Waits until so many deliveries were answered, from the start on.
    pub(crate) async fn until_delivered(&self, count: usize) -> Result<(), Failure> {
        let mut deliveries = self.shared.deliveries.subscribe();
        let all = async { Ok(deliveries.wait_for(|answered| *answered >= count).await.map(drop)?) };
        in_time(&format!("{count} deliveries"), all).await
    }

    /// Everybody follows a member of the node, and is accepted.
    pub(crate) async fn follow(&mut self, node: &Node, handle: &str) -> Result<(), Failure> {
        let accepted = self.deliveries() + self.people.len();
        let mut connection = Connection::open(node.address).await?;
        for person in self.people() {
            let follow = self.activity(&person, "Follow", &json!(node.actor(handle)));
            connection.send(self.signed(&person, node, &follow)?).await?;
        }
        self.until_delivered(accepted).await
    }

    /// Somebody lets a member of the node follow them.
    pub(crate) async fn accept(&mut self, person: &Person, node: &Node, handle: &str) -> Result<(), Failure> {
        let follow = json!({ "type": "Follow", "actor": node.actor(handle), "object": person.uri() });
        let accept = self.activity(person, "Accept", &follow);
        Connection::open(node.address).await?.send(self.signed(person, node, &accept)?).await.map(drop)
    }

    /// Somebody's public post, signed and ready to be sent.
    pub(crate) fn post(&mut self, person: &Person, node: &Node, words: &str) -> Result<Asked, Failure> {
        let uri = person.uri();
        let note = json!({
            "id": format!("{uri}/posts/{}", self.said),
            "type": "Note",
            "attributedTo": uri,
            "to": [PUBLIC],
            "cc": [format!("{uri}/followers")],
            "published": now().to_string(),
            "content": format!("<p>{words}</p>"),
        });
        let mut create = self.activity(person, "Create", &note);
        create["to"] = json!([PUBLIC]);
        create["cc"] = json!([format!("{uri}/followers")]);
        self.signed(person, node, &create)
    }

    fn activity(&mut self, person: &Person, kind: &str, object: &Value) -> Value {
        self.said += 1;
        let uri = person.uri();
        let id = format!("{uri}/activities/{}", self.said);
        json!({ "@context": CONTEXT, "id": id, "type": kind, "actor": uri, "object": object })
    }

    fn signed(&self, person: &Person, node: &Node, activity: &Value) -> Result<Asked, Failure> {
        let inbox: Uri = format!("{}/inbox", node.base()).parse()?;
        let body = Bytes::from(activity.to_string());
        let signer = Signer { key: &self.key, key_id: &person.key_id() };
        let at = UnixSeconds(now().as_second());
        let headers = sign::cavage(&Method::POST, &Target::new(&inbox)?, &body, signer, at)?;
        let mut request = Request::post(inbox.path()).header(CONTENT_TYPE, ACTIVITY).body(Full::new(body))?;
        request.headers_mut().extend(headers);
        Ok(request)
    }
}

#[expect(clippy::disallowed_methods, reason = "nodes refuse what was signed long ago, by the real clock")]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

fn routes(server: Server) -> Router {
    Router::new()
        .route("/person", get(person))
        .route("/.well-known/webfinger", get(webfinger))
        .route("/inbox", post(inbox))
        .with_state(server)
}

async fn person(State(Server { person, shared }): State<Server>) -> impl IntoResponse {
    let uri = person.uri();
    let document = json!({
        "@context": CONTEXT,
        "id": uri,
        "type": "Person",
        "preferredUsername": "sam",
        "inbox": format!("http://{}/inbox", person.host),
        "outbox": format!("{uri}/outbox"),
        "followers": format!("{uri}/followers"),
        "publicKey": { "id": person.key_id(), "owner": uri, "publicKeyPem": shared.key_pem },
    });
    ([(CONTENT_TYPE, ACTIVITY)], document.to_string())
}

async fn webfinger(State(Server { person, .. }): State<Server>) -> impl IntoResponse {
    let own = json!({ "rel": "self", "type": ACTIVITY, "href": person.uri() });
    let answer = json!({ "subject": format!("acct:{}", person.address()), "links": [own] });
    ([(CONTENT_TYPE, "application/jrd+json")], answer.to_string())
}

/// Reads a delivery to its end, whoever sent it: checking it would be work of ours, not the node's.
async fn inbox(State(Server { shared, .. }): State<Server>, _: Bytes) -> StatusCode {
    let delay = Duration::from_millis(shared.delay_millis.load(Ordering::Relaxed));
    if !delay.is_zero() {
        pause(delay).await;
    }
    shared.deliveries.send_modify(|answered| *answered += 1);
    StatusCode::ACCEPTED
}
