//! Five nodes that are unlike one another, and one that means harm, for a night: a charity's with a community for
//! everybody and one for its members; a trust's that talks with the charity alone; an open one that has no
//! agreement with anybody; one behind a slow line; and one that is down for an hour. A seeded hand writes, answers,
//! reacts, changes and deletes. In the morning they must agree, and every byte on the wire is looked at.

use std::collections::BTreeSet;
use std::time::Duration;

use alongside_domain::agreement::{Mode, Terms};
use alongside_domain::community::Audience;
use alongside_store::engine::Store;
use alongside_testkit::engines;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::peer::{Client, Peer, id, plain, settle, words};
use crate::stranger::Stranger;

const SEED: u64 = 20_261_125;
const OPERATIONS: usize = 60;
/// What one activity may make a node ask of others, at most.
const FETCHES_MAX: usize = alongside_federation::allowance::FETCHES_MAX;
/// In every word that is for members only.
const SECRET: &str = "Hushed";

const AGREED: Terms = Terms { mode: Mode::Agreement, signed_fetch: true };
const OPEN: Terms = Terms { mode: Mode::Open, signed_fetch: false };

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn they_agree_in_the_morning_and_nobody_was_told_what_was_not_theirs() {
    engines::many_on_sqlite(|stores| Box::pin(a_night(stores))).await;
}

/// Somebody with a client on one of the nodes.
struct Person {
    node: usize,
    client: Client,
    /// The community for everybody, as their node knows it.
    sleep: String,
    /// Its address, as they write it.
    address: String,
}

async fn a_night(stores: [Store; 5]) {
    let door = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
    let known = door.local_addr().expect("a bound door has an address").to_string();
    let mallory = Stranger::behind(door);
    let mut peers = Peer::several(stores, [OPEN, AGREED, OPEN, OPEN, OPEN], &[known]).await;
    peers[0].kit.agree(peers[1].host()).await;
    peers[1].kit.agree(peers[0].host()).await;
    peers[0].wire.slow_down(peers[3].host(), Duration::from_millis(15));
    peers[0].open_community("sleep").await;
    peers[0].open_community_for("quiet", Audience::Members).await;
    let people = everybody_joins(&peers).await;

    let mut hand = StdRng::seed_from_u64(SEED);
    among_members(&peers, &people, "Hushed evening").await;
    write(&peers, &people, &mut hand, &[0, 1, 2, 3, 4]).await;
    peers[4].stop();
    write(&peers, &people, &mut hand, &[0, 1, 2, 3]).await;
    among_members(&peers, &people, "Hushed midnight").await;
    means_harm(&peers, &people, &mallory).await;
    for peer in &peers {
        peer.kit.clock.advance_secs(3_600);
    }
    peers[4].start().await;
    settle(&all(&peers)).await;

    they_agree(&people).await;
    nobody_was_told(&peers, &people, &mallory).await;
}

fn all(peers: &[Peer; 5]) -> [&Peer; 5] {
    peers.each_ref()
}

/// One member on each node joins the community for everybody, and those of the charity and the trust the other.
async fn everybody_joins(peers: &[Peer; 5]) -> Vec<Person> {
    let mut people = Vec::new();
    for (node, name) in ["ada", "ben", "cleo", "dan", "eve"].into_iter().enumerate() {
        let client = peers[node].member(name).await;
        let address = if node == 0 { "sleep".to_owned() } else { format!("sleep@{}", peers[0].host()) };
        let sleep = join(&client, &address).await;
        // Those of the others who try are refused.
        join(&client, &address.replacen("sleep", "quiet", 1)).await;
        people.push(Person { node, client, sleep, address });
    }
    settle(&all(peers)).await;
    people
}

async fn join(client: &Client, address: &str) -> String {
    let community = id(&client.find(address).await);
    client.act(&format!("/api/v1/accounts/{community}/follow")).await;
    community
}

/// Seeded operations by people on these nodes, each heard by all who can hear it before the next.
async fn write(peers: &[Peer; 5], people: &[Person], hand: &mut StdRng, nodes: &[usize]) {
    let awake: Vec<&Peer> = nodes.iter().map(|node| &peers[*node]).collect();
    for number in 0..OPERATIONS / 2 {
        let person = &people[*nodes.choose(hand).expect("somebody is awake")];
        let words = format!("Words{}of{number}", nodes.len());
        let seen = seen(person).await;
        let own: Vec<&Seen> = seen.iter().filter(|post| post.author == person.node).collect();
        match (hand.random_range(0..9), seen.choose(hand), own.choose(hand)) {
            (3..=5, Some(post), _) => {
                let body = json!({ "status": words, "in_reply_to_id": post.id });
                person.client.post(&body).await;
            }
            (6, Some(post), _) => {
                person.client.act(&format!("/api/v1/statuses/{}/favourite", post.id)).await;
            }
            (7, _, Some(post)) => {
                let body = json!({ "status": format!("{words} changed") });
                person.client.call("PUT", &format!("/api/v1/statuses/{}", post.id), Some(&body)).await;
            }
            (8, _, Some(post)) if !post.is_answered => {
                person.client.call("DELETE", &format!("/api/v1/statuses/{}", post.id), None).await;
            }
            _ => {
                person.client.post(&json!({ "status": format!("@{} {words}", person.address) })).await;
            }
        }
        settle(&awake).await;
    }
}

/// A post of the community as one person sees it.
struct Seen {
    id: String,
    answers: Option<String>,
    says: String,
    author: usize,
    is_answered: bool,
    reactions: i64,
}

async fn seen(person: &Person) -> Vec<Seen> {
    let mut out = Vec::new();
    for thread in person.client.posts_of(&person.sleep).await {
        let below = person.client.below(&id(&thread)).await;
        out.extend(std::iter::once(&thread).chain(&below).map(as_seen));
    }
    out
}

fn as_seen(post: &Value) -> Seen {
    let author = post["account"]["username"].as_str().expect("everybody has a name");
    Seen {
        id: id(post),
        answers: post["in_reply_to_id"].as_str().map(str::to_owned),
        says: plain(post).split("Words").last().unwrap_or_default().to_owned(),
        author: ["ada", "ben", "cleo", "dan", "eve"]
            .iter()
            .position(|name| *name == author)
            .expect("one of us"),
        is_answered: post["replies_count"] != 0,
        reactions: post["favourites_count"].as_i64().expect("a count"),
    }
}

/// The charity's and the trust's members among themselves, from both sides.
async fn among_members(peers: &[Peer; 5], people: &[Person], says: &str) {
    people[0].client.post(&json!({ "status": format!("@quiet {says} here") })).await;
    let there = format!("@quiet@{} {says} there", peers[0].host());
    people[1].client.post(&json!({ "status": there })).await;
    settle(&[&peers[0], &peers[1], &peers[2], &peers[3]]).await;
}

/// Somebody pretends to be others, sends what has no end, and asks for what is not theirs.
async fn means_harm(peers: &[Peer; 5], people: &[Person], mallory: &Stranger) {
    let victim = &seen(&people[0]).await[0];
    let post = people[0].client.get(&format!("/api/v1/statuses/{}", victim.id)).await;
    let uri = post["uri"].clone();
    let forged = json!({
        "id": uri, "type": "Note", "attributedTo": mallory.uri, "content": "Words taken over",
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
    });
    for (number, (kind, object)) in
        [("Update", forged), ("Delete", uri.clone()), ("Announce", uri)].into_iter().enumerate()
    {
        mallory.sends(&peers[0], "/inbox", &mallory.does(&format!("/harm/{number}"), kind, &object)).await;
    }
    let about = json!({
        "uri": mallory.at("/endless/1"),
        "author": format!("http://{}/actors/ada", peers[0].host()),
    });
    let before = mallory.heard().len();
    let answer = mallory.answer("/endless/0", &about, "<p>and another thing</p>");
    let endless = mallory.does("/harm/endless", "Create", &answer);
    mallory.sends(&peers[0], "/actors/ada/inbox", &endless).await;
    settle(&[&peers[0], &peers[1], &peers[2], &peers[3]]).await;
    let asked = mallory.heard().len() - before;
    assert!(asked <= FETCHES_MAX, "{asked} requests for one activity");
}

/// What is left of a view without what somebody wrote, and what stands below that.
fn without(view: &[Seen], author: usize) -> BTreeSet<(&str, usize)> {
    let mut gone: BTreeSet<&str> = BTreeSet::new();
    let mut left = BTreeSet::new();
    for post in view {
        if post.author == author || post.answers.as_deref().is_some_and(|above| gone.contains(above)) {
            gone.insert(&post.id);
        } else {
            left.insert((post.says.as_str(), post.author));
        }
    }
    left
}

/// Everybody sees the same posts, wherever they are. Only the trust, which talks with the charity alone, hears of
/// nobody else, and nobody else can make sure of what its members said.
async fn they_agree(people: &[Person]) {
    let mut views = Vec::new();
    for person in people {
        views.push(seen(person).await);
    }
    let whole = without(&views[0], usize::MAX);
    assert!(whole.len() > OPERATIONS / 3, "something was written: {whole:?}");
    for (node, view) in views.iter().enumerate().skip(2) {
        assert_eq!(without(view, 1), without(&views[0], 1), "node {node}");
        let reactions = |view: &[Seen]| view.iter().map(|post| post.reactions).sum::<i64>();
        assert_eq!(reactions(view), reactions(&views[2]), "node {node}");
    }
    let at_trust = without(&views[1], usize::MAX);
    assert!(at_trust.iter().all(|post| post.1 < 2 && whole.contains(post)), "{at_trust:?}");
    assert!(at_trust.iter().any(|post| post.1 == 0) && at_trust.iter().any(|post| post.1 == 1));
    for person in &people[..2] {
        let quiet = id(&person.client.find(&person.address.replacen("sleep", "quiet", 1)).await);
        let shown = words(&person.client.posts_of(&quiet).await);
        assert_eq!(shown.len(), 4, "node {}: {shown:?}", person.node);
    }
}

/// Nobody but the members' nodes was sent, or given when they asked, a word of what is for members.
async fn nobody_was_told(peers: &[Peer; 5], people: &[Person], mallory: &Stranger) {
    let quiet = people[0].client.posts_of(&id(&people[0].client.find("quiet").await)).await;
    for post in &quiet {
        let path = post["uri"].as_str().and_then(|uri| uri.split_once(peers[0].host())).map(|(_, path)| path);
        if let Some(path) = path {
            assert_eq!(peers[0].serves(path).await, 404);
        }
    }
    let insiders = [peers[0].host(), peers[1].host()];
    let all = peers[0].wire.all();
    let among_insiders = |exchange: &&crate::wire::Exchange| {
        insiders.contains(&exchange.at.as_str())
            && (exchange.by_member || insiders.iter().any(|host| exchange.signed_by.contains(host)))
    };
    let (inside, outside): (Vec<_>, Vec<_>) = all.iter().partition(among_insiders);
    assert!(
        inside.iter().any(|exchange| exchange.asked.contains(SECRET)),
        "it is looked for as it is written"
    );
    assert!(outside.len() > 100, "there was much to look at");
    for exchange in outside {
        assert!(
            !exchange.asked.contains(SECRET) && !exchange.answered.contains(SECRET),
            "{}",
            exchange.asked
        );
    }
    assert!(!mallory.heard().iter().any(|heard| heard.contains(SECRET)));
}
