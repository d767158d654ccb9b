//! What `NodeBB` does that others do not.

use crate::stranger::{Ours, PUBLIC, Person, Stranger};
use alongside_app::effects::Via;
use alongside_app::{departures, reactions};
use alongside_domain::post::Visibility;
use alongside_domain::reaction::Reaction;
use alongside_federation::receive::{self, Accepted, Arriving, Refused};
use alongside_federation::signing::Manner;
use alongside_store::engine::Store;
use alongside_store::{deliveries, hosts, sent};
use alongside_testkit::both_engines;
use alongside_testkit::foreign::{ACTIVITY_JSON, Asked, SILENCE};
use http::header::HOST;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use url::Url;

/// A host is known to run this.
async fn runs(ours: &Ours, host: &Stranger, software: &str) {
    let mut tx = ours.kit.store().begin().await.unwrap();
    hosts::wake(&mut tx, std::slice::from_ref(&host.address), ours.now()).await.unwrap();
    hosts::remember_software(&mut tx, &host.address, Some(software), None, ours.now()).await.unwrap();
    tx.commit().await.unwrap();
}

/// Something is sent a second time, signed as if nothing were sent.
async fn knock(ours: &Ours, by: &Person, activity: &Value) -> Result<Accepted, Refused> {
    let here = Url::parse("https://here.example/inbox").unwrap();
    let mut headers = Manner::Cavage.sign(&Method::GET, &here, b"", &by.keys, ours.federation.unix_now());
    headers.insert(HOST, "here.example".parse().unwrap());
    headers.remove("digest");
    let signature = headers["signature"].to_str().unwrap().replace(" digest", "");
    headers.insert("signature", signature.parse().unwrap());
    let (uri, body) = ("/inbox".parse().unwrap(), activity.to_string());
    let arriving = Arriving { method: &Method::POST, uri: &uri, headers: &headers, body: body.as_bytes() };
    receive::accept(&ours.federation, &arriving).await
}

fn swallows_likes(asked: &Asked) -> StatusCode {
    if String::from_utf8_lossy(&asked.body).contains("\"type\":\"Like\"") {
        SILENCE
    } else {
        StatusCode::ACCEPTED
    }
}

both_engines! {
    async fn somebody_on_the_host_of_a_post_tells_that_it_is_deleted(store: Store) {
        let (forum, elsewhere) = (Stranger::new().await, Stranger::new().await);
        let ours = Ours::new(store, &[&forum, &elsewhere]);
        let [kim, moderator] = ["kim", "moderator"].map(|name| forum.actor(name, "Person"));
        let stranger = elsewhere.actor("mallory", "Person");
        ours.follower_of("ada", &[&kim]).await;
        let post = kim.note("1", "<p>hello</p>");
        forum.serve(&post);
        ours.act_on(&kim, &kim.activity("create/1", "Create", post.clone())).await;
        let delete = |name: &str| kim.activity(name, "Delete", post["id"].clone());
        ours.act_on(&moderator, &delete("delete/1")).await;
        assert!(ours.is_there(&post["id"]).await, "it is served as before");
        forum.serve(&json!({ "id": post["id"], "type": "Tombstone" }));
        for (by, activity) in [
            (&stranger, delete("delete/2")),
            (&moderator, kim.activity("gone", "Delete", kim.id.clone().into())),
            (&moderator, kim.activity("update", "Update", post.clone())),
        ] {
            let refused = ours.receive(by, Manner::Cavage, &activity).await.unwrap_err();
            assert!(matches!(refused, Refused::NotTheActor), "{refused}");
        }
        ours.act_on(&moderator, &delete("delete/3")).await;
        assert!(!ours.is_there(&post["id"]).await);
    }

    async fn what_a_forum_sends_again_without_a_digest_is_read_at_its_origin(store: Store) {
        let forum = Stranger::new().await;
        let ours = Ours::new(store, &[&forum]);
        let [kim, group, other] =
            [("kim", "Person"), ("sleep", "Group"), ("other", "Group")].map(|(name, kind)| forum.actor(name, kind));
        let mut document = group.document();
        document["outbox"] = forum.at("/outbox").into();
        forum.serve(&document);
        let outbox = |items: Value| {
            let list = json!({ "type": "OrderedCollection", "orderedItems": items });
            forum.serve_as("/outbox", ACTIVITY_JSON, list.to_string());
        };
        outbox(json!([]));
        ours.follower_of("ada", &[&group]).await;
        ours.know(&other).await;
        ours.settle().await;
        let mut post = kim.note("1", "<p>written while you were away</p>");
        post["cc"] = json!([group.id]);
        forum.serve(&post);
        outbox(json!([group.activity("1", "Announce", post["id"].clone())]));
        // What is said is not believed: it need not even be the post that was missed.
        let again = group.activity("2", "Announce", "https://nowhere.example/1".into());
        assert!(knock(&ours, &group, &again).await.is_err(), "nobody knows yet what runs there");
        runs(&ours, &forum, "nodebb").await;
        let of_other = other.activity("2", "Announce", post["id"].clone());
        assert!(knock(&ours, &other, &of_other).await.is_err(), "nobody here belongs to it");
        assert!(knock(&ours, &kim, &kim.activity("2", "Create", post.clone())).await.is_err(), "no community");
        assert_eq!(knock(&ours, &group, &again).await.unwrap(), Accepted::Nothing);
        ours.settle().await;
        assert!(ours.is_there(&post["id"]).await);
        assert!(knock(&ours, &group, &again).await.is_err(), "that was a moment ago");
        ours.kit.clock.advance_secs(600);
        assert_eq!(knock(&ours, &group, &again).await.unwrap(), Accepted::Nothing);
    }

    async fn what_a_forum_says_that_it_stumbles_over_is_not_sent_again(store: Store) {
        let forum = Stranger::new().await;
        let ours = Ours::impatient(store, &[&forum]);
        let (kim, node) = (forum.actor("kim", "Person"), forum.actor("node", "Application"));
        let ada = ours.follower_of("ada", &[&kim]).await;
        let document = kim.note("1", "<p>hello</p>");
        ours.act_on(&kim, &kim.activity("create/1", "Create", document.clone())).await;
        let post = ours.post(document["id"].as_str().unwrap()).await.unwrap();
        forum.judge(swallows_likes);
        reactions::react(&ours.kit.app, ada, post.id, Reaction::Hug, None, Via::Here).await.unwrap();
        ours.settle().await;
        // In the words of NodeBB: what was refused has neither an id nor an actor.
        let target = "https://here.example/actors/ada";
        let refusal = |name: &str, kind: &str| {
            let refused = json!({ "type": kind, "target": target, "object": document });
            node.activity(name, "Reject", refused)
        };
        let waiting = async || {
            let host = [forum.address.clone()];
            deliveries::waiting(&mut ours.kit.app.reader(), &host).await.unwrap().iter().map(|of| of.count).sum::<i64>()
        };
        assert_eq!(waiting().await, 1);
        ours.act_on(&node, &refusal("reject/1", "Announce")).await;
        assert_eq!(waiting().await, 1, "something else is meant");
        ours.act_on(&node, &refusal("reject/2", "Like")).await;
        assert_eq!(waiting().await, 0);
    }

    async fn what_was_taken_back_may_be_done_again_under_its_address(store: Store) {
        let forum = Stranger::new().await;
        let ours = Ours::new(store, &[&forum]);
        let kim = forum.actor("kim", "Person");
        let ada = ours.follower_of("ada", &[&kim]).await;
        let post = ours.kit.post(ada, "awake again").await;
        let like = kim.activity("likes/1", "Like", post.uri.clone().into());
        let counted = async || ours.post(&post.uri).await.unwrap().reactions_count;
        for round in 1..3 {
            ours.act_on(&kim, &like).await;
            assert_eq!(counted().await, 1, "round {round}");
            ours.act_on(&kim, &kim.activity(&format!("undo/{round}"), "Undo", like.clone())).await;
            assert_eq!(counted().await, 0, "round {round}");
        }
    }

    async fn an_answer_does_not_have_the_title_of_its_thread(store: Store) {
        let forum = Stranger::new().await;
        let ours = Ours::new(store, &[&forum]);
        let kim = forum.actor("kim", "Person");
        ours.follower_of("ada", &[&kim]).await;
        let mut thread = kim.note("1", "<p>Every night at three.</p>");
        (thread["type"], thread["name"]) = ("Article".into(), "Awake".into());
        let mut answer = kim.note("2", "<p>Still.</p>");
        (answer["name"], answer["inReplyTo"]) = ("Awake".into(), thread["id"].clone());
        answer["to"] = json!([PUBLIC, kim.id]);
        for (name, post) in [("create/1", &thread), ("create/2", &answer)] {
            ours.act_on(&kim, &kim.activity(name, "Create", post.clone())).await;
        }
        let title = async |post: &serde_json::Value| ours.post(post["id"].as_str().unwrap()).await.unwrap().title;
        assert_eq!(title(&thread).await.as_deref(), Some("Awake"));
        assert_eq!(title(&answer).await, None);
    }

    async fn a_forum_is_told_of_each_post_of_somebody_who_is_gone(store: Store) {
        let forum = Stranger::new().await;
        let ours = Ours::new(store, &[&forum]);
        let ada = ours.kit.member("ada").await.actor();
        let post = ours.kit.post(ada, "awake again").await;
        let narrow = ours.kit.post_with(ada, "psst", |post| post.visibility = Visibility::Followers).await;
        let inbox = forum.at("/inbox");
        let mut tx = ours.kit.store().begin().await.unwrap();
        hosts::remember_software(&mut tx, &forum.address, Some("nodebb"), None, ours.now()).await.unwrap();
        sent::learn(&mut tx, 1, &forum.address, &inbox).await.unwrap();
        sent::note_actor(&mut tx, ada, &[inbox]).await.unwrap();
        tx.commit().await.unwrap();
        departures::delete(&ours.kit.app, "ada").await.unwrap();
        ours.settle().await;
        let heard = forum.heard();
        let deleted = |uri: &str| {
            let object = format!("\"object\":{{\"id\":\"{uri}\",\"type\":\"Tombstone\"}}");
            heard.iter().filter(|said| said.contains(&object) && said.contains("\"actor\":\"https://here.example/\"")).count()
        };
        assert_eq!((deleted(&post.uri), deleted(&narrow.uri)), (1, 0), "{heard:?}");
    }
}
