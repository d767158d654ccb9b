//! The story on three real processes that are killed at any moment: what was acknowledged is never
//! lost, everything arrives, and once.
//!
//! A charity's node has the community `sleep`; members of it, of a trust's node and of a third node
//! write, reply, react, edit and delete through the client API, while a seeded hand kills the processes
//! with `kill -9` and starts them again. In the end each node must show the same threads.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::process::{Node, free_port};
use crate::{databases, setting};

const OPERATIONS: usize = 200;
const KILLS: usize = 9;
const SEED: u64 = 20_261_123;
/// How long an operation is tried again while its node is down.
const OPERATION_TIMEOUT: Duration = Duration::from_mins(1);
/// How long the nodes may take to agree once everything was said.
const AGREEMENT_TIMEOUT: Duration = Duration::from_mins(4);
const PASSWORD: &str = "correct horse battery staple";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_on_sqlite() {
    Story::begin(&[None, None, None]).await.run().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_on_postgres() {
    let story = |addresses: [String; 3]| {
        Handle::current().block_on(async { Story::begin(&addresses.map(Some)).await.run().await });
    };
    databases::with_several_postgres("story", story).await;
}

/// Somebody with a client on one of the nodes.
struct Member {
    node: usize,
    token: String,
    /// What they call the community.
    community: String,
    /// Its id on their node.
    community_id: String,
}

/// What was acknowledged of a post.
#[derive(Clone, Debug)]
struct Written {
    author: usize,
    /// Its id on its author's node.
    id: String,
    words: String,
    parent: Option<String>,
    liked_by: BTreeSet<usize>,
}

struct Story {
    nodes: Vec<Arc<Node>>,
    members: Vec<Member>,
    client: reqwest::Client,
    chance: StdRng,
    /// By the word that every version of the post contains.
    written: BTreeMap<String, Written>,
    deleted: BTreeSet<String>,
    /// Ids that posts were seen to have, by node and word: to look at everything anew for each takes most of the time.
    ids: BTreeMap<(usize, String), String>,
}

impl Story {
    #[expect(clippy::disallowed_methods, reason = "a client of the API, on loopback")]
    async fn begin(databases: &[Option<String>; 3]) -> Self {
        let ports = [free_port(), free_port(), free_port()];
        let hosts = ports.map(|port| format!("\"127.0.0.1:{port}\"")).join(", ");
        let nodes = (0..3)
            .map(|index| {
                let database =
                    databases[index].as_ref().map(|at| format!("database = {at:?}\n")).unwrap_or_default();
                let federation = "retry_first_secs = 1\nretry_max_secs = 4";
                let settings = format!("{database}[federation]\ninsecure_hosts = [{hosts}]\n{federation}");
                Arc::new(Node::start_on(ports[index], &settings))
            })
            .collect::<Vec<_>>();
        nodes[0].run(&["community", "create", "sleep", "--title", "Sleep"]);
        let mut story = Self {
            nodes,
            members: Vec::new(),
            client: reqwest::Client::new(),
            chance: StdRng::seed_from_u64(SEED),
            written: BTreeMap::new(),
            deleted: BTreeSet::new(),
            ids: BTreeMap::new(),
        };
        for (index, handle) in ["ada", "ben", "cleo"].into_iter().enumerate() {
            story.join(index, handle, ports[0]).await;
        }
        story
    }

    /// A member finds the community by its address and joins it.
    async fn join(&mut self, node: usize, handle: &str, home: u16) {
        let email = format!("{handle}@example.org");
        self.nodes[node].run(&["account", "create", handle, "--email", &email, "--password", PASSWORD]);
        let token = self.nodes[node].run(&["token", "create", handle, "--scopes", "read write follow push"]);
        let address = if node == 0 { "sleep".to_owned() } else { format!("sleep@127.0.0.1:{home}") };
        self.members.push(Member { node, token, community: address.clone(), community_id: String::new() });
        let found = self.get(node, &format!("/api/v2/search?q=@{address}&resolve=true&type=accounts")).await;
        let community = &found["accounts"][0];
        assert_eq!(community["group"], true, "{found}");
        let id = community["id"].as_str().expect("ids are strings").to_owned();
        self.members[node].community_id.clone_from(&id);
        self.call(node, "POST", &format!("/api/v1/accounts/{id}/follow"), None, "").await;
        let path = format!("/api/v1/accounts/relationships?id[]={id}");
        self.until("the membership is accepted", async |story: &Self| {
            story.get(node, &path).await[0]["following"] == true
        })
        .await;
    }

    async fn run(mut self) {
        let mut kills: BTreeSet<usize> = BTreeSet::new();
        while kills.len() < KILLS {
            kills.insert(self.chance.random_range(5..OPERATIONS));
        }
        for step in 0..OPERATIONS {
            let killed = kills.contains(&step).then(|| self.kill_soon());
            self.one_operation(step).await;
            if let Some(killed) = killed {
                killed.await.expect("the node starts again");
            }
        }
        let story = &self;
        for node in 0..self.nodes.len() {
            self.until(&format!("node {node} shows what was written"), async |_: &Self| {
                story.differences(node).await.is_empty()
            })
            .await;
        }
        setting::tell(&format!(
            "the story: {OPERATIONS} operations, {KILLS} kills, {} posts kept, {} deleted, the same on three nodes",
            self.written.len(),
            self.deleted.len()
        ));
    }

    /// Kills a node while the operation is under way that follows, and starts it again.
    fn kill_soon(&mut self) -> JoinHandle<()> {
        let node = Arc::clone(&self.nodes[self.chance.random_range(0..self.nodes.len())]);
        let delay = Duration::from_millis(self.chance.random_range(0..60));
        tokio::task::spawn_blocking(move || {
            wait(delay);
            node.crash_and_restart();
        })
    }

    async fn one_operation(&mut self, step: usize) {
        let member = self.chance.random_range(0..self.members.len());
        let own: Vec<String> = self.words_where(|written| written.author == member);
        let childless: Vec<String> = own
            .iter()
            .filter(|word| !self.written.values().any(|post| post.parent.as_ref() == Some(*word)))
            .cloned()
            .collect();
        let all: Vec<String> = self.words_where(|_| true);
        match self.chance.random_range(0..10) {
            0..=2 => self.post(member, step, None).await,
            3..=5 => match all.choose(&mut self.chance).cloned() {
                Some(parent) => self.post(member, step, Some(parent)).await,
                None => self.post(member, step, None).await,
            },
            6..=7 => match all.choose(&mut self.chance).cloned() {
                Some(word) => self.react(member, &word).await,
                None => self.post(member, step, None).await,
            },
            8 => match own.choose(&mut self.chance).cloned() {
                Some(word) => self.edit(member, step, &word).await,
                None => self.post(member, step, None).await,
            },
            _ => match childless.choose(&mut self.chance).cloned() {
                Some(word) => self.delete(member, &word).await,
                None => self.post(member, step, None).await,
            },
        }
    }

    fn words_where(&self, fits: impl Fn(&Written) -> bool) -> Vec<String> {
        self.written.iter().filter(|(_, post)| fits(post)).map(|(word, _)| word.clone()).collect()
    }

    async fn post(&mut self, member: usize, step: usize, parent: Option<String>) {
        let word = format!("word{step}x");
        let words = format!("{word} first");
        let mut body = json!({ "status": words, "visibility": "public" });
        if let Some(parent) = &parent {
            let id = self.id_on(member, parent).await;
            body["in_reply_to_id"] = json!(id);
        } else {
            body["status"] = json!(format!("@{} {words}", self.members[member].community));
        }
        let key = format!("story-{step}");
        let post = self.call(member, "POST", "/api/v1/statuses", Some(body), &key).await;
        let id = post["id"].as_str().expect("ids are strings").to_owned();
        self.written.insert(word, Written { author: member, id, words, parent, liked_by: BTreeSet::new() });
    }

    async fn react(&mut self, member: usize, word: &str) {
        let id = self.id_on(member, word).await;
        self.call(member, "POST", &format!("/api/v1/statuses/{id}/favourite"), None, "").await;
        self.written.get_mut(word).expect("it was written").liked_by.insert(member);
    }

    async fn edit(&mut self, member: usize, step: usize, word: &str) {
        let post = self.written[word].clone();
        let words = format!("{word} changed{step}x");
        let address = format!("@{} ", self.members[member].community);
        let status = if post.parent.is_none() { format!("{address}{words}") } else { words.clone() };
        self.call(
            member,
            "PUT",
            &format!("/api/v1/statuses/{}", post.id),
            Some(json!({ "status": status })),
            "",
        )
        .await;
        self.written.get_mut(word).expect("it was written").words = words;
    }

    async fn delete(&mut self, member: usize, word: &str) {
        let id = self.written[word].id.clone();
        self.call(member, "DELETE", &format!("/api/v1/statuses/{id}"), None, "").await;
        self.written.remove(word);
        self.deleted.insert(word.to_owned());
    }

    /// The id a post has for a member, once it has reached their node.
    async fn id_on(&mut self, member: usize, word: &str) -> String {
        let node = self.members[member].node;
        let wanted = (node, word.to_owned());
        let started = Instant::now();
        loop {
            if let Some(id) = self.ids.get(&wanted) {
                return id.clone();
            }
            assert!(started.elapsed() < AGREEMENT_TIMEOUT, "{word} never came to node {member}");
            let shown = self.shown_on(node).await;
            self.ids.extend(shown.iter().filter_map(|post| {
                Some(((node, word_of(text(post))?.to_owned()), post["id"].as_str()?.to_owned()))
            }));
            if !self.ids.contains_key(&wanted) {
                pause().await;
            }
        }
    }

    /// What a node gets wrong: missing, doubled, outdated, deleted but shown, or miscounted.
    async fn differences(&self, node: usize) -> Vec<String> {
        let shown = self.shown_on(node).await;
        let mut wrong = Vec::new();
        for (word, written) in &self.written {
            let found: Vec<&Value> = shown.iter().filter(|post| text(post).contains(word)).collect();
            match found.as_slice() {
                [post] if !text(post).contains(&written.words) => wrong.push(format!("{word} is outdated")),
                [post] if post["favourites_count"] != written.liked_by.len() => {
                    wrong.push(format!(
                        "{word} has {} reactions, not {}",
                        post["favourites_count"],
                        written.liked_by.len()
                    ));
                }
                [_] => {}
                found => wrong.push(format!("{word} is there {} times", found.len())),
            }
        }
        let back = self.deleted.iter().filter(|word| shown.iter().any(|post| text(post).contains(*word)));
        wrong.extend(back.map(|word| format!("{word} was deleted")));
        wrong
    }

    /// Every post of the community as the member of a node sees it: its threads, and what is in each.
    async fn shown_on(&self, node: usize) -> Vec<Value> {
        let community = &self.members[node].community_id;
        let (mut out, mut below) = (Vec::new(), String::new());
        loop {
            let page =
                self.get(node, &format!("/api/v1/accounts/{community}/statuses?limit=40{below}")).await;
            let entries = page.as_array().expect("a timeline is a list");
            let Some(last) = entries.last() else { return out };
            below = format!("&max_id={}", last["id"].as_str().expect("ids are strings"));
            for entry in entries {
                let post = if entry["reblog"].is_null() { entry } else { &entry["reblog"] };
                let id = post["id"].as_str().expect("ids are strings");
                let context = self.get(node, &format!("/api/v1/statuses/{id}/context")).await;
                out.push(post.clone());
                out.extend(context["descendants"].as_array().into_iter().flatten().cloned());
            }
        }
    }

    async fn until(&self, what: &str, holds: impl AsyncFn(&Self) -> bool) {
        let started = Instant::now();
        while !holds(self).await {
            if started.elapsed() > AGREEMENT_TIMEOUT {
                let logs: Vec<String> = self.nodes.iter().map(|node| node.log()).collect();
                let mut wrong = Vec::new();
                for node in 0..self.members.len() {
                    wrong.push(self.differences(node).await);
                }
                panic!("never: {what}\n{wrong:#?}\n{}", logs.join("\n---\n"));
            }
            pause().await;
        }
    }

    async fn get(&self, member: usize, path: &str) -> Value {
        self.call(member, "GET", path, None, "").await
    }

    /// Calls the API until it answers: while the node is down, and once more when it may not have heard.
    async fn call(&self, member: usize, method: &str, path: &str, body: Option<Value>, key: &str) -> Value {
        let Member { node, token, .. } = &self.members[member];
        let started = Instant::now();
        loop {
            let url = format!("{}{path}", self.nodes[*node].base);
            let method = method.parse().expect("a method");
            let mut request = self.client.request(method, url).bearer_auth(token);
            if !key.is_empty() {
                request = request.header("idempotency-key", key);
            }
            if let Some(body) = &body {
                request = request.header("content-type", "application/json").body(body.to_string());
            }
            let answer = match request.send().await {
                Ok(response) => Some((response.status(), response.text().await)),
                Err(_) => None,
            };
            match answer {
                Some((status, Ok(text))) if status.is_success() => {
                    return serde_json::from_str(&text).expect("answers are JSON");
                }
                Some((status, text)) if status.is_client_error() => {
                    // A second deletion finds nothing: the first was done, and not acknowledged.
                    assert!(
                        path.starts_with("/api/v1/statuses/") && status == 404,
                        "{path}: {status} {text:?}"
                    );
                    return Value::Null;
                }
                _ => {}
            }
            assert!(
                started.elapsed() < OPERATION_TIMEOUT,
                "{path} was never answered:\n{}",
                self.nodes[*node].log()
            );
            pause().await;
        }
    }
}

fn text(post: &Value) -> &str {
    post["content"].as_str().unwrap_or_default()
}

/// The word in a text by which its post is known.
fn word_of(text: &str) -> Option<&str> {
    let begins = &text[text.find("word")?..];
    begins.get(..=begins.find('x')?)
}

#[expect(clippy::disallowed_methods, reason = "other processes have no clock of ours to move")]
async fn pause() {
    tokio::time::sleep(Duration::from_millis(100)).await;
}

#[expect(clippy::disallowed_methods, reason = "other processes have no clock of ours to move")]
fn wait(delay: Duration) {
    std::thread::sleep(delay);
}
