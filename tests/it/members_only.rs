//! A community for its members across nodes: a charity's node that has it, a trust's node in agreement with it
//! whose member takes part, and a third node without an agreement, which learns nothing. Every byte is looked at.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use alongside_app::copies::Size;
use alongside_app::hosts;
use alongside_app::media::Wanted;
use alongside_domain::community::Audience;
use alongside_domain::id::{MediaId, PostId};
use alongside_domain::media::{Media, MediaKind, MediaState};
use alongside_federation::copies;
use alongside_federation::fetch::error::FetchError;
use alongside_store::engine::Store;
use alongside_store::{media, posts};
use alongside_testkit::both_engines_many;
use alongside_testkit::engines;
use reqwest::Url;
use serde_json::{Value, json};

use crate::peer::{Client, Peer, id, list, plain, settle, words};

/// What nobody else may come across: words of posts and of their warnings.
const WORDS: [&str; 5] = ["NightSweats", "CoffeeAgain", "CountBackwards", "FromThreeHundred", "ThankYouAll"];
/// Who takes part. That they exist anybody may ask; nothing else says their names.
const NAMES: [&str; 2] = ["marigold", "larkspur"];
/// The beginning of a picture.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

both_engines_many!(the_story);

async fn the_story(stores: [Store; 3]) {
    let [charity, trust, stranger] = Peer::three(stores).await;
    let peers = [&charity, &trust, &stranger];
    charity.kit.agree(trust.host()).await;
    charity.open_community_for("quiet", Audience::Members).await;
    let (ada, ben) = (charity.member("marigold").await, trust.member("larkspur").await);
    let cleo = stranger.member("cleo").await;
    let quiet = charity.join(&ada, "quiet").await;
    let thread =
        ada.post(&json!({ "status": "@quiet NightSweats again", "spoiler_text": "CoffeeAgain" })).await;
    assert_eq!(thread["visibility"], "private");
    is_turned_away(peers, &cleo).await;
    let abroad = joins_and_reads(peers, &ben).await;
    let question = writes(peers, [&ada, &ben], [&quiet, &abroad]).await;
    they_talk(peers, [&ada, &ben], [&quiet, &id(&question)]).await;
    nobody_else_is_told(peers, &thread, &question).await;
    pictures_outlast_their_addresses(peers, &thread).await;
    leaves_and_comes_back(peers, &ben, [&abroad, &id(&question)]).await;
    the_agreement_ends(peers, [&ada, &ben], &abroad).await;
    no_byte_says_anything(peers);
}

/// Cleo's node has no agreement with the charity: she is refused, politely, and nothing else happens.
async fn is_turned_away(peers: [&Peer; 3], cleo: &Client) {
    let abroad = id(&cleo.find(&format!("quiet@{}", peers[0].host())).await);
    cleo.act(&format!("/api/v1/accounts/{abroad}/follow")).await;
    settle(&peers).await;
    let now = cleo.get(&format!("/api/v1/accounts/relationships?id[]={abroad}")).await;
    assert_eq!(
        (&now[0]["following"], &now[0]["requested"]),
        (&json!(false), &json!(false)),
        "she was refused"
    );
    assert!(cleo.posts_of(&abroad).await.is_empty());
}

/// Ben's node is in the agreement: he joins, and sees what was written before.
async fn joins_and_reads(peers: [&Peer; 3], ben: &Client) -> String {
    let abroad = id(&ben.find(&format!("quiet@{}", peers[0].host())).await);
    ben.act(&format!("/api/v1/accounts/{abroad}/follow")).await;
    settle(&peers).await;
    let now = ben.get(&format!("/api/v1/accounts/relationships?id[]={abroad}")).await;
    assert_eq!(now[0]["following"], true);
    let threads = ben.posts_of(&abroad).await;
    assert_eq!(words(&threads), ["@quiet NightSweats again"]);
    assert_eq!(
        (&threads[0]["visibility"], &threads[0]["spoiler_text"]),
        (&json!("private"), &json!("CoffeeAgain"))
    );
    abroad
}

/// He posts by naming the community, once his own node has an agreement with its node: before that he is told why
/// not, and nothing is published.
async fn writes(peers: [&Peer; 3], [ada, ben]: [&Client; 2], [quiet, abroad]: [&str; 2]) -> Value {
    let status = format!("@quiet@{} does anybody CountBackwards?", peers[0].host());
    let body = json!({ "status": status });
    let (refused, why) = ben.try_call("POST", "/api/v1/statuses", Some(&body)).await;
    assert_eq!(refused, 422);
    assert!(why.contains("no agreement"), "{why}");
    peers[1].kit.agree(peers[0].host()).await;
    let question = ben.post(&body).await;
    assert_eq!(question["visibility"], "private");
    settle(&peers).await;
    assert_eq!(words(&ada.posts_of(quiet).await).len(), 2);
    assert_eq!(ada.in_home("CountBackwards").await, 1, "once, as the community's");
    assert_eq!(ben.in_home("CountBackwards").await, 1, "once, though it is his own");
    assert_eq!(words(&ben.posts_of(abroad).await).len(), 2);
    question
}

/// They answer, react, change and take back, and each sees it in their own client.
async fn they_talk(peers: [&Peer; 3], [ada, ben]: [&Client; 2], [quiet, question]: [&str; 2]) {
    let seen = peers[0].thread_of(ada, quiet, "CountBackwards").await;
    let answer = ada.post(&json!({ "status": "FromThreeHundred", "in_reply_to_id": seen["id"] })).await;
    assert_eq!(answer["visibility"], "private", "the audience is inherited");
    settle(&peers).await;
    let below = ben.below(question).await;
    assert_eq!(words(&below), ["FromThreeHundred"]);
    ben.act(&format!("/api/v1/statuses/{}/favourite", id(&below[0]))).await;
    let thanks = ben.post(&json!({ "status": "thanks", "in_reply_to_id": below[0]["id"] })).await;
    settle(&peers).await;
    ben.call("PUT", &format!("/api/v1/statuses/{}", id(&thanks)), Some(&json!({ "status": "ThankYouAll" })))
        .await;
    settle(&peers).await;
    let below = ada.below(&id(&seen)).await;
    assert_eq!(words(&below), ["FromThreeHundred", "ThankYouAll"]);
    assert_eq!(below[0]["favourites_count"], 1);
    let told = list(ada.get("/api/v1/notifications").await);
    for kind in ["favourite", "mention"] {
        assert!(told.iter().any(|notice| notice["type"] == kind), "{kind}: {told:?}");
    }
    ben.act(&format!("/api/v1/statuses/{}/unfavourite", id(&ben.below(question).await[0]))).await;
    ben.call("DELETE", &format!("/api/v1/statuses/{}", id(&thanks)), None).await;
    settle(&peers).await;
    let below = ada.below(&id(&seen)).await;
    assert_eq!(words(&below), ["FromThreeHundred"]);
    assert_eq!(below[0]["favourites_count"], 0);
    let (refused, _) = ben.try_call("POST", &format!("/api/v1/statuses/{question}/reblog"), None).await;
    assert!((400..500).contains(&refused), "what is for members is not boosted");
}

/// A file of a post for members is shown to a node where one lives, by whatever address; to nobody else.
async fn pictures_outlast_their_addresses(peers: [&Peer; 3], thread: &Value) {
    let app = &peers[0].kit.app;
    let post: PostId = id(thread).parse().unwrap();
    let owner = posts::find(&mut app.reader(), post).await.unwrap().unwrap().author;
    let file: MediaId = app.next_id();
    let name = format!("{file}-0a.png");
    let folder = peers[0].kit.folder().join("media");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(&name), PNG).unwrap();
    let picture = Media {
        id: file,
        owner,
        post: Some(post),
        kind: MediaKind::Image,
        mime: "image/png".to_owned(),
        file: Some(name.clone()),
        preview: None,
        cover: None,
        remote_url: None,
        description: None,
        focus_x: 0.0,
        focus_y: 0.0,
        blurhash: None,
        width: 1,
        height: 1,
        playing: None,
        state: MediaState::Ready,
        created_at: app.now(),
    };
    let mut tx = peers[0].kit.store().begin().await.unwrap();
    media::insert_remote(&mut tx, &[picture]).await.unwrap();
    tx.commit().await.unwrap();
    let address = format!("http://{}/media/{name}?until=1&signature=old", peers[0].host());
    let address = Url::parse(&address).unwrap();
    let read = async |by: &Peer| by.federation.read_file(&address, 1_000, 1_000).await;
    assert_eq!(&read(peers[1]).await.unwrap()[..], PNG, "a member lives there");
    assert!(read(peers[2]).await.unwrap_err().is_gone());
    let unsigned = peers[1].federation.client().get_file(&address, 1_000, 1_000, None).await;
    assert!(matches!(unsigned, Err(FetchError::NotFound)), "{unsigned:?}");
    let wanted = Wanted { url: address.to_string(), size: Size::Original, open: false };
    assert!(copies::of(&peers[2].federation, &wanted).await.unwrap().is_none());
}

/// Whoever asks without being a member's node is told what they would be told if there were nothing.
async fn nobody_else_is_told(peers: [&Peer; 3], thread: &Value, question: &Value) {
    for (peer, post) in [(peers[0], thread), (peers[1], question)] {
        let (uri, post) = (post["uri"].as_str().unwrap(), id(post));
        let (absent, nothing) = (uri.replace(&post, "117"), "117");
        for (path, instead) in [
            (format!("/posts/{post}"), format!("/posts/{nothing}")),
            (format!("/posts/{post}/replies"), format!("/posts/{nothing}/replies")),
            (format!("/activities/create-{post}"), format!("/activities/create-{nothing}")),
            (format!("/api/v1/statuses/{post}"), format!("/api/v1/statuses/{nothing}")),
            (format!("/@marigold/{post}"), format!("/@marigold/{nothing}")),
        ] {
            let (there, not_there) = (peer.answers(&path).await, peer.answers(&instead).await);
            assert_eq!(there, not_there, "{path}");
            assert_eq!(there.0, 404);
        }
        let by = peers[2];
        let read = |uri: String| async move { by.federation.read(&Url::parse(&uri).unwrap()).await };
        assert!(read(uri.to_owned()).await.unwrap_err().is_gone(), "signed by a node without members");
        assert!(read(absent).await.unwrap_err().is_gone());
        let member = if peer.host() == peers[0].host() { peers[1] } else { peers[0] };
        assert!(member.federation.read(&Url::parse(uri).unwrap()).await.is_ok(), "a member's node reads it");
    }
    let list = format!("http://{}/actors/quiet/outbox", peers[0].host());
    let shown = |peer: &Peer| {
        let (federation, list) = (peer.federation.clone(), Url::parse(&list).unwrap());
        async move { federation.read(&list).await.unwrap().json["orderedItems"].as_array().unwrap().len() }
    };
    assert_eq!((shown(peers[1]).await, shown(peers[2]).await), (2, 0));
    let followers = format!("http://{}/actors/quiet/followers", peers[0].host());
    for (by, about, told) in [(1, 1, true), (1, 2, false), (2, 1, false), (2, 2, false)] {
        let about = format!("{followers}?is_follower=http://{}/", peers[about].host());
        let answer = peers[by].federation.read(&Url::parse(&about).unwrap()).await;
        assert_eq!(!answer.is_err_and(|error| error.is_gone()), told, "{by} {about}");
    }
    let nodeinfo = peers[0].answers("/nodeinfo/2.1").await.1;
    let nodeinfo: Value = serde_json::from_str(&nodeinfo).unwrap();
    assert_eq!(nodeinfo["usage"]["localPosts"], 0, "not even counted");
}

/// The last member of a node leaves: its node lets go of the words. They come again when somebody joins.
async fn leaves_and_comes_back(peers: [&Peer; 3], ben: &Client, [abroad, question]: [&str; 2]) {
    ben.act(&format!("/api/v1/accounts/{abroad}/unfollow")).await;
    settle(&peers).await;
    assert!(ben.posts_of(abroad).await.is_empty());
    let own = ben.get(&format!("/api/v1/statuses/{question}")).await;
    assert!(plain(&own).contains("CountBackwards"), "his own words stay his");
    assert!(ben.below(question).await.is_empty());
    assert!(!peers[1].kit.holds("NightSweats").await && !peers[1].kit.holds("FromThreeHundred").await);
    ben.act(&format!("/api/v1/accounts/{abroad}/follow")).await;
    settle(&peers).await;
    let again = words(&ben.posts_of(abroad).await);
    assert_eq!(again.len(), 2, "{again:?}");
    assert_eq!(words(&ben.below(question).await), ["FromThreeHundred"]);
}

/// The charity ends the agreement: memberships there end, their node lets go, and nothing more is sent.
async fn the_agreement_ends(peers: [&Peer; 3], [ada, ben]: [&Client; 2], abroad: &str) {
    ada.post(&json!({ "status": "@quiet CoffeeAgain before it ended" })).await;
    settle(&peers).await;
    assert!(peers[1].kit.holds("before it ended").await);
    ada.post(&json!({ "status": "@quiet CoffeeAgain while it ended" })).await;
    hosts::open(&peers[0].kit.app, peers[1].host()).await.unwrap();
    settle(&peers).await;
    let now = ben.get(&format!("/api/v1/accounts/relationships?id[]={abroad}")).await;
    assert_eq!(now[0]["following"], false, "he was told");
    assert!(!peers[1].kit.holds("before it ended").await && !peers[1].kit.holds("while it ended").await);
    ada.post(&json!({ "status": "@quiet CoffeeAgain after it ended" })).await;
    settle(&peers).await;
    assert!(!peers[1].kit.holds("after it ended").await);
}

/// Nothing that arrived at the stranger, and nothing that anybody was answered who is neither a member nor a node
/// of one, says a word of it.
fn no_byte_says_anything(peers: [&Peer; 3]) {
    let stranger = peers[2].host();
    let mut looked_at = 0;
    for exchange in peers[0].wire.all() {
        let to_stranger = exchange.at == stranger;
        let is_nobodys = !exchange.by_member && exchange.signed_by.is_empty();
        let said = match (to_stranger, exchange.signed_by.contains(stranger) || is_nobodys) {
            (true, _) if !exchange.by_member => &exchange.asked,
            (false, true) => &exchange.answered,
            (true | false, _) => continue,
        };
        looked_at += 1;
        let is_of_a_name = exchange.asked.starts_with("GET /.well-known/webfinger");
        for secret in WORDS.into_iter().chain(NAMES.into_iter().filter(|_| !is_of_a_name)) {
            assert!(!said.contains(secret), "{secret}: {} was answered {said}", exchange.asked);
        }
    }
    assert!(looked_at > 20, "something was looked at");
    let all = peers[0].wire.all();
    assert!(
        all.iter()
            .any(|exchange| exchange.asked.contains("FromThreeHundred") && exchange.at == peers[1].host())
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_of_two_other_nodes_meet() {
    engines::many_on_sqlite(|stores| Box::pin(they_meet(stores))).await;
}

/// What one wrote lies on a node that does not know who else is a member: it asks the community's.
async fn they_meet(stores: [Store; 3]) {
    let [charity, trust, surgery] = Peer::three(stores).await;
    let peers = [&charity, &trust, &surgery];
    for one in peers {
        for other in peers.iter().filter(|other| other.host() != one.host()) {
            one.kit.agree(other.host()).await;
        }
    }
    charity.open_community_for("quiet", Audience::Members).await;
    let (ben, dora) = (trust.member("ben").await, surgery.member("dora").await);
    let address = format!("quiet@{}", charity.host());
    let mut abroad = Vec::new();
    for member in [&ben, &dora] {
        let community = id(&member.find(&address).await);
        member.act(&format!("/api/v1/accounts/{community}/follow")).await;
        abroad.push(community);
    }
    settle(&peers).await;
    let question = ben.post(&json!({ "status": format!("@{address} CountBackwards?") })).await;
    settle(&peers).await;
    let seen = surgery.thread_of(&dora, &abroad[1], "CountBackwards").await;
    assert_eq!(seen["visibility"], "private");
    dora.act(&format!("/api/v1/statuses/{}/favourite", id(&seen))).await;
    dora.post(&json!({ "status": "FromThreeHundred", "in_reply_to_id": seen["id"] })).await;
    settle(&peers).await;
    let own = ben.get(&format!("/api/v1/statuses/{}", id(&question))).await;
    assert_eq!(own["favourites_count"], 1);
    assert_eq!(words(&ben.below(&id(&question)).await), ["FromThreeHundred"]);
    they_vote(peers, [&ben, &dora], &address, &abroad[1]).await;
    ben.call("DELETE", &format!("/api/v1/statuses/{}", id(&question)), None).await;
    settle(&peers).await;
    let left = words(&dora.posts_of(&abroad[1]).await);
    assert!(!left.iter().any(|post| post.contains("CountBackwards")), "{left:?}");
    let boosts = charity.wire.all();
    let plain_boost = |asked: &str| asked.contains("\"Announce\"") && asked.contains("\"object\":\"");
    assert!(!boosts.iter().any(|exchange| exchange.asked.starts_with("POST")
        && plain_boost(&exchange.asked)
        && exchange.asked.contains("boost-")));
}

/// What she chooses in his poll is counted by his node, which asks the community's whether hers is a member's.
async fn they_vote(peers: [&Peer; 3], [ben, dora]: [&Client; 2], address: &str, abroad: &str) {
    let poll = json!({ "options": ["tea", "cocoa"], "expires_in": 3600 });
    let asked = ben.post(&json!({ "status": format!("@{address} what helps?"), "poll": poll })).await;
    settle(&peers).await;
    let seen = peers[2].thread_of(dora, abroad, "what helps").await;
    let votes = format!("/api/v1/polls/{}/votes", id(&seen["poll"]));
    dora.call("POST", &votes, Some(&json!({ "choices": [1] }))).await;
    settle(&peers).await;
    let counted = ben.get(&format!("/api/v1/polls/{}", id(&asked["poll"]))).await;
    assert_eq!(counted["options"][1]["votes_count"], 1, "{counted}");
}
