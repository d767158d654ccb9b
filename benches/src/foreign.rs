//! Other servers, played by this program: each an address of its own with one person, who signs what they
//! say and takes in what they are told.

use crate::connection::{Asked, Connection};
use crate::node::Node;
use crate::{Failure, in_time, pause};
use axum::Router;
use axum::extract::{RawQuery, State};
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
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Servers whose addresses differ in the last part alone.
const IN_A_ROW: u16 = 250;
/// Longer than anybody waits.
const HANGS: Duration = Duration::from_mins(10);
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
    /// It is not a person but the server's one community.
    community: bool,
}

#[derive(Debug)]
struct Shared {
    key_pem: String,
    delay_millis: AtomicU64,
    deliveries: watch::Sender<usize>,
    /// The servers up to here take what comes and never answer.
    hanging: AtomicUsize,
    /// When each delivery was taken that was answered.
    taken_at: Mutex<Vec<Instant>>,
}

#[derive(Clone)]
struct Server {
    number: usize,
    person: Person,
    shared: Arc<Shared>,
}

/// Where so many servers will be, for those who have to be told before. 127.0.0 is where the nodes are.
pub(crate) fn hosts(count: u16, port: u16) -> Vec<SocketAddr> {
    let part = |number: u16| u8::try_from(number + 1).unwrap_or(u8::MAX);
    let at = |number: u16| Ipv4Addr::new(127, 0, part(number / IN_A_ROW), part(number % IN_A_ROW));
    (0..count).map(|number| SocketAddr::from((at(number), port))).collect()
}

impl Person {
    /// Their address in the protocol.
    pub(crate) fn uri(&self) -> String {
        format!("http://{}/{}", self.host, if self.community { "group" } else { "person" })
    }

    /// Their address for people.
    pub(crate) fn address(&self) -> String {
        format!("{}@{}", self.name(), self.host)
    }

    const fn name(&self) -> &'static str {
        if self.community { "group" } else { "sam" }
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
            hanging: AtomicUsize::new(0),
            taken_at: Mutex::default(),
        });
        let people: Vec<Person> = hosts.iter().map(|host| Person { host: *host, community: false }).collect();
        for (number, person) in people.iter().enumerate() {
            let listener = TcpListener::bind(person.host).await?;
            let server = Server { number, person: person.clone(), shared: shared.clone() };
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

    /// From now on so many of them take what comes and never answer.
    pub(crate) fn hang(&self, count: usize) {
        self.shared.hanging.store(count, Ordering::Relaxed);
    }

    /// When the deliveries were taken that were answered since this was last asked.
    pub(crate) fn taken_at(&self) -> Vec<Instant> {
        std::mem::take(&mut self.shared.taken_at.lock().unwrap_or_else(PoisonError::into_inner))
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

    /// So many follow a member of the node, and are accepted.
    pub(crate) async fn follow(&mut self, node: &Node, handle: &str, count: usize) -> Result<(), Failure> {
        let accepted = self.deliveries() + count;
        let mut connection = Connection::open(node.address).await?;
        for person in self.people.clone().iter().take(count) {
            let follow = self.activity(person, "Follow", &json!(node.actor(handle)));
            connection.send(self.signed(person, node, &follow)?).await?;
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
        let create = self.created(person, words);
        self.signed(person, node, &create)
    }

    fn created(&mut self, person: &Person, words: &str) -> Value {
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
        create
    }

    /// A member's post as their community passes it on, signed and ready to be sent.
    pub(crate) fn passed_on(
        &mut self,
        community: &Person,
        node: &Node,
        words: &str,
    ) -> Result<Asked, Failure> {
        let author = Person { host: community.host, community: false };
        let mut create = self.created(&author, words);
        create["audience"] = json!(community.uri());
        create["object"]["audience"] = json!(community.uri());
        create["object"]["cc"] = json!([community.uri()]);
        let mut announce = self.activity(community, "Announce", &create);
        announce["to"] = json!([PUBLIC]);
        announce["cc"] = json!([format!("{}/followers", community.uri())]);
        self.signed(community, node, &announce)
    }

    /// Their communities, one each.
    pub(crate) fn communities(&self) -> Vec<Person> {
        self.people.iter().map(|person| Person { community: true, ..person.clone() }).collect()
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
        .route("/group", get(group))
        .route("/.well-known/webfinger", get(webfinger))
        .route("/inbox", post(inbox))
        .with_state(server)
}

async fn person(State(Server { person, shared, .. }): State<Server>) -> impl IntoResponse {
    document(&person, &shared)
}

async fn group(State(Server { person, shared, .. }): State<Server>) -> impl IntoResponse {
    document(&Person { community: true, ..person }, &shared)
}

fn document(person: &Person, shared: &Shared) -> impl IntoResponse + use<> {
    let uri = person.uri();
    let document = json!({
        "@context": CONTEXT,
        "id": uri,
        "type": if person.community { "Group" } else { "Person" },
        "preferredUsername": person.name(),
        "inbox": format!("http://{}/inbox", person.host),
        "endpoints": { "sharedInbox": format!("http://{}/inbox", person.host) },
        "outbox": format!("{uri}/outbox"),
        "followers": format!("{uri}/followers"),
        "publicKey": { "id": person.key_id(), "owner": uri, "publicKeyPem": shared.key_pem },
    });
    ([(CONTENT_TYPE, ACTIVITY)], document.to_string())
}

async fn webfinger(
    State(Server { person, .. }): State<Server>,
    RawQuery(query): RawQuery,
) -> impl IntoResponse {
    let community = query.is_some_and(|query| query.contains("group"));
    let named = Person { community, ..person };
    let own = json!({ "rel": "self", "type": ACTIVITY, "href": named.uri() });
    let answer = json!({ "subject": format!("acct:{}", named.address()), "links": [own] });
    ([(CONTENT_TYPE, "application/jrd+json")], answer.to_string())
}

/// Reads a delivery to its end, whoever sent it: checking it would be work of ours, not the node's.
async fn inbox(State(Server { number, shared, .. }): State<Server>, _: Bytes) -> StatusCode {
    if number < shared.hanging.load(Ordering::Relaxed) {
        pause(HANGS).await;
        return StatusCode::GATEWAY_TIMEOUT;
    }
    shared.taken_at.lock().unwrap_or_else(PoisonError::into_inner).push(Instant::now());
    let delay = Duration::from_millis(shared.delay_millis.load(Ordering::Relaxed));
    if !delay.is_zero() {
        pause(delay).await;
    }
    shared.deliveries.send_modify(|answered| *answered += 1);
    StatusCode::ACCEPTED
}
