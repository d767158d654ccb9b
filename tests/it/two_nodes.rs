//! The story in one process, step by step: a charity's node with the community `sleep`, a trust's node
//! whose member joins it, and a third node that sees the whole thread. Each is asked through the client
//! API, over real HTTP; time stands still until the test moves it.

use std::sync::Arc;

use alongside_app::accounts::{self, NewAccount};
use alongside_app::communities::{self, NewCommunity};
use alongside_app::oauth;
use alongside_domain::account::{Email, Password, Role};
use alongside_domain::actor::Handle;
use alongside_domain::community::{Audience, JoinPolicy};
use alongside_domain::scope::Scopes;
use alongside_federation::fetch;
use alongside_federation::node::{Federation, Settings};
use alongside_federation::worker;
use alongside_store::engine::Store;
use alongside_testkit::engines;
use alongside_testkit::node::Node;
use alongside_web::router::router;
use alongside_web::state::{self, Web};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    engines::on_sqlite(|a| async move {
        engines::on_sqlite(|b| async move {
            engines::on_sqlite(|c| async move { Box::pin(the_story([a, b, c])).await }).await;
        })
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    engines::on_postgres(|a| async move {
        engines::on_postgres(|b| async move {
            engines::on_postgres(|c| async move { Box::pin(the_story([a, b, c])).await }).await;
        })
        .await;
    })
    .await;
}

async fn the_story(stores: [Store; 3]) {
    let [charity, mut trust, third] = Peer::three(stores).await;
    charity.open_community("sleep").await;
    let (ada, ben) = (charity.member("ada").await, trust.member("ben").await);
    let sleep = charity.join(&ada, "sleep").await;
    let earlier = ada.post(&json!({ "status": "@sleep awake again at two" })).await;
    ada.post(&json!({ "status": "it was the coffee", "in_reply_to_id": earlier["id"] })).await;
    let abroad = joins_and_sees_what_was_written_before(&charity, &trust, &ben).await;
    let question = asks_by_naming_the_community(&charity, &trust, [&ada, &ben], &abroad).await;
    let seen = charity.thread_of(&ada, &sleep, "count backwards").await;
    they_answer_and_react(&charity, &trust, [(&ada, &seen), (&ben, &question)]).await;
    he_changes_and_deletes(&charity, &trust, [(&ada, &seen), (&ben, &question)]).await;
    let cleo = third.member("cleo").await;
    let thread = a_third_node_sees_the_whole_thread([&charity, &trust, &third], &cleo).await;
    nothing_is_lost_while_a_node_is_down(
        &charity,
        &mut trust,
        &third,
        [(&ada, &seen), (&ben, &question), (&cleo, &thread)],
    )
    .await;
}

/// Ben finds the community from his own node, joins, and sees what was written before.
async fn joins_and_sees_what_was_written_before(charity: &Peer, trust: &Peer, ben: &Client) -> String {
    let abroad = ben.find(&format!("sleep@{}", charity.host())).await;
    assert_eq!(abroad["group"], true);
    let abroad = id(&abroad);
    let asked = ben.act(&format!("/api/v1/accounts/{abroad}/follow")).await;
    let answer = (&asked["requested"], &asked["following"]);
    assert_eq!(answer, (&json!(true), &json!(false)), "not before it is accepted");
    settle(&[charity, trust]).await;
    let now = ben.get(&format!("/api/v1/accounts/relationships?id[]={abroad}")).await;
    assert_eq!(now[0]["following"], true);
    let threads = ben.posts_of(&abroad).await;
    assert_eq!(words(&threads), ["@sleep awake again at two"]);
    assert_eq!(words(&ben.below(&id(&threads[0])).await), ["it was the coffee"]);
    abroad
}

/// He posts to it by naming it; Ada sees it at once, under the community. His post, as his node has it.
async fn asks_by_naming_the_community(
    charity: &Peer,
    trust: &Peer,
    [ada, ben]: [&Client; 2],
    abroad: &str,
) -> Value {
    let status = format!("@sleep@{} does anybody else count backwards?", charity.host());
    let question = ben.post(&json!({ "status": status })).await;
    assert_eq!(question["mentions"][0]["id"], abroad);
    settle(&[charity, trust]).await;
    assert_eq!(ada.in_home("count backwards").await, 1, "once, as the community's");
    assert_eq!(ben.in_home("count backwards").await, 1, "once, though it is his own");
    assert_eq!(words(&ben.posts_of(abroad).await).len(), 2);
    question
}

/// They answer each other, he reacts, and each sees it in their own client.
async fn they_answer_and_react(
    charity: &Peer,
    trust: &Peer,
    [(ada, seen), (ben, question)]: [(&Client, &Value); 2],
) {
    ada.post(&json!({ "status": "I do, from three hundred", "in_reply_to_id": seen["id"] })).await;
    settle(&[charity, trust]).await;
    let answers = ben.below(&id(question)).await;
    assert_eq!(words(&answers), ["I do, from three hundred"]);
    ben.act(&format!("/api/v1/statuses/{}/favourite", id(&answers[0]))).await;
    ben.post(&json!({ "status": "thank you", "in_reply_to_id": answers[0]["id"] })).await;
    settle(&[charity, trust]).await;
    let below = ada.below(&id(seen)).await;
    assert_eq!(words(&below), ["I do, from three hundred", "thank you"]);
    assert_eq!(below[0]["favourites_count"], 1);
    let told = list(ada.get("/api/v1/notifications").await);
    for kind in ["favourite", "mention"] {
        assert!(told.iter().any(|notice| notice["type"] == kind), "{kind}: {told:?}");
    }
}

/// He changes his mind about his words, and takes them and the reaction back.
async fn he_changes_and_deletes(
    charity: &Peer,
    trust: &Peer,
    [(ada, seen), (ben, question)]: [(&Client, &Value); 2],
) {
    let [answer, thanks] = &ben.below(&id(question)).await[..] else { panic!("two answers") };
    let changed = json!({ "status": "thank you, truly" });
    ben.call("PUT", &format!("/api/v1/statuses/{}", id(thanks)), Some(&changed)).await;
    settle(&[charity, trust]).await;
    assert_eq!(words(&ada.below(&id(seen)).await), ["I do, from three hundred", "thank you, truly"]);
    ben.act(&format!("/api/v1/statuses/{}/unfavourite", id(answer))).await;
    let published = format!("/activities/create-{}", id(thanks));
    assert_eq!(trust.serves(&published).await, 200);
    ben.call("DELETE", &format!("/api/v1/statuses/{}", id(thanks)), None).await;
    assert_eq!(trust.serves(&published).await, 404, "his words are not served any more, whatever carried them");
    settle(&[charity, trust]).await;
    let below = ada.below(&id(seen)).await;
    assert_eq!(words(&below), ["I do, from three hundred"]);
    assert_eq!(below[0]["favourites_count"], 0);
}

async fn a_third_node_sees_the_whole_thread(peers: [&Peer; 3], cleo: &Client) -> Value {
    let community = id(&cleo.find(&format!("sleep@{}", peers[0].host())).await);
    cleo.act(&format!("/api/v1/accounts/{community}/follow")).await;
    settle(&peers).await;
    let thread = peers[2].thread_of(cleo, &community, "count backwards").await;
    assert_eq!(words(&cleo.below(&id(&thread)).await), ["I do, from three hundred"]);
    thread
}

/// What is written while the trust's node is down comes when it is back; the others do not wait for it.
async fn nothing_is_lost_while_a_node_is_down(
    charity: &Peer,
    trust: &mut Peer,
    third: &Peer,
    [(ada, seen), (ben, question), (cleo, thread)]: [(&Client, &Value); 3],
) {
    trust.stop();
    ada.post(&json!({ "status": "and one for the morning", "in_reply_to_id": seen["id"] })).await;
    settle(&[charity, third]).await;
    let whole = ["I do, from three hundred", "and one for the morning"];
    assert_eq!(words(&cleo.below(&id(thread)).await), whole);
    trust.start().await;
    settle(&[charity, trust]).await;
    assert_eq!(
        words(&ben.below(&id(question)).await).len(),
        1,
        "the charity leaves the host alone for a while"
    );
    charity.kit.clock.advance_secs(60);
    settle(&[charity, trust]).await;
    assert_eq!(words(&ben.below(&id(question)).await), whole);
}

/// Lets every node do all that is due, until none has anything left.
async fn settle(peers: &[&Peer]) {
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

/// A node that answers on loopback.
struct Peer {
    kit: Arc<Node>,
    federation: Federation,
    address: String,
    serving: Option<JoinHandle<()>>,
}

impl Peer {
    async fn three(stores: [Store; 3]) -> [Self; 3] {
        let mut doors = Vec::new();
        for _ in 0..3 {
            doors.push(TcpListener::bind("127.0.0.1:0").await.expect("a loopback port"));
        }
        let addresses: Vec<String> = doors
            .iter()
            .map(|door| door.local_addr().expect("a bound door has an address").to_string())
            .collect();
        let peers: Vec<Self> = stores
            .into_iter()
            .zip(doors)
            .zip(&addresses)
            .map(|((store, door), address)| Self::new(store, door, address, &addresses))
            .collect();
        peers.try_into().ok().expect("as many as there were stores")
    }

    fn new(store: Store, door: TcpListener, address: &str, insecure_hosts: &[String]) -> Self {
        let kit = Arc::new(Node::at(store, &format!("http://{address}")));
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
        let mut peer = Self { kit, federation, address: address.to_owned(), serving: None };
        peer.serve(door);
        peer
    }

    fn serve(&mut self, door: TcpListener) {
        let many = 1_000_000;
        let limits = state::Limits {
            token_requests_per_5_min: many,
            address_sign_ins_per_5_min: many,
            address_apps_per_hour: many,
        };
        let web = Web::new(self.federation.clone(), state::Settings { password_grant: false, source_url: None, limits });
        self.serving = Some(tokio::spawn(async move {
            axum::serve(door, router(web)).await.expect("the door stays open");
        }));
    }

    /// Nobody answers at its address any more.
    fn stop(&mut self) {
        if let Some(serving) = self.serving.take() {
            serving.abort();
        }
    }

    async fn start(&mut self) {
        let door = TcpListener::bind(&self.address).await.expect("the port is free again");
        self.serve(door);
    }

    fn host(&self) -> &str {
        &self.address
    }

    /// What another server is answered that asks for a document.
    #[expect(clippy::disallowed_methods, reason = "a stranger, on loopback")]
    async fn serves(&self, path: &str) -> u16 {
        let url = format!("http://{}{path}", self.address);
        let request = reqwest::Client::new().get(url).header("accept", "application/activity+json");
        request.send().await.expect("the node answers").status().as_u16()
    }

    async fn open_community(&self, handle: &str) {
        let new = NewCommunity {
            handle: Handle::new(handle).expect("a handle"),
            title: "Sleep".to_owned(),
            summary: String::new(),
            audience: Audience::Everyone,
            join_policy: JoinPolicy::Open,
            safeguarding_contact: None,
        };
        communities::create(&self.kit.app, &new).await.expect("the name is free");
    }

    async fn member(&self, handle: &str) -> Client {
        let new = NewAccount {
            handle: Handle::new(handle).expect("a handle"),
            email: Email::parse(&format!("{handle}@example.org")).expect("an address"),
            password: Password::new("correct horse battery staple".to_owned()).expect("a password"),
            role: Role::Member,
        };
        accounts::create(&self.kit.app, &new).await.expect("the name is free");
        let scopes = Scopes::parse("read write follow push").expect("scopes");
        let token = oauth::issue(&self.kit.app, handle, scopes).await.expect("the store works");
        Client::new(&self.address, token.expect("the member is there"))
    }

    /// Lets a member join a community of their own node; its id.
    async fn join(&self, member: &Client, name: &str) -> String {
        let community = id(&member.find(name).await);
        let joined = member.act(&format!("/api/v1/accounts/{community}/follow")).await;
        assert_eq!(joined["following"], true);
        community
    }

    /// The thread of a community that says this, as a member sees it.
    async fn thread_of(&self, member: &Client, community: &str, says: &str) -> Value {
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
struct Client {
    http: reqwest::Client,
    base: String,
    token: String,
}

impl Client {
    #[expect(clippy::disallowed_methods, reason = "a client of the API, on loopback")]
    fn new(address: &str, token: String) -> Self {
        Self { http: reqwest::Client::new(), base: format!("http://{address}"), token }
    }

    async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let method = method.parse().expect("a method");
        let mut request = self.http.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let response = request.send().await.expect("the node answers");
        let status = response.status();
        let text = response.text().await.expect("the answer is text");
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).expect("the answer is JSON")
    }

    async fn get(&self, path: &str) -> Value {
        self.call("GET", path, None).await
    }

    async fn act(&self, path: &str) -> Value {
        self.call("POST", path, None).await
    }

    async fn post(&self, body: &Value) -> Value {
        self.call("POST", "/api/v1/statuses", Some(body)).await
    }

    async fn find(&self, address: &str) -> Value {
        let found = self.get(&format!("/api/v2/search?q=@{address}&resolve=true&type=accounts")).await;
        found["accounts"].get(0).cloned().expect("somebody of that address")
    }

    /// What a community shows, the posts themselves, newest first.
    async fn posts_of(&self, account: &str) -> Vec<Value> {
        let shown = list(self.get(&format!("/api/v1/accounts/{account}/statuses")).await);
        shown
            .into_iter()
            .map(|entry| if entry["reblog"].is_null() { entry } else { entry["reblog"].clone() })
            .collect()
    }

    async fn below(&self, post: &str) -> Vec<Value> {
        list(self.get(&format!("/api/v1/statuses/{post}/context")).await["descendants"].clone())
    }

    /// How often home shows something that says this.
    async fn in_home(&self, says: &str) -> usize {
        let home = list(self.get("/api/v1/timelines/home").await);
        let inner = home.iter().map(|entry| if entry["reblog"].is_null() { entry } else { &entry["reblog"] });
        inner.filter(|post| plain(post).contains(says)).count()
    }
}

fn id(entity: &Value) -> String {
    entity["id"].as_str().expect("ids are strings").to_owned()
}

fn list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(list) => list,
        other => panic!("not a list: {other}"),
    }
}

fn words(posts: &[Value]) -> Vec<String> {
    posts.iter().map(plain).collect()
}

/// What a post says, without markup.
fn plain(post: &Value) -> String {
    alongside_federation::sanitise::plain_text(post["content"].as_str().unwrap_or_default())
}
