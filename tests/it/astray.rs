//! What would go astray: somebody on software that knows no communities answers a post it was boosted, and
//! sends that to nobody but the post's author. The author's node tells the community's, which tells its
//! members.

use alongside_domain::agreement::Terms;
use alongside_store::engine::Store;
use alongside_testkit::both_engines_many;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::peer::{Client, Peer, id, settle, words};
use crate::stranger::Stranger;

both_engines_many!(the_story);

/// A member of one node looks at the thread through what they call its first post.
struct Seen<'a> {
    member: &'a Client,
    post: String,
}

impl Seen<'_> {
    async fn below(&self) -> Vec<String> {
        words(&self.member.below(&self.post).await)
    }

    async fn reactions(&self) -> Value {
        self.member.get(&format!("/api/v1/statuses/{}", self.post)).await["favourites_count"].clone()
    }
}

async fn the_story(stores: [Store; 3]) {
    let door = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
    let stranger_host = door.local_addr().expect("a bound door has an address").to_string();
    let gus = Stranger::behind(door);
    let peers = Peer::several(stores, [Terms::default(); 3], &[stranger_host]).await;
    let [charity, trust, third] = &peers;
    charity.open_community("sleep").await;
    let (ada, ben, cleo) =
        (charity.member("ada").await, trust.member("ben").await, third.member("cleo").await);
    let here = charity.join(&ada, "sleep").await;
    let question = asked_from_elsewhere([charity, trust, third], &ben, &cleo).await;
    let at_charity =
        Seen { member: &ada, post: id(&charity.thread_of(&ada, &here, "count backwards").await) };
    let abroad = id(&cleo.find(&format!("sleep@{}", charity.host())).await);
    let at_third =
        Seen { member: &cleo, post: id(&third.thread_of(&cleo, &abroad, "count backwards").await) };
    let about = json!({ "uri": question["uri"], "author": format!("http://{}/actors/ben", trust.host()) });

    let answer = gus.answer("/notes/1", &about, "<p>every single night</p>");
    gus.says("/notes/1", &answer);
    let told = gus.does("/notes/1/activity", "Create", &answer);
    gus.sends(trust, "/actors/ben/inbox", &told).await;
    // A stranger may well send everything twice, by two ways in.
    gus.sends(trust, "/inbox", &told).await;
    settle(&[charity, trust, third]).await;
    for seen in [&at_charity, &at_third] {
        assert_eq!(seen.below().await, ["every single night"], "once, on the community's node and beyond");
    }

    let like = gus.does("/likes/1", "Like", &question["uri"]);
    gus.says("/likes/1", &like);
    gus.sends(trust, "/actors/ben/inbox", &like).await;
    settle(&[charity, trust, third]).await;
    assert_eq!((at_charity.reactions().await, at_third.reactions().await), (json!(1), json!(1)));

    changed_and_deleted([charity, trust, third], &gus, &answer, [&at_charity, &at_third]).await;
}

/// Ben's question to the charity's community, as his node has it; Cleo's node is told of it.
async fn asked_from_elsewhere(peers: [&Peer; 3], ben: &Client, cleo: &Client) -> Value {
    let sleep = format!("sleep@{}", peers[0].host());
    for member in [ben, cleo] {
        let community = id(&member.find(&sleep).await);
        member.act(&format!("/api/v1/accounts/{community}/follow")).await;
    }
    settle(&peers).await;
    let question = ben.post(&json!({ "status": format!("@{sleep} who else does count backwards?") })).await;
    settle(&peers).await;
    question
}

/// The stranger's second thoughts take the same way.
async fn changed_and_deleted(peers: [&Peer; 3], gus: &Stranger, answer: &Value, seen: [&Seen<'_>; 2]) {
    let mut changed = answer.clone();
    changed["content"] = json!("<p>every single night, still</p>");
    changed["updated"] = json!("2026-11-23T02:00:00.500Z");
    gus.says("/notes/1", &changed);
    gus.sends(peers[1], "/actors/ben/inbox", &gus.does("/notes/1/edit", "Update", &changed)).await;
    settle(&peers).await;
    for seen in seen {
        assert_eq!(seen.below().await, ["every single night, still"]);
    }
    gus.forgets("/notes/1");
    let gone = gus.does("/notes/1/delete", "Delete", &json!(gus.at("/notes/1")));
    gus.sends(peers[1], "/actors/ben/inbox", &gone).await;
    settle(&peers).await;
    for seen in seen {
        assert_eq!(seen.below().await, Vec::<String>::new());
    }
}
