//! A community is looked after by somebody of another node: a charity's node has it, a trust's member is made
//! its moderator, and a third node sees what he does. A report reaches the node concerned, without a name.

use alongside_app::effects::Via;
use alongside_app::moderation;
use alongside_domain::account::Role;
use alongside_domain::actor::Actor;
use alongside_domain::id::CommunityId;
use alongside_domain::moderation::Measure;
use alongside_store::engine::Store;
use alongside_store::page::Page;
use alongside_store::{actors, reports};
use alongside_testkit::both_engines_many;
use serde_json::json;

use crate::peer::{Client, Peer, id, list, plain, settle, words};

both_engines_many!(the_story);

/// A member with the id that the community has on their node.
struct Neighbour {
    client: Client,
    sleep: String,
}

async fn the_story(stores: [Store; 3]) {
    let peers = Peer::three(stores).await;
    let [charity, trust, third] = &peers;
    charity.open_community("sleep").await;
    let ada = charity.member("ada").await;
    let ada = Neighbour { sleep: charity.join(&ada, "sleep").await, client: ada };
    let ben = neighbour(&peers, trust, "ben").await;
    let cleo = neighbour(&peers, third, "cleo").await;
    ada.client.post(&json!({ "status": "@sleep awake again at two" })).await;
    let advert = format!("@sleep@{} buy my pillows", charity.host());
    cleo.client.post(&json!({ "status": advert })).await;
    settle(&[charity, trust, third]).await;
    Box::pin(he_is_appointed(&peers, &ben)).await;
    he_closes_a_thread(&peers, &ada, &ben, &cleo).await;
    he_removes_a_post_and_puts_it_back(&peers, &ada, &ben, &cleo).await;
    he_features_a_thread(&peers, &ben, &cleo).await;
    Box::pin(reports_are_told_without_a_name(&peers, &ben)).await;
    he_sends_her_out(&peers, &ben, &cleo).await;
}

async fn neighbour(peers: &[Peer; 3], home: &Peer, name: &str) -> Neighbour {
    let client = home.member(name).await;
    let sleep = id(&client.find(&format!("sleep@{}", peers[0].host())).await);
    client.act(&format!("/api/v1/accounts/{sleep}/follow")).await;
    settle(&[&peers[0], &peers[1], &peers[2]]).await;
    Neighbour { client, sleep }
}

/// What the operator does on the command line.
async fn he_is_appointed([charity, trust, third]: &[Peer; 3], ben: &Neighbour) {
    let app = &charity.kit.app;
    let find = async |name: &str, host: &str| -> Actor {
        let found = actors::find_by_address(&mut app.reader(), name, host).await;
        found.expect("the store works").expect("they are known")
    };
    let (sleep, person) = (find("sleep", "").await, find("ben", trust.host()).await);
    let lock = format!("/api/v1/groups/{}/statuses/1/lock", ben.sleep);
    assert_eq!(ben.client.try_call("POST", &lock, None).await.0, 404, "there is no such post");
    let early = id(&trust.thread_of(&ben.client, &ben.sleep, "awake").await);
    let lock = format!("/api/v1/groups/{}/statuses/{early}/lock", ben.sleep);
    assert_eq!(ben.client.try_call("POST", &lock, None).await.0, 403, "not yet");
    let appoint = Measure::Appoint(person.id);
    let changed = moderation::take(app, &sleep, CommunityId::of(sleep.id), appoint, "", Via::Here).await;
    assert!(changed.expect("the operator may"));
    settle(&[charity, trust, third]).await;
}

/// Nobody replies to it any more, on any node, but those who look after the community.
async fn he_closes_a_thread(peers: &[Peer; 3], ada: &Neighbour, ben: &Neighbour, cleo: &Neighbour) {
    let [charity, trust, third] = peers;
    let seen = id(&trust.thread_of(&ben.client, &ben.sleep, "awake").await);
    let path = format!("/api/v1/groups/{}/statuses/{seen}", ben.sleep);
    ben.client.act(&format!("{path}/lock")).await;
    settle(&[charity, trust, third]).await;
    for (home, who) in [(charity, ada), (third, cleo)] {
        let thread = id(&home.thread_of(&who.client, &who.sleep, "awake").await);
        let reply = json!({ "status": "me too", "in_reply_to_id": thread });
        let (status, answer) = who.client.try_call("POST", "/api/v1/statuses", Some(&reply)).await;
        assert!(
            status == 422 && answer.contains("This thread is closed to new replies"),
            "{status} {answer}"
        );
    }
    ben.client.act(&format!("{path}/unlock")).await;
    settle(&[charity, trust, third]).await;
    let thread = id(&third.thread_of(&cleo.client, &cleo.sleep, "awake").await);
    cleo.client.post(&json!({ "status": "me too", "in_reply_to_id": thread })).await;
    settle(&[charity, trust, third]).await;
    assert_eq!(words(&ben.client.below(&seen).await), ["me too"]);
}

/// It is gone everywhere, its author is told why, and it comes back everywhere.
async fn he_removes_a_post_and_puts_it_back(
    peers: &[Peer; 3],
    ada: &Neighbour,
    ben: &Neighbour,
    cleo: &Neighbour,
) {
    let [charity, trust, third] = peers;
    let seen = id(&trust.thread_of(&ben.client, &ben.sleep, "pillows").await);
    let path = format!("/api/v1/groups/{}/statuses/{seen}", ben.sleep);
    ben.client.call("DELETE", &format!("{path}?reason=no%20adverts"), None).await;
    settle(&[charity, trust, third]).await;
    for who in [ada, ben, cleo] {
        let shown = words(&who.client.posts_of(&who.sleep).await);
        assert!(shown.iter().all(|post| !post.contains("pillows")), "{shown:?}");
    }
    let told = list(cleo.client.get("/api/v1/notifications?types[]=moderation_warning").await);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["moderation_warning"]["text"], "no adverts");
    assert_eq!(told[0]["account"]["username"], "sleep", "the community's word, not one moderator's");
    ben.client.act(&format!("{path}/restore")).await;
    settle(&[charity, trust, third]).await;
    for who in [ada, ben, cleo] {
        let shown = words(&who.client.posts_of(&who.sleep).await);
        assert_eq!(shown.iter().filter(|post| post.contains("pillows")).count(), 1, "{shown:?}");
    }
}

async fn he_features_a_thread([charity, trust, third]: &[Peer; 3], ben: &Neighbour, cleo: &Neighbour) {
    let seen = id(&trust.thread_of(&ben.client, &ben.sleep, "awake").await);
    ben.client.act(&format!("/api/v1/groups/{}/statuses/{seen}/feature", ben.sleep)).await;
    settle(&[charity, trust, third]).await;
    let pinned =
        list(cleo.client.get(&format!("/api/v1/accounts/{}/statuses?pinned=true", cleo.sleep)).await);
    assert_eq!(pinned.len(), 1);
    assert!(plain(&pinned[0]).contains("awake"));
}

/// She can read on, cannot write, and is told why, by her own node; what she posted is gone everywhere.
async fn he_sends_her_out([charity, trust, third]: &[Peer; 3], ben: &Neighbour, cleo: &Neighbour) {
    let her = id(&ben.client.find(&format!("cleo@{}", third.host())).await);
    let ban =
        json!({ "account_ids": [her], "duration": 86_400, "reason": "adverts", "remove_statuses": true });
    ben.client.call("POST", &format!("/api/v1/groups/{}/blocks", ben.sleep), Some(&ban)).await;
    settle(&[charity, trust, third]).await;
    let status = format!("@sleep@{} again", charity.host());
    let (status, answer) =
        cleo.client.try_call("POST", "/api/v1/statuses", Some(&json!({ "status": status }))).await;
    assert!(status == 422 && answer.contains("until 2026-11-24 (adverts)"), "{status} {answer}");
    let related = format!("/api/v1/accounts/relationships?id[]={}", cleo.sleep);
    assert_eq!(cleo.client.get(&related).await[0]["following"], false);
    for who in [ben, cleo] {
        let shown = words(&who.client.posts_of(&who.sleep).await);
        assert_eq!(shown.len(), 1, "hers is gone: {shown:?}");
    }
    let banned = list(ben.client.get(&format!("/api/v1/groups/{}/blocks", ben.sleep)).await);
    assert_eq!(banned.len(), 1);
}

/// Somebody of the trust reports two posts: of each the node of its author and that of the community learn, from
/// the trust's node, and no other.
async fn reports_are_told_without_a_name([charity, trust, third]: &[Peer; 3], ben: &Neighbour) {
    let (staff, eve) = (charity.member_as("grace", Role::Admin).await, trust.member("eve").await);
    for (says, comment) in [("awake", "I am worried about her"), ("pillows", "an advert")] {
        let thread = trust.thread_of(&ben.client, &ben.sleep, says).await;
        let report = json!({ "account_id": thread["account"]["id"], "status_ids": [thread["id"]],
            "comment": comment, "forward": true });
        for _ in 0..2 {
            assert_eq!(eve.call("POST", "/api/v1/reports", Some(&report)).await["forwarded"], true);
        }
        let quiet = json!({ "account_id": thread["account"]["id"], "comment": "between us" });
        assert_eq!(eve.call("POST", "/api/v1/reports", Some(&quiet)).await["forwarded"], false);
        settle(&[charity, trust, third]).await;
    }
    let told = list(staff.get("/api/v1/notifications?types[]=admin.report").await);
    let comments: Vec<_> = told.iter().map(|notice| &notice["report"]["comment"]).collect();
    assert_eq!(comments, ["an advert", "I am worried about her"], "each once");
    assert_eq!(told[1]["report"]["target_account"]["acct"], "ada");
    let shown = json!(told).to_string();
    assert!(!shown.contains("eve") && !shown.contains("between us"), "{shown}");
    let kept =
        reports::page(&mut third.kit.app.reader(), &reports::Wanted::default(), &Page::newest(9)).await;
    let kept = kept.expect("the store works");
    let comments: Vec<_> = kept.iter().map(|report| &*report.comment).collect();
    assert_eq!(comments, ["an advert"], "of hers alone");
    to_those_who_look_after([charity, trust, third]).await;
}

/// Cleo, of the third node, reports what Ada wrote in the charity's community. Ben, who looks after it from the trust's
/// node, learns of it, and not who said so.
async fn to_those_who_look_after([charity, trust, third]: [&Peer; 3]) {
    let mia = third.member("mia").await;
    let sleep = id(&mia.find(&format!("sleep@{}", charity.host())).await);
    let thread = third.thread_of(&mia, &sleep, "awake").await;
    let report = json!({ "account_id": thread["account"]["id"], "status_ids": [thread["id"]],
        "comment": "she needs somebody", "forward": true });
    mia.call("POST", "/api/v1/reports", Some(&report)).await;
    settle(&[charity, trust, third]).await;
    let kept =
        reports::page(&mut trust.kit.app.reader(), &reports::Wanted::default(), &Page::newest(9)).await;
    let kept = kept.expect("the store works");
    let told: Vec<_> = kept.iter().filter(|report| report.comment == "she needs somebody").collect();
    assert_eq!(told.len(), 1);
    let by = actors::find(&mut trust.kit.app.reader(), told[0].reporter).await.expect("the store works");
    assert_eq!(
        by.expect("it is known").uri,
        format!("http://{}/", charity.host()),
        "the charity's node says so"
    );
}
