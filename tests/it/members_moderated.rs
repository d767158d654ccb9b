//! A community for its members, looked after from two nodes: what moderators do there is told to the members' nodes and
//! to nobody else, what they took out is read nowhere, and nothing of it goes to a host that has left the agreement.

use alongside_app::effects::Via;
use alongside_app::{hosts, moderation};
use alongside_domain::actor::Actor;
use alongside_domain::community::Audience;
use alongside_domain::id::CommunityId;
use alongside_domain::moderation::Measure;
use alongside_store::actors;
use alongside_store::engine::Store;
use alongside_testkit::both_engines_many;
use reqwest::Url;
use serde_json::json;

use crate::peer::{Client, Peer, id, settle, words};

both_engines_many!(the_story);

async fn the_story(stores: [Store; 3]) {
    let [mut charity, trust, stranger] = Peer::three(stores).await;
    charity.kit.agree(trust.host()).await;
    trust.kit.agree(charity.host()).await;
    charity.open_community_for("quiet", Audience::Members).await;
    let (ada, dora) = (charity.member("ada").await, charity.member("dora").await);
    let (ben, eve) = (trust.member("ben").await, trust.member("eve").await);
    let quiet = charity.join(&ada, "quiet").await;
    charity.join(&dora, "quiet").await;
    let peers = [&charity, &trust, &stranger];
    let abroad = joins(peers, &ben).await;
    joins(peers, &eve).await;
    Box::pin(appoint(peers, "ada", "")).await;
    Box::pin(appoint(peers, "ben", trust.host())).await;
    removed_and_put_back(peers, [&ada, &dora, &ben], [&quiet, &abroad]).await;
    let poll = json!({ "status": "@quiet tea or cocoa?", "poll": { "options": ["tea", "cocoa"], "expires_in": 3600 } });
    ada.post(&poll).await;
    settle(&peers).await;
    let eves = id(&ben.find("eve").await);
    let seen = trust.thread_of(&ben, &abroad, "cocoa").await;
    charity.stop();
    an_agreement_ends(&charity, &trust, &ben, [&abroad, &eves, &id(&seen["poll"])]).await;
    nothing_is_told_to_anybody_else([&charity, &trust, &stranger]);
}

async fn joins(peers: [&Peer; 3], member: &Client) -> String {
    let abroad = id(&member.find(&format!("quiet@{}", peers[0].host())).await);
    member.act(&format!("/api/v1/accounts/{abroad}/follow")).await;
    settle(&peers).await;
    abroad
}

/// What the operator of the community's node does.
async fn appoint(peers: [&Peer; 3], name: &str, host: &str) {
    let app = &peers[0].kit.app;
    let find = async |name: &str, host: &str| -> Actor {
        let found = actors::find_by_address(&mut app.reader(), name, host).await;
        found.expect("the store works").expect("they are known")
    };
    let (quiet, whom) = (find("quiet", "").await, find(name, host).await);
    let measure = Measure::Appoint(whom.id);
    let taken = moderation::take(app, &quiet, CommunityId::of(quiet.id), measure, "", Via::Here).await;
    assert!(taken.expect("the operator may"));
    settle(&peers).await;
}

/// Dora's post is taken out: the other node learns of it, and what once carried her words is not read there any more.
async fn removed_and_put_back(peers: [&Peer; 3], [ada, dora, ben]: [&Client; 3], [quiet, abroad]: [&str; 2]) {
    let advert = dora.post(&json!({ "status": "@quiet BuyMyPillows" })).await;
    settle(&peers).await;
    let member = peers[1].federation.clone();
    let carries = format!("http://{}/activities/create-{}", peers[0].host(), id(&advert));
    let carries = Url::parse(&carries).expect("an address");
    let read = member.read(&carries).await.expect("its node is a member's");
    assert!(read.json.to_string().contains("BuyMyPillows"));
    let path = format!("/api/v1/groups/{quiet}/statuses/{}", id(&advert));
    ada.call("DELETE", &format!("{path}?reason=no%20adverts"), None).await;
    settle(&peers).await;
    let shown = words(&ben.posts_of(abroad).await);
    assert!(!shown.iter().any(|post| post.contains("Pillows")), "the members' node was told: {shown:?}");
    assert!(
        member.read(&carries).await.is_err_and(|error| error.is_gone()),
        "nor is it read in what carried it"
    );
    ada.act(&format!("{path}/restore")).await;
    settle(&peers).await;
    let shown = words(&ben.posts_of(abroad).await);
    assert!(shown.iter().any(|post| post.contains("Pillows")), "and it is back: {shown:?}");
    assert!(member.read(&carries).await.is_ok());
}

/// The community's node is away while Ben, who looks after it, votes and sends somebody out. Then the agreement ends:
/// what he chose, and whom he sent out, stay where they are.
async fn an_agreement_ends(charity: &Peer, trust: &Peer, ben: &Client, [abroad, somebody, poll]: [&str; 3]) {
    ben.call("POST", &format!("/api/v1/polls/{poll}/votes"), Some(&json!({ "choices": [0] }))).await;
    let ban = json!({ "account_ids": [somebody], "reason": "adverts" });
    ben.call("POST", &format!("/api/v1/groups/{abroad}/blocks"), Some(&ban)).await;
    settle(&[trust]).await;
    let (waiting, _) = trust.waiting_for(charity.host()).await;
    assert!(waiting >= 2, "a vote and a block wait: {waiting}");
    hosts::open(&trust.kit.app, charity.host()).await.expect("the store works");
    let (left, _) = trust.waiting_for(charity.host()).await;
    assert_eq!(waiting - left, 2, "both were for members");
}

/// What a moderator did among members went to their nodes alone.
fn nothing_is_told_to_anybody_else([charity, trust, stranger]: [&Peer; 3]) {
    let all = charity.wire.all();
    let told = |at: &str, what: &str| {
        all.iter().any(|exchange| {
            exchange.at == at && exchange.asked.starts_with("POST") && exchange.asked.contains(what)
        })
    };
    assert!(told(trust.host(), "no adverts") && told(trust.host(), "\"Undo\""));
    for what in ["no adverts", "BuyMyPillows", "\"Undo\"", "quiet"] {
        assert!(!told(stranger.host(), what), "{what}");
    }
}
