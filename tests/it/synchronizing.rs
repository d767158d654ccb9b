//! Two nodes that no longer know the same of who follows whom find out, and set it right (FEP-8fcf).
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use alongside_domain::community::Audience;
use alongside_domain::id::ActorId;
use alongside_store::engine::Store;
use alongside_store::{actors, follows};
use alongside_testkit::engines;
use reqwest::Url;
use serde_json::json;

use crate::peer::{Peer, id, settle};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_side_forgot_the_other_forgets_too() {
    engines::many_on_sqlite(|stores| Box::pin(forgetful(stores))).await;
}

async fn forgetful(stores: [Store; 3]) {
    let [charity, trust, stranger] = Peer::three(stores).await;
    charity.kit.agree(trust.host()).await;
    charity.open_community_for("quiet", Audience::Members).await;
    let ada = charity.member("ada").await;
    charity.join(&ada, "quiet").await;
    for name in ["ben", "bea", "bob"] {
        let member = trust.member(name).await;
        let abroad = id(&member.find(&format!("quiet@{}", charity.host())).await);
        member.act(&format!("/api/v1/accounts/{abroad}/follow")).await;
    }
    let both = [&charity, &trust];
    settle(&both).await;
    forget(&charity, "bea", trust.host()).await;
    forget(&trust, "bob", "").await;
    assert_eq!(known(&charity, trust.host()).await, ["ben", "bob"]);
    assert_eq!(known(&trust, "").await, ["bea", "ben"]);
    ada.post(&json!({ "status": "@quiet awake again" })).await;
    settle(&both).await;
    assert_eq!(known(&charity, trust.host()).await, ["ben"], "bob was taken back");
    assert_eq!(known(&trust, "").await, ["ben"], "bea follows no longer");
    let list = format!("http://{}/actors/quiet/followers_synchronization", charity.host());
    assert_eq!(charity.serves("/actors/quiet/followers_synchronization").await, 404, "it asks who asks");
    for (asker, count) in [(&trust, 1), (&stranger, 0)] {
        let shown = asker.federation.read(&Url::parse(&list).unwrap()).await.unwrap();
        assert_eq!(shown.json["orderedItems"].as_array().unwrap().len(), count, "to each its own");
    }
    let asked = |peer: &Peer| {
        let all = peer.wire.all();
        all.iter().filter(|exchange| exchange.asked.contains("GET /actors/quiet/followers_sync")).count()
    };
    let before = asked(&charity);
    for _ in 0..5 {
        forget(&trust, "ben", "").await;
        ada.post(&json!({ "status": "@quiet and again" })).await;
        settle(&both).await;
    }
    assert!(asked(&charity) - before <= 1, "not more than once a minute");
}

async fn person(peer: &Peer, name: &str, host: &str) -> Option<ActorId> {
    let found = actors::find_by_address(&mut peer.kit.app.reader(), name, host).await.unwrap();
    found.map(|actor| actor.id)
}

/// The community, as a node knows it.
async fn quiet(peer: &Peer) -> ActorId {
    if let Some(community) = person(peer, "quiet", "").await {
        return community;
    }
    let all = peer.wire.all();
    let home = all.iter().find(|exchange| exchange.asked.starts_with("GET /actors/quiet")).unwrap();
    person(peer, "quiet", &home.at).await.unwrap()
}

/// One side loses a follow, and tells nobody.
async fn forget(peer: &Peer, name: &str, host: &str) {
    let (community, person) = (quiet(peer).await, person(peer, name, host).await.unwrap());
    let mut tx = peer.kit.store().begin().await.unwrap();
    if let Some(follow) = follows::between(&mut tx, person, community).await.unwrap() {
        follows::remove(&mut tx, follow.id).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Of the three, those who follow as a node knows it.
async fn known(peer: &Peer, host: &str) -> Vec<&'static str> {
    let community = quiet(peer).await;
    let mut out = Vec::new();
    for name in ["bea", "ben", "bob"] {
        let Some(person) = person(peer, name, host).await else { continue };
        let follow = follows::between(&mut peer.kit.app.reader(), person, community).await.unwrap();
        out.extend(follow.filter(|follow| follow.accepted).map(|_| name));
    }
    out
}
