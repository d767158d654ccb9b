//! Delivering between nodes in one process: a node that is away for an hour catches up in order; what is taken
//! back reaches whoever was sent it, and what they answered is kept.

use alongside_store::engine::Store;
use alongside_store::jobs;
use alongside_store::wake::Bell;
use alongside_testkit::both_engines_many;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpListener;

use crate::peer::{Client, Peer, id, settle, words};

const HOUR_SECS: i64 = 3_600;

both_engines_many!(an_outage_and_an_erasure);

async fn an_outage_and_an_erasure(stores: [Store; 3]) {
    let [charity, mut trust, mut third] = Peer::three(stores).await;
    charity.open_community("sleep").await;
    let (ada, ben, cleo) =
        (charity.member("ada").await, trust.member("ben").await, third.member("cleo").await);
    charity.join(&ada, "sleep").await;
    let abroad = joins(&charity, &ben, [&charity, &trust, &third]).await;
    joins(&charity, &cleo, [&charity, &trust, &third]).await;
    let question = ada.post(&json!({ "status": "@sleep who else is awake?" })).await;
    settle(&[&charity, &trust, &third]).await;
    let seen = trust.thread_of(&ben, &abroad, "who else").await;
    an_hour_away(&charity, &mut trust, &third, [&ada, &ben], [&question, &seen]).await;
    what_is_deleted_is_confirmed(&charity, &trust, &mut third, [&ada, &cleo]).await;
}

both_engines_many!(one_hangs);

/// The third node takes connections and never answers. The trust's node has everything long before anybody gives
/// the third up.
async fn one_hangs(stores: [Store; 3]) {
    const POSTS: i64 = 5;
    let [charity, trust, mut third] = Peer::three(stores).await;
    charity.open_community("sleep").await;
    let (ada, ben, cleo) =
        (charity.member("ada").await, trust.member("ben").await, third.member("cleo").await);
    charity.join(&ada, "sleep").await;
    joins(&charity, &ben, [&charity, &trust, &third]).await;
    joins(&charity, &cleo, [&charity, &trust, &third]).await;
    third.stop();
    let hole = loop {
        // The old door is shut a moment after it was told to.
        match TcpListener::bind(third.host()).await {
            Ok(hole) => break hole,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    let hanging = tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((connection, _)) = hole.accept().await {
            held.push(connection);
        }
    });
    let working = charity.work();
    for number in 0..POSTS {
        ada.post(&json!({ "status": format!("@sleep awake {number}") })).await;
    }
    let store = trust.kit.store();
    let arrived = async {
        loop {
            let listening = store.wake().listen(Bell::Changes);
            if jobs::backlog(&mut store.reader()).await.expect("the store works").jobs >= POSTS {
                return;
            }
            listening.heard(Duration::from_secs(1)).await;
        }
    };
    // A try of the one that hangs takes ten seconds.
    tokio::time::timeout(Duration::from_secs(8), arrived).await.expect("nobody waits for the one that hangs");
    assert!(charity.waiting_for(third.host()).await.0 >= POSTS);
    working.abort();
    hanging.abort();
}

async fn joins(charity: &Peer, member: &Client, peers: [&Peer; 3]) -> String {
    let community = id(&member.find(&format!("sleep@{}", charity.host())).await);
    member.act(&format!("/api/v1/accounts/{community}/follow")).await;
    settle(&peers).await;
    community
}

/// For everybody alike: nodes refuse what was signed by a clock that is far from theirs.
fn time_passes(peers: [&Peer; 3], secs: i64) {
    for peer in peers {
        peer.kit.clock.advance_secs(secs);
    }
}

/// The trust's node is down for an hour in which Ada writes, changes and deletes. It comes back to all of it, in
/// order, and the third node did not wait.
async fn an_hour_away(
    charity: &Peer,
    trust: &mut Peer,
    third: &Peer,
    [ada, ben]: [&Client; 2],
    [question, seen]: [&Value; 2],
) {
    trust.stop();
    let mut said = Vec::new();
    let mut parent = question["id"].clone();
    for number in 0..12 {
        let answer = ada.post(&json!({ "status": format!("hour {number}"), "in_reply_to_id": parent })).await;
        parent = answer["id"].clone();
        said.push(answer);
        settle(&[charity, third]).await;
        time_passes([charity, trust, third], HOUR_SECS / 12);
    }
    let changed = json!({ "status": "hour 3, changed" });
    ada.call("PUT", &format!("/api/v1/statuses/{}", id(&said[3])), Some(&changed)).await;
    ada.call("DELETE", &format!("/api/v1/statuses/{}", id(&said[11])), None).await;
    settle(&[charity, third]).await;
    let waiting = charity.waiting_for(trust.host()).await;
    assert!(waiting.0 >= 12 && waiting.1 > 0, "it all waits, and the host has failed: {waiting:?}");
    trust.start().await;
    settle(&[charity, trust]).await;
    assert_eq!(words(&ben.below(&id(seen)).await).len(), 0, "the host is left alone until its time comes");
    time_passes([charity, trust, third], HOUR_SECS * 2);
    settle(&[charity, trust]).await;
    let whole: Vec<String> = (0..11)
        .map(|number| if number == 3 { "hour 3, changed".to_owned() } else { format!("hour {number}") })
        .collect();
    assert_eq!(words(&ben.below(&id(seen)).await), whole);
    assert_eq!(charity.waiting_for(trust.host()).await, (0, 0));
}

/// Ada deletes a post that both nodes have. The third is away, and follows the community no longer: it is told
/// when it is back. What each answered is shown to Ada, and to nobody else.
async fn what_is_deleted_is_confirmed(
    charity: &Peer,
    trust: &Peer,
    third: &mut Peer,
    [ada, cleo]: [&Client; 2],
) {
    let regretted = ada.post(&json!({ "status": "@sleep I regret this" })).await;
    settle(&[charity, trust, third]).await;
    let community = id(&cleo.find(&format!("sleep@{}", charity.host())).await);
    assert_eq!(cleo.in_home("regret").await, 1);
    cleo.act(&format!("/api/v1/accounts/{community}/unfollow")).await;
    settle(&[charity, third]).await;
    third.stop();
    let post = id(&regretted);
    let path = format!("/api/alongside/v1/statuses/{post}/erasure");
    assert_eq!(ada.status_of("GET", &path).await, 404, "nothing is erased yet");
    ada.call("DELETE", &format!("/api/v1/statuses/{post}"), None).await;
    settle(&[charity, trust]).await;
    let told = ada.get(&path).await;
    assert_eq!(told["counts"], json!({ "arrived": 1, "waiting": 1 }), "{told}");
    let state_of = |told: &Value, host: &str| {
        let hosts = told["hosts"].as_array().expect("a list").clone();
        hosts.iter().find(|one| one["host"] == host).expect("it is listed")["state"].clone()
    };
    assert_eq!(state_of(&told, trust.host()), "arrived");
    assert_eq!(state_of(&told, third.host()), "waiting");
    assert_eq!(charity.serves(&format!("/posts/{post}")).await, 410);
    let other = charity.member("eve").await;
    assert_eq!(other.status_of("GET", &path).await, 404);
    third.start().await;
    time_passes([charity, trust, third], HOUR_SECS);
    settle(&[charity, third]).await;
    let told = ada.get(&path).await;
    assert_eq!(told["counts"], json!({ "arrived": 2 }), "{told}");
    assert_eq!(
        cleo.posts_of(&community)
            .await
            .iter()
            .filter(|post| post["content"].as_str().is_some_and(|says| says.contains("regret")))
            .count(),
        0
    );
}
