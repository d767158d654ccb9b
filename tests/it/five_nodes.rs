//! Five nodes that are unlike one another, and one that means harm, for a night: a charity's with a community for
//! everybody and one for its members; a trust's that talks with the charity alone; an open one that has no
//! agreement with anybody; one behind a slow line; and one that is down for an hour. A seeded hand writes, answers,
//! reacts, changes and deletes. In the morning they must agree, and every byte on the wire is looked at. Here they are in
//! one process with a clock that is moved; in [`processes`] each is one of its own.

mod processes;

use std::collections::BTreeSet;
use std::time::Duration;

use alongside_domain::agreement::{Mode, Terms};
use alongside_domain::community::Audience;
use alongside_store::engine::Store;
use alongside_testkit::both_engines_many;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::peer::{Client, Peer, id, plain, serves, settle, words};
use crate::stranger::Stranger;
use crate::wire::{Exchange, Wire};

const SEED: u64 = 20_261_125;
const OPERATIONS: usize = 48;
/// What one activity may make a node ask of others, at most.
const FETCHES_MAX: usize = alongside_federation::allowance::FETCHES_MAX;
/// In every word that is for members only.
const SECRET: &str = "Hushed";
/// Members of the community for its members, who say nothing elsewhere, on the charity's node and on the trust's. That
/// they exist anybody may ask; nothing else says their names.
const MEMBERS: [&str; 2] = ["marigold", "larkspur"];
const NAMES: [&str; 5] = ["ada", "ben", "cleo", "dan", "eve"];
/// The trust's node, which talks with the charity's alone.
const TRUST: usize = 1;

const AGREED: Terms = Terms { mode: Mode::Agreement, signed_fetch: true };
const OPEN: Terms = Terms { mode: Mode::Open, signed_fetch: false };

both_engines_many!(they_agree_in_the_morning_and_nobody_was_told_what_was_not_theirs);

/// Somebody with a client on one of the nodes.
struct Person {
    node: usize,
    client: Client,
    /// The community they take part in, as their node knows it.
    community: String,
    /// Its address, as they write it.
    address: String,
}

async fn they_agree_in_the_morning_and_nobody_was_told_what_was_not_theirs(stores: [Store; 5]) {
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
    let members = members_join(&peers).await;

    let mut hand = StdRng::seed_from_u64(SEED);
    among_members(&members, "Hushed evening").await;
    write(&peers, &people, &mut hand, &[0, 1, 2, 3, 4]).await;
    peers[4].stop();
    write(&peers, &people, &mut hand, &[0, 1, 2, 3]).await;
    among_members(&members, "Hushed midnight").await;
    means_harm(&peers, &people, &mallory).await;
    for peer in &peers {
        peer.kit.clock.advance_secs(3_600);
    }
    peers[4].start().await;
    settle(&all(&peers)).await;

    let everybody: Vec<&Person> = people.iter().collect();
    assert_eq!(differences(&everybody).await, [""; 0]);
    something_was_said(&people, OPERATIONS / 3).await;
    they_heard_one_another(&members).await;
    nobody_was_told(&peers[0].wire, [peers[0].host(), peers[1].host()], &members, &mallory).await;
}

fn all(peers: &[Peer; 5]) -> [&Peer; 5] {
    peers.each_ref()
}

/// One member on each node joins the community for everybody.
async fn everybody_joins(peers: &[Peer; 5]) -> Vec<Person> {
    let mut people = Vec::new();
    for (node, name) in NAMES.into_iter().enumerate() {
        let client = peers[node].member(name).await;
        let person = Person::joins(node, client, "sleep", peers[0].host()).await;
        // Those who try the other, which is for members in the agreement, are refused.
        if node > TRUST {
            join(&person.client, &person.address.replacen("sleep", "quiet", 1)).await;
        }
        people.push(person);
    }
    settle(&all(peers)).await;
    people
}

async fn members_join(peers: &[Peer; 5]) -> [Person; 2] {
    let (here, there) = (peers[0].member(MEMBERS[0]).await, peers[1].member(MEMBERS[1]).await);
    let members = [
        Person::joins(0, here, "quiet", peers[0].host()).await,
        Person::joins(1, there, "quiet", peers[0].host()).await,
    ];
    settle(&all(peers)).await;
    members
}

impl Person {
    /// Somebody who joins a community of the charity's node.
    async fn joins(node: usize, client: Client, name: &str, charity: &str) -> Self {
        let address = if node == 0 { name.to_owned() } else { format!("{name}@{charity}") };
        let community = join(&client, &address).await;
        Self { node, client, community, address }
    }
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
        // Nobody changes the same words twice in one moment.
        for peer in peers {
            peer.kit.clock.advance_secs(1);
        }
        let person = &people[*nodes.choose(hand).expect("somebody is awake")];
        does_something(person, hand, &format!("Words{}of{number}", nodes.len())).await;
        settle(&awake).await;
    }
}

/// Begins a thread, answers, reacts, changes or deletes, as the hand has it.
async fn does_something(person: &Person, hand: &mut StdRng, says: &str) {
    let what = hand.random_range(0..9);
    // Whoever begins a thread need not look at the others.
    let seen = if what < 3 { Vec::new() } else { seen(person).await };
    let own: Vec<&Seen> = seen.iter().filter(|post| post.author == person.node).collect();
    match (what, seen.choose(hand), own.choose(hand)) {
        (3..=5, Some(post), _) => {
            person.client.post(&json!({ "status": says, "in_reply_to_id": post.id })).await;
        }
        (6, Some(post), _) => {
            person.client.act(&format!("/api/v1/statuses/{}/favourite", post.id)).await;
        }
        (7, _, Some(post)) => {
            let body = json!({ "status": format!("{says} changed") });
            person.client.call("PUT", &format!("/api/v1/statuses/{}", post.id), Some(&body)).await;
        }
        (8, _, Some(post)) if !post.is_answered => {
            person.client.call("DELETE", &format!("/api/v1/statuses/{}", post.id), None).await;
        }
        _ => {
            person.client.post(&json!({ "status": format!("@{} {says}", person.address) })).await;
        }
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
    for thread in person.client.posts_of(&person.community).await {
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
        author: NAMES.iter().position(|name| *name == author).expect("one of us"),
        is_answered: post["replies_count"] != 0,
        reactions: post["favourites_count"].as_i64().expect("a count"),
    }
}

/// The members among themselves, from both sides.
async fn among_members(members: &[Person; 2], says: &str) {
    for (member, from) in members.iter().zip(["here", "there"]) {
        member.client.post(&json!({ "status": format!("@{} {says} {from}", member.address) })).await;
    }
}

/// Somebody pretends to be others, sends what has no end, and asks for what is not theirs.
async fn means_harm(peers: &[Peer; 5], people: &[Person], mallory: &Stranger) {
    let hers = newest(&people[0]).await;
    for forgery in forgeries(mallory, &hers["uri"]) {
        mallory.sends(&peers[0], "/inbox", &forgery).await;
    }
    let before = mallory.heard().len();
    mallory.sends(&peers[0], "/actors/ada/inbox", &below(mallory, peers[0].host(), "endless", 0)).await;
    settle(&[&peers[0], &peers[1], &peers[2], &peers[3]]).await;
    let asked = mallory.heard().len() - before;
    assert!((2..=FETCHES_MAX).contains(&asked), "{asked} requests for one activity");
    let now = newest(&people[0]).await;
    assert_eq!((&now["uri"], &now["content"]), (&hers["uri"], &hers["content"]), "they are hers");
}

/// The thread that was begun last.
async fn newest(person: &Person) -> Value {
    person.client.posts_of(&person.community).await.swap_remove(0)
}

/// What somebody says about a post that is not theirs.
fn forgeries(mallory: &Stranger, uri: &Value) -> [Value; 3] {
    let taken_over = json!({
        "id": uri, "type": "Note", "attributedTo": mallory.uri, "content": "Words taken over",
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
    });
    [("Update", &taken_over), ("Delete", uri), ("Announce", uri)]
        .map(|(kind, object)| mallory.does(&format!("/harm/{kind}"), kind, object))
}

/// An answer for Ada to something of theirs that has no end; her node has to fetch what it answers.
fn below(mallory: &Stranger, charity: &str, kind: &str, number: usize) -> Value {
    let above = mallory.at(&format!("/{kind}/{}", number + 1));
    let about = json!({ "uri": above, "author": format!("http://{charity}/actors/ada") });
    let path = format!("/{kind}/{number}");
    mallory.does(
        &format!("/harm{path}"),
        "Create",
        &mallory.answer(&path, &about, "<p>and another thing</p>"),
    )
}

/// What is left of a view without what some wrote, and what stands below that.
fn without(view: &[Seen], left_out: impl Fn(usize) -> bool) -> BTreeSet<(&str, usize)> {
    let mut gone: BTreeSet<&str> = BTreeSet::new();
    let mut left = BTreeSet::new();
    for post in view {
        if left_out(post.author) || post.answers.as_deref().is_some_and(|above| gone.contains(above)) {
            gone.insert(&post.id);
        } else {
            left.insert((post.says.as_str(), post.author));
        }
    }
    left
}

/// Where these, of whom the first is the charity's, do not see the same posts. Only the trust, which talks with the
/// charity alone, hears of nobody else, and nobody else can make sure of what its members said.
async fn differences(people: &[&Person]) -> Vec<String> {
    let mut views = Vec::new();
    for person in people {
        views.push(seen(person).await);
    }
    let whole = without(&views[0], |_| false);
    let mut wrong = Vec::new();
    let mut reactions = BTreeSet::new();
    for (person, view) in people.iter().zip(&views).skip(1) {
        let (missing, strange): (Vec<_>, Vec<_>) = if person.node == TRUST {
            let (wanted, shown) = (without(&views[0], |author| author > TRUST), without(view, |_| false));
            let is_strange = |post: &&(&str, usize)| post.1 > TRUST || !whole.contains(*post);
            (wanted.difference(&shown).copied().collect(), shown.iter().filter(is_strange).copied().collect())
        } else {
            let [wanted, shown] = [&views[0], view].map(|view| without(view, |author| author == TRUST));
            reactions.insert(view.iter().map(|post| post.reactions).sum::<i64>());
            (wanted.difference(&shown).copied().collect(), shown.difference(&wanted).copied().collect())
        };
        if !missing.is_empty() || !strange.is_empty() {
            wrong.push(format!("node {} lacks {missing:?} and has {strange:?}", person.node));
        }
    }
    if reactions.len() > 1 {
        wrong.push(format!("as many reactions here as there: {reactions:?}"));
    }
    wrong
}

/// There was something to agree about, by the trust's member too.
async fn something_was_said(people: &[Person], at_least: usize) {
    let [whole, at_trust] = [seen(&people[0]).await, seen(&people[TRUST]).await];
    assert!(whole.len() > at_least, "{} posts", whole.len());
    for author in [0, TRUST] {
        assert!(at_trust.iter().any(|post| post.author == author), "nothing by {}", NAMES[author]);
    }
}

/// Both members see what both said, in the evening and at midnight.
async fn they_heard_one_another(members: &[Person; 2]) {
    for member in members {
        let shown = words(&member.client.posts_of(&member.community).await);
        assert_eq!(shown.len(), 4, "node {}: {shown:?}", member.node);
    }
}

/// Nobody but the members' nodes was sent, or given when they asked, a word of what is for members, or learned who
/// they are.
async fn nobody_was_told(wire: &Wire, insiders: [&str; 2], members: &[Person; 2], mallory: &Stranger) {
    for post in members[0].client.posts_of(&members[0].community).await {
        let path = post["uri"].as_str().and_then(|uri| uri.split_once(insiders[0])).map(|(_, path)| path);
        if let Some(path) = path {
            assert_eq!(serves(insiders[0], path).await, 404);
        }
    }
    let all = wire.all();
    let is_inside = |exchange: &&Exchange| {
        insiders.contains(&exchange.at.as_str())
            && (exchange.by_member || insiders.iter().any(|host| exchange.signed_by.contains(host)))
    };
    let (inside, outside): (Vec<_>, Vec<_>) = all.iter().partition(is_inside);
    let is_known = |word: &str| inside.iter().any(|exchange| exchange.asked.contains(word));
    assert!(is_known(SECRET) && MEMBERS.into_iter().all(is_known), "they are looked for as they are written");
    assert!(outside.len() > 100, "there was much to look at");
    for exchange in outside {
        let Exchange { asked, answered, .. } = exchange;
        assert!(!asked.contains(SECRET) && !answered.contains(SECRET), "{asked}: {answered}");
        let is_of_a_name = asked.starts_with("GET /.well-known/webfinger");
        // An insider may be asked by the other who it is that signs.
        let is_asked_elsewhere = !insiders.contains(&exchange.at.as_str());
        for name in MEMBERS.into_iter().filter(|_| !is_of_a_name) {
            assert!(!answered.contains(name), "{name}: {asked}: {answered}");
            assert!(!is_asked_elsewhere || !asked.contains(name), "{name}: {asked}");
        }
    }
    let secrets = [SECRET, MEMBERS[0], MEMBERS[1]];
    assert!(!mallory.heard().iter().any(|heard| secrets.iter().any(|secret| heard.contains(secret))));
}
