//! The same night with five processes. Before each stands somebody who writes down every byte that it is asked and that
//! it answers; one of them hangs for a while, one is killed and started again, and whoever means harm sends more than
//! anybody could hold. Nobody moves a clock here, so the nights are short and the nodes impatient.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::http::StatusCode;
use futures_util::{future, stream};
use http_signatures::time::UnixSeconds;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::task;

use super::{
    FETCHES_MAX, MEMBERS, NAMES, Person, SEED, TRUST, among_members, below, differences, does_something,
    forgeries, join, newest, nobody_was_told, something_was_said, they_heard_one_another,
};
use crate::peer::Client;
use crate::process::Node;
use crate::recorder::Recorder;
use crate::stranger::{HEAVY_BYTES, Stranger};
use crate::wire::Wire;
use crate::{databases, setting};

const PASSWORD: &str = "correct horse battery staple";
const EVERYBODY: [usize; 5] = [0, 1, 2, 3, 4];
const HANGS: usize = 3;
const DIES: usize = 4;
/// Things done while one hangs.
const WHILE_ONE_HANGS: u32 = 3;
/// How long a node waits for another that has taken its request and does not answer.
const DEADLINE: Duration = Duration::from_secs(10);
/// How long the nodes may take to agree.
const PATIENCE: Duration = Duration::from_mins(1);
/// Posts too large for anybody that a node is made to ask for, and bodies without an end that it is sent, all at once.
const HEAVY_POSTS: usize = 8;
const HEAVY_BODIES: usize = 40;
/// By how much memory may grow under all of them: far less than they are.
const GROWTH_MAX: usize = HEAVY_BODIES * HEAVY_BYTES * 2 / 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn they_agree_when_each_is_a_process_on_sqlite() {
    a_night([const { None }; 5]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn they_agree_when_each_is_a_process_on_postgres() {
    if setting::optional("ALONGSIDE_TEST_ALL").is_none() {
        setting::tell("skipped: five processes on PostgreSQL; `./dev test --all` runs them");
        return;
    }
    let night = |addresses: [String; 5]| Handle::current().block_on(a_night(addresses.map(Some)));
    databases::with_several_postgres("five", night).await;
}

async fn a_night(databases: [Option<String>; 5]) {
    let mut night = Night::begin(databases).await;
    among_members(&night.members, "Hushed evening").await;
    night.write("evening", &EVERYBODY, 8).await;
    night.one_hangs().await;
    night.nodes[DIES].kill();
    night.doors[DIES].leave();
    night.write("midnight", &[0, 1, 2, 3], 5).await;
    among_members(&night.members, "Hushed midnight").await;
    night.one_means_harm().await;
    night.nodes[DIES].restart();
    night.doors[DIES].stand_before(&night.nodes[DIES].listens_at()).await;
    night.agree(&EVERYBODY).await;

    something_was_said(&night.people, 5).await;
    let [charity, trust] = [0, TRUST].map(|node| night.doors[node].address.as_str());
    they_heard_one_another(&night.members).await;
    nobody_was_told(&night.wire, [charity, trust], &night.members, &night.mallory).await;
}

struct Night {
    nodes: Vec<Node>,
    doors: Vec<Recorder>,
    wire: Wire,
    mallory: Stranger,
    people: Vec<Person>,
    members: [Person; 2],
    hand: StdRng,
}

impl Night {
    async fn begin(databases: [Option<String>; 5]) -> Self {
        let door = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
        let mut hosts = vec![door.local_addr().expect("a bound door has an address").to_string()];
        let mallory = Stranger::behind(door);
        let wire = Wire::default();
        let mut doors = Vec::new();
        for _ in EVERYBODY {
            doors.push(Recorder::open(wire.clone()).await);
        }
        hosts.extend(doors.iter().map(|door| door.address.clone()));
        let nodes = start(databases, &hosts, &mut doors).await;
        agreement(&nodes, &doors);
        let charity = doors[0].address.clone();
        let mut people = Vec::new();
        for (node, name) in NAMES.into_iter().enumerate() {
            let client = member(&nodes[node], &doors[node], name);
            let person = Person::joins(node, client, "sleep", &charity).await;
            if node > TRUST {
                join(&person.client, &person.address.replacen("sleep", "quiet", 1)).await;
            }
            is_let_in(&person).await;
            people.push(person);
        }
        let [here, there] = [0, TRUST].map(|node| member(&nodes[node], &doors[node], MEMBERS[node]));
        let members = [
            Person::joins(0, here, "quiet", &charity).await,
            Person::joins(TRUST, there, "quiet", &charity).await,
        ];
        for member in &members {
            is_let_in(member).await;
        }
        Self { nodes, doors, wire, mallory, people, members, hand: StdRng::seed_from_u64(SEED) }
    }

    /// Seeded operations by people on these nodes, each heard by all who can hear it before the next.
    async fn write(&mut self, when: &str, nodes: &[usize], operations: u32) {
        for number in 0..operations {
            let node = *nodes.choose(&mut self.hand).expect("somebody is awake");
            does_something(&self.people[node], &mut self.hand, &format!("Words of {when} {number}")).await;
            self.agree(nodes).await;
        }
    }

    /// Waits until people on these nodes see the same.
    async fn agree(&self, nodes: &[usize]) {
        let people: Vec<&Person> = nodes.iter().map(|node| &self.people[*node]).collect();
        let started = Instant::now();
        loop {
            let wrong = differences(&people).await;
            if wrong.is_empty() {
                return;
            }
            let logs = || self.nodes.iter().map(Node::log).collect::<Vec<_>>().join("\n---\n");
            assert!(started.elapsed() < PATIENCE, "{wrong:#?}\n{}", logs());
            pause().await;
        }
    }

    /// The others do not wait for a process that has stopped in the middle of everything, and it hears what it missed.
    async fn one_hangs(&mut self) {
        self.nodes[HANGS].freeze();
        let started = Instant::now();
        self.write("the hanging", &[0, 1, 2, 4], WHILE_ONE_HANGS).await;
        let took = started.elapsed();
        assert!(
            took < DEADLINE * WHILE_ONE_HANGS,
            "{took:?}: each was heard when the one that hangs was given up"
        );
        self.nodes[HANGS].thaw();
        self.agree(&EVERYBODY).await;
    }

    /// Somebody pretends to be others, sends what has no end, and lets the node ask for what has none.
    async fn one_means_harm(&self) {
        let before = self.nodes[0].memory_peak();
        let hers = newest(&self.people[0]).await;
        for forgery in forgeries(&self.mallory, &hers["uri"]) {
            self.send("/inbox", &forgery).await;
        }
        let asked = self.made_to_ask("endless", 1, 2).await;
        assert!(asked <= FETCHES_MAX, "{asked} requests for one activity");
        self.made_to_ask("heavy", HEAVY_POSTS, HEAVY_POSTS).await;
        let inbox = format!("http://{}/inbox", self.nodes[0].listens_at());
        future::join_all((0..HEAVY_BODIES).map(|_| send_without_end(&inbox))).await;
        let now = newest(&self.people[0]).await;
        assert_eq!((&now["uri"], &now["content"]), (&hers["uri"], &hers["content"]), "they are hers");
        let grown = self.nodes[0].memory_peak() - before;
        assert!(grown < GROWTH_MAX, "memory has grown by {grown} bytes");
    }

    /// How many requests the charity's node makes for so many answers to what has no end; at least so many.
    async fn made_to_ask(&self, kind: &str, answers: usize, at_least: usize) -> usize {
        let asked = || self.mallory.heard().len();
        let before = asked();
        for number in 0..answers {
            let answer = below(&self.mallory, &self.doors[0].address, kind, 2 * number);
            self.send("/actors/ada/inbox", &answer).await;
        }
        until("it asks for what was answered", async || asked() >= before + at_least).await;
        let mut heard = 0;
        while asked() > heard {
            heard = asked();
            wait(Duration::from_secs(1)).await;
        }
        heard - before
    }

    async fn send(&self, inbox: &str, activity: &Value) {
        let (status, text) = self.mallory.tries(&self.doors[0].address, inbox, activity, now()).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{text}");
    }
}

/// Five nodes, each known under the address of whoever stands before it.
async fn start(databases: [Option<String>; 5], hosts: &[String], doors: &mut [Recorder]) -> Vec<Node> {
    let starting: Vec<_> = (0..)
        .zip(databases)
        .zip(doors.iter())
        .map(|((node, database), door)| {
            let (address, settings) = (door.address.clone(), settings(node, database, hosts));
            task::spawn_blocking(move || Node::start_behind(&address, &settings))
        })
        .collect();
    let mut nodes = Vec::new();
    for (node, door) in starting.into_iter().zip(doors) {
        let node = node.await.expect("the node starts");
        door.stand_before(&node.listens_at()).await;
        nodes.push(node);
    }
    nodes
}

fn settings(node: usize, database: Option<String>, hosts: &[String]) -> String {
    let database = database.map(|at| format!("database = {at:?}\n")).unwrap_or_default();
    let mode = if node == TRUST { "agreement" } else { "open" };
    let retry = "retry_first_secs = 1\nretry_max_secs = 4";
    format!("{database}[federation]\nmode = {mode:?}\ninsecure_hosts = {hosts:?}\n{retry}")
}

/// The charity's communities, and what the charity and the trust have agreed on.
fn agreement(nodes: &[Node], doors: &[Recorder]) {
    for (node, other) in [(0, TRUST), (TRUST, 0)] {
        nodes[node].run(&["host", "allow", &doors[other].address]);
        nodes[node].run(&["host", "limit", &doors[other].address, "--members"]);
    }
    for (name, audience) in [("sleep", "everyone"), ("quiet", "members")] {
        nodes[0].run(&["community", "create", name, "--title", "Sleep", "--audience", audience]);
    }
}

fn member(node: &Node, door: &Recorder, handle: &str) -> Client {
    let email = format!("{handle}@example.org");
    node.run(&["account", "create", handle, "--email", &email, "--password", PASSWORD]);
    Client::new(&door.address, node.run(&["token", "create", handle, "--scopes", "read write follow"]))
}

async fn is_let_in(person: &Person) {
    let path = format!("/api/v1/accounts/relationships?id[]={}", person.community);
    until("they are let in", async || person.client.get(&path).await[0]["following"] == true).await;
}

/// Sends a body that says nothing of its length; the node may hang up long before its end.
#[expect(clippy::disallowed_methods, reason = "somebody who means harm, on loopback")]
async fn send_without_end(inbox: &str) {
    const PIECE: usize = 1 << 16;
    let pieces = (0..HEAVY_BYTES / PIECE).map(|_| Ok::<_, std::io::Error>(vec![b'x'; PIECE]));
    let body = reqwest::Body::wrap_stream(stream::iter(pieces));
    if let Ok(answer) = reqwest::Client::new().post(inbox).body(body).send().await {
        assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }
}

async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let started = Instant::now();
    while !is_so().await {
        assert!(started.elapsed() < PATIENCE, "not within {PATIENCE:?}: {what}");
        pause().await;
    }
}

async fn pause() {
    wait(Duration::from_millis(100)).await;
}

#[expect(clippy::disallowed_methods, reason = "other processes have no clock of ours to move")]
async fn wait(time: Duration) {
    tokio::time::sleep(time).await;
}

#[expect(clippy::disallowed_methods, reason = "other processes have no clock of ours to move")]
fn now() -> UnixSeconds {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970").as_secs();
    UnixSeconds(i64::try_from(now).expect("it is before the end of time"))
}
