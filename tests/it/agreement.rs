//! A network that is closed: two nodes in an agreement with one another, and a third that is in none.

use alongside_app::hosts;
use alongside_domain::agreement::{Mode, Terms};
use alongside_store::engine::Store;
use alongside_testkit::both_engines_many;
use alongside_testkit::engines;
use serde_json::json;

use crate::peer::{Client, Peer, id, settle, words};

const AGREED: Terms = Terms { mode: Mode::Agreement, signed_fetch: true };
const OFF: Terms = Terms { mode: Mode::Off, signed_fetch: false };

both_engines_many!(an_agreement);

async fn an_agreement(stores: [Store; 3]) {
    let [charity, trust, stranger] = Peer::three_on(stores, [AGREED, AGREED, Terms::default()]).await;
    hosts::allow(&charity.kit.app, trust.host()).await.expect("the store works");
    hosts::allow(&trust.kit.app, charity.host()).await.expect("the store works");
    charity.open_community("sleep").await;
    stranger.open_community("shouting").await;
    let (ada, ben) = (charity.member("ada").await, trust.member("ben").await);
    let cleo = stranger.member("cleo").await;
    let sleep = charity.join(&ada, "sleep").await;

    // Neither side can read the other's key without being known by its own: this must not turn in a circle.
    let abroad = id(&ben.find(&format!("sleep@{}", charity.host())).await);
    ben.act(&format!("/api/v1/accounts/{abroad}/follow")).await;
    settle(&[&charity, &trust]).await;
    ben.post(&json!({ "status": format!("@sleep@{} awake again", charity.host()) })).await;
    settle(&[&charity, &trust]).await;
    assert_eq!(words(&ada.posts_of(&sleep).await), ["@sleep awake again"], "they hear one another");

    nobody_else_reads(&charity, &stranger, &cleo).await;
    nobody_else_is_found(&ada, &stranger).await;
    nobody_else_is_heard(&charity, &ada, [&stranger, &trust], &cleo).await;
    a_host_that_leaves_is_no_longer_talked_with(&charity, &trust, [&ada, &ben], &sleep).await;
}

async fn nobody_else_reads(charity: &Peer, stranger: &Peer, cleo: &Client) {
    for path in ["/actors/sleep", "/actors/sleep/outbox", "/actors/sleep/followers", "/actors/nobody"] {
        assert_eq!(charity.serves(path).await, 401, "{path}: unsigned");
    }
    assert_eq!(charity.serves("/").await, 200, "the node's own actor has the key that proves the rest");
    let search = format!("/api/v2/search?q=@sleep@{}&resolve=true", charity.host());
    let (status, text) = cleo.try_call("GET", &search, None).await;
    assert_eq!((status, text.contains("\"accounts\":[]")), (200, true), "signed by a stranger: {text}");
    let known = alongside_store::hosts::find(&mut charity.kit.app.reader(), stranger.host()).await;
    assert!(known.expect("the store works").is_none(), "a stranger's key is not even looked at");
}

async fn nobody_else_is_found(ada: &Client, stranger: &Peer) {
    for wanted in
        [format!("@shouting@{}", stranger.host()), format!("http://{}/actors/shouting", stranger.host())]
    {
        let (status, text) =
            ada.try_call("GET", &format!("/api/v2/search?q={wanted}&resolve=true"), None).await;
        assert_eq!(status, 422, "{text}");
        assert!(text.contains("only with servers it has an agreement with"), "{text}");
    }
}

/// What a stranger sends is refused at the door, and nothing goes there.
async fn nobody_else_is_heard(charity: &Peer, ada: &Client, [stranger, trust]: [&Peer; 2], cleo: &Client) {
    hosts::allow(&charity.kit.app, stranger.host()).await.expect("the store works");
    let abroad = id(&cleo.find(&format!("sleep@{}", charity.host())).await);
    cleo.act(&format!("/api/v1/accounts/{abroad}/follow")).await;
    settle(&[charity, stranger]).await;
    hosts::block(&charity.kit.app, stranger.host()).await.expect("the store works");
    cleo.post(&json!({ "status": format!("@sleep@{} let me in", charity.host()) })).await;
    ada.post(&json!({ "status": "@sleep among ourselves" })).await;
    settle(&[charity, stranger, trust]).await;
    let sleep = id(&ada.find("sleep").await);
    assert_eq!(words(&ada.posts_of(&sleep).await), ["@sleep among ourselves", "@sleep awake again"]);
    let seen = words(&cleo.posts_of(&abroad).await);
    assert!(!seen.iter().any(|text| text.contains("among ourselves")), "nothing was sent there: {seen:?}");
    let known = alongside_store::hosts::find(&mut stranger.kit.app.reader(), charity.host()).await;
    let refusal = known.expect("the store works").and_then(|host| host.last_error);
    assert_eq!(refusal.as_deref(), Some("status 403"));
}

async fn a_host_that_leaves_is_no_longer_talked_with(
    charity: &Peer,
    trust: &Peer,
    [ada, ben]: [&Client; 2],
    sleep: &str,
) {
    hosts::block(&charity.kit.app, trust.host()).await.expect("the store works");
    ben.post(&json!({ "status": format!("@sleep@{} still there?", charity.host()) })).await;
    settle(&[charity, trust]).await;
    assert!(!words(&ada.posts_of(sleep).await).iter().any(|text| text.contains("still there")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn off_means_nothing_in_and_nothing_out() {
    engines::many_on_sqlite(|stores| Box::pin(a_node_alone(stores))).await;
}

async fn a_node_alone(stores: [Store; 3]) {
    let [alone, other, _] = Peer::three_on(stores, [OFF, Terms::default(), OFF]).await;
    alone.open_community("sleep").await;
    other.open_community("shouting").await;
    let (ada, cleo) = (alone.member("ada").await, other.member("cleo").await);
    let webfinger = format!("/.well-known/webfinger?resource=acct:sleep@{}", alone.host());
    for path in ["/", "/actors/sleep", "/actors/sleep/outbox", "/.well-known/nodeinfo", webfinger.as_str()] {
        assert_eq!(alone.serves(path).await, 404, "{path}");
    }
    let (status, text) =
        ada.try_call("GET", &format!("/api/v2/search?q=@shouting@{}&resolve=true", other.host()), None).await;
    assert_eq!((status, text.contains("does not talk with other servers")), (422, true), "{text}");
    let (_, text) =
        cleo.try_call("GET", &format!("/api/v2/search?q=@sleep@{}&resolve=true", alone.host()), None).await;
    assert!(text.contains("\"accounts\":[]"), "{text}");
    alone.join(&ada, "sleep").await;
    ada.post(&json!({ "status": "@sleep among ourselves" })).await;
    settle(&[&alone]).await;
    let sleep = id(&ada.find("sleep").await);
    assert_eq!(words(&ada.posts_of(&sleep).await), ["@sleep among ourselves"], "here all goes on as it did");
}
