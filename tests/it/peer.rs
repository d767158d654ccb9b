//! A node in this process that answers on loopback, and a member's client that asks it, for tests that move
//! the clock.

use std::sync::Arc;

use alongside_app::accounts::{self, NewAccount};
use alongside_app::communities::{self, NewCommunity};
use alongside_app::{moving, oauth};
use alongside_domain::account::{Email, Password, Role};
use alongside_domain::actor::{Actor, Address, Handle};
use alongside_domain::agreement::Terms;
use alongside_domain::community::{Audience, JoinPolicy};
use alongside_domain::scope::Scopes;
use alongside_federation::fetch;
use alongside_federation::node::{Federation, Settings};
use alongside_federation::receive::moved;
use alongside_federation::{resolve, worker};
use alongside_store::engine::Store;
use alongside_testkit::node::Node;
use alongside_web::router::router;
use alongside_web::state::{self, Web};
use axum::middleware::from_fn_with_state;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::wire::{self, Wire};

/// Lets every node do all that is due, until none has anything left.
pub(crate) async fn settle(peers: &[&Peer]) {
    loop {
        let mut busy = 0;
        for peer in peers {
            busy += worker::drain(&peer.federation).await.expect("the store works");
        }
        if busy == 0 {
            return;
        }
    }
}

/// What a stranger is answered at this address who asks for a document.
#[expect(clippy::disallowed_methods, reason = "a stranger, on loopback")]
pub(crate) async fn serves(at: &str, path: &str) -> u16 {
    let request = reqwest::Client::new()
        .get(format!("http://{at}{path}"))
        .header("accept", "application/activity+json");
    request.send().await.expect("the node answers").status().as_u16()
}

/// A node that answers on loopback.
pub(crate) struct Peer {
    /// Its store and its clock.
    pub(crate) kit: Arc<Node>,
    pub(crate) federation: Federation,
    /// What passed its door, and those of the nodes beside it.
    pub(crate) wire: Wire,
    address: String,
    serving: Option<JoinHandle<()>>,
}

impl Peer {
    pub(crate) async fn three(stores: [Store; 3]) -> [Self; 3] {
        Self::three_on(stores, [Terms::default(); 3]).await
    }

    /// Three nodes, each on terms of its own.
    pub(crate) async fn three_on(stores: [Store; 3], terms: [Terms; 3]) -> [Self; 3] {
        Self::several(stores, terms, &[]).await
    }

    /// Nodes that may also talk with these other hosts of the test.
    pub(crate) async fn several<const N: usize>(
        stores: [Store; N],
        terms: [Terms; N],
        others: &[String],
    ) -> [Self; N] {
        let mut doors = Vec::new();
        for _ in 0..N {
            doors.push(TcpListener::bind("127.0.0.1:0").await.expect("a loopback port"));
        }
        let addresses: Vec<String> = doors
            .iter()
            .map(|door| door.local_addr().expect("a bound door has an address").to_string())
            .collect();
        let known = [&addresses[..], others].concat();
        let wire = Wire::default();
        let peers: Vec<Self> = stores
            .into_iter()
            .zip(doors)
            .zip(terms)
            .zip(&addresses)
            .map(|(((store, door), terms), address)| {
                Self::new(store, door, (address, terms), &known, wire.clone())
            })
            .collect();
        peers.try_into().ok().expect("as many as there were stores")
    }

    /// A node that may also ask another server, at this address on loopback.
    pub(crate) async fn beside(store: Store, other: &str) -> Self {
        let door = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
        let address = door.local_addr().expect("a bound door has an address").to_string();
        let known = [other.to_owned(), address.clone()];
        Self::new(store, door, (&address, Terms::default()), &known, Wire::default())
    }

    fn new(
        store: Store,
        door: TcpListener,
        (address, terms): (&str, Terms),
        insecure_hosts: &[String],
        wire: Wire,
    ) -> Self {
        let kit = Arc::new(Node::on_terms(store, &format!("http://{address}"), terms));
        let settings = Settings {
            fetch: fetch::Settings {
                user_agent: "Alongside for a test".to_owned(),
                insecure_hosts: insecure_hosts.to_vec(),
                limits: fetch::Limits::default(),
            },
            retry_first_secs: 30,
            retry_max_secs: 3_600,
            fetches_per_host_per_min: 1_000,
            arrivals_per_host_per_min: 100_000,
        };
        let federation = Federation::new(kit.app.clone(), settings).expect("the settings are right");
        let mut peer = Self { kit, federation, wire, address: address.to_owned(), serving: None };
        peer.serve(door);
        peer
    }

    fn serve(&mut self, door: TcpListener) {
        let many = 1_000_000;
        let limits = state::Limits {
            token_requests_per_5_min: many,
            address_sign_ins_per_5_min: many,
            address_apps_per_hour: many,
            streams: 100,
            streams_per_member: 100,
        };
        let web = Web::new(
            self.federation.clone(),
            state::Settings { password_grant: false, source_url: None, limits },
        );
        let heard = from_fn_with_state((self.wire.clone(), self.address.clone()), wire::listen);
        self.serving = Some(tokio::spawn(async move {
            axum::serve(door, router(web).layer(heard)).await.expect("the door stays open");
        }));
    }

    /// Nobody answers at its address any more.
    pub(crate) fn stop(&mut self) {
        if let Some(serving) = self.serving.take() {
            serving.abort();
        }
    }

    pub(crate) async fn start(&mut self) {
        let door = TcpListener::bind(&self.address).await.expect("the port is free again");
        self.serve(door);
    }

    pub(crate) fn host(&self) -> &str {
        &self.address
    }

    /// Lets its workers run by themselves, until the handle is aborted.
    pub(crate) fn work(&self) -> JoinHandle<()> {
        tokio::spawn(worker::run(self.federation.clone(), CancellationToken::new()))
    }

    /// Says for a member that another address is theirs too.
    pub(crate) async fn alias(&self, handle: &str, address: &str) {
        let other = self.resolve(address).await;
        moving::add_alias(&self.kit.app, handle, &other).await.expect("there is room for it");
    }

    /// Moves a member to another account, if that says it is theirs.
    pub(crate) async fn depart(&self, handle: &str, address: &str) -> Result<(), moving::Error> {
        let (own, other) = (self.resolve(handle).await, self.resolve(address).await);
        let names = moved::names(&self.federation, &other, &own.uri).await.expect("its node answers");
        moving::depart_to(&self.kit.app, handle, &other, names).await
    }

    async fn resolve(&self, address: &str) -> Actor {
        let address = Address::parse(address).expect("an address");
        resolve::address(&self.federation, &address).await.expect("somebody of that address")
    }

    /// How many deliveries wait for a host, and how often it has failed.
    pub(crate) async fn waiting_for(&self, host: &str) -> (i64, i64) {
        let backlog = alongside_app::backlogs::of(&self.kit.app, host).await.expect("the store works");
        backlog.map_or((0, 0), |backlog| (backlog.waiting, backlog.host.failures))
    }

    /// What another server is answered that asks for a document.
    pub(crate) async fn serves(&self, path: &str) -> u16 {
        serves(&self.address, path).await
    }

    /// What a stranger is answered who asks for a document: the status, and the text.
    #[expect(clippy::disallowed_methods, reason = "a stranger, on loopback")]
    pub(crate) async fn answers(&self, path: &str) -> (u16, String) {
        let url = format!("http://{}{path}", self.address);
        let request = reqwest::Client::new().get(url).header("accept", "application/activity+json");
        let response = request.send().await.expect("the node answers");
        (response.status().as_u16(), response.text().await.expect("the answer is text"))
    }

    pub(crate) async fn open_community(&self, handle: &str) {
        self.open_community_for(handle, Audience::Everyone).await;
    }

    pub(crate) async fn open_community_for(&self, handle: &str, audience: Audience) {
        let new = NewCommunity {
            handle: Handle::new(handle).expect("a handle"),
            title: "Sleep".to_owned(),
            summary: String::new(),
            audience,
            join_policy: JoinPolicy::Open,
            safeguarding_contact: None,
        };
        communities::create(&self.kit.app, &new).await.expect("the name is free");
    }

    pub(crate) async fn member(&self, handle: &str) -> Client {
        self.member_as(handle, Role::Member).await
    }

    pub(crate) async fn member_as(&self, handle: &str, role: Role) -> Client {
        let new = NewAccount {
            handle: Handle::new(handle).expect("a handle"),
            email: Email::parse(&format!("{handle}@example.org")).expect("an address"),
            password: Password::new("correct horse battery staple".to_owned()).expect("a password"),
            role,
        };
        accounts::create(&self.kit.app, &new).await.expect("the name is free");
        let scopes = Scopes::parse("read write follow push").expect("scopes");
        let token = oauth::issue(&self.kit.app, handle, scopes).await.expect("the store works");
        Client::new(&self.address, token.expect("the member is there"))
    }

    /// Lets a member join a community of their own node; its id.
    pub(crate) async fn join(&self, member: &Client, name: &str) -> String {
        let community = id(&member.find(name).await);
        let joined = member.act(&format!("/api/v1/accounts/{community}/follow")).await;
        assert_eq!(joined["following"], true);
        community
    }

    /// The thread of a community that says this, as a member sees it.
    pub(crate) async fn thread_of(&self, member: &Client, community: &str, says: &str) -> Value {
        let threads = member.posts_of(community).await;
        threads.into_iter().find(|post| plain(post).contains(says)).expect("the thread is there")
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A member's client.
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    token: String,
}

impl Client {
    /// One that asks the node at this address with this token.
    #[expect(clippy::disallowed_methods, reason = "a client of the API, on loopback")]
    pub(crate) fn new(address: &str, token: String) -> Self {
        Self { http: reqwest::Client::new(), base: format!("http://{address}"), token }
    }

    pub(crate) async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let (status, text) = self.try_call(method, path, body).await;
        assert!((200..300).contains(&status), "{path}: {status} {text}");
        serde_json::from_str(&text).expect("the answer is JSON")
    }

    /// The status and the text of the answer, whatever it is.
    pub(crate) async fn try_call(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, String) {
        let response = self.send(method, path, body).await;
        (response.status().as_u16(), response.text().await.expect("the answer is text"))
    }

    /// An answer, and what one of its headers says.
    pub(crate) async fn get_with(&self, path: &str, header: &str) -> (Value, String) {
        let response = self.send("GET", path, None).await;
        let said = response.headers().get(header).map(|value| value.to_str().expect("plain").to_owned());
        let text = response.text().await.expect("the answer is text");
        (serde_json::from_str(&text).expect("the answer is JSON"), said.unwrap_or_default())
    }

    async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> reqwest::Response {
        let method = method.parse().expect("a method");
        let mut request = self.http.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        request.send().await.expect("the node answers")
    }

    /// The status a request is answered with, whatever it is.
    pub(crate) async fn status_of(&self, method: &str, path: &str) -> u16 {
        let method = method.parse().expect("a method");
        let request = self.http.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token);
        request.send().await.expect("the node answers").status().as_u16()
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.call("GET", path, None).await
    }

    pub(crate) async fn act(&self, path: &str) -> Value {
        self.call("POST", path, None).await
    }

    pub(crate) async fn post(&self, body: &Value) -> Value {
        self.call("POST", "/api/v1/statuses", Some(body)).await
    }

    pub(crate) async fn find(&self, address: &str) -> Value {
        let found = self.get(&format!("/api/v2/search?q=@{address}&resolve=true&type=accounts")).await;
        found["accounts"].get(0).cloned().expect("somebody of that address")
    }

    /// What a community shows on one page, the posts themselves, newest first.
    pub(crate) async fn posts_of(&self, account: &str) -> Vec<Value> {
        let shown = list(self.get(&format!("/api/v1/accounts/{account}/statuses?limit=40")).await);
        shown
            .into_iter()
            .map(|entry| if entry["reblog"].is_null() { entry } else { entry["reblog"].clone() })
            .collect()
    }

    pub(crate) async fn below(&self, post: &str) -> Vec<Value> {
        list(self.get(&format!("/api/v1/statuses/{post}/context")).await["descendants"].clone())
    }

    /// How often home shows something that says this.
    pub(crate) async fn in_home(&self, says: &str) -> usize {
        let home = list(self.get("/api/v1/timelines/home").await);
        let inner = home.iter().map(|entry| if entry["reblog"].is_null() { entry } else { &entry["reblog"] });
        inner.filter(|post| plain(post).contains(says)).count()
    }
}

pub(crate) fn id(entity: &Value) -> String {
    entity["id"].as_str().expect("ids are strings").to_owned()
}

pub(crate) fn list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(list) => list,
        other => panic!("not a list: {other}"),
    }
}

pub(crate) fn words(posts: &[Value]) -> Vec<String> {
    posts.iter().map(plain).collect()
}

/// What a post says, without markup.
pub(crate) fn plain(post: &Value) -> String {
    alongside_federation::sanitise::plain_text(post["content"].as_str().unwrap_or_default())
}
