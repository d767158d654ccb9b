//! What members report, as other servers hear of it.

use crate::stranger::{Ours, Stranger};
use alongside_app::reports::{self, NewReport};
use alongside_domain::actor::Actor;
use alongside_domain::community::Audience;
use alongside_domain::post::Post;
use alongside_domain::report::ReportCategory;
use alongside_federation::build::actor;
use alongside_federation::keys;
use alongside_store::engine::Store;
use alongside_store::hosts;
use alongside_testkit::both_engines;
use http::Method;
use serde_json::{Value, json};

both_engines! {
    /// As Lemmy 0.19 and 1.0 and PieFed have it: whoever reports is a `Person`, a `Service` or an `Organization`, and
    /// PieFed reads one address.
    async fn staff_report_one_by_one_where_a_server_is_not_heard(store: Store) {
        const NODE: &str = "https://here.example/";
        const STAFF: &str = "https://here.example/actors/staff";
        let [mastodon, lemmy, piefed] = [Stranger::new().await, Stranger::new().await, Stranger::new().await];
        let ours = Ours::new(store, &[&mastodon, &lemmy, &piefed]);
        let app = &ours.kit.app;
        let sam = ours.kit.member("sam").await.actor();
        for (home, software, by) in [(&mastodon, "mastodon", NODE), (&lemmy, "lemmy", STAFF), (&piefed, "piefed", STAFF)] {
            let kim = ours.know(&home.actor("kim", "Person")).await;
            runs(&ours, &kim, software).await;
            let posts = [ours.kit.post(kim.id, "buy").await, ours.kit.post(kim.id, "this").await];
            let uris = posts.each_ref().map(|post| post.uri.clone());
            for (reported, singly, at_once) in [
                (&posts[..], json!(uris), json!([[kim.uri, uris[0], uris[1]]])),
                (&posts[..0], json!([kim.uri]), json!([[kim.uri]])),
            ] {
                let before = flags(home).len();
                reports::create(app, sam, about(&kim, reported)).await.unwrap();
                ours.settle().await;
                let told = &flags(home)[before..];
                let objects: Vec<&Value> = told.iter().map(|flag| &flag["object"]).collect();
                assert_eq!(json!(objects), if by == STAFF { singly } else { at_once }, "{software}");
                assert!(told.iter().all(|flag| flag["actor"] == by && flag["summary"] == ""), "{software}: {told:?}");
            }
        }
        let staff = keys::staff_actor(app).await.unwrap();
        let document = actor::load(ours.federation.keys(), app, &staff).await.unwrap();
        assert_eq!((&document["type"], &document["preferredUsername"]), (&json!("Service"), &json!("staff")));
        assert_eq!(document["outbox"], "https://here.example/actors/staff/outbox");
    }

    /// Lemmy 0.19 hears none in the inbox of a person.
    async fn a_report_goes_to_the_door_of_the_server_where_no_person_hears_it(store: Store) {
        let [mastodon, lemmy] = [Stranger::new().await, Stranger::new().await];
        let ours = Ours::new(store, &[&mastodon, &lemmy]);
        let sam = ours.kit.member("sam").await.actor();
        for (home, software, door) in [(&mastodon, "mastodon", "/users/kim/inbox"), (&lemmy, "lemmy", "/inbox")] {
            let kim = home.actor("kim", "Person");
            let mut document = kim.document();
            document["endpoints"] = json!({ "sharedInbox": home.at("/inbox") });
            home.serve(&document);
            let kim = ours.know(&kim).await;
            runs(&ours, &kim, software).await;
            let posts = [ours.kit.post(kim.id, "buy").await];
            reports::create(&ours.kit.app, sam, about(&kim, &posts)).await.unwrap();
            ours.settle().await;
            let doors = home.asked().into_iter().filter(|asked| asked.method == Method::POST);
            assert_eq!(doors.map(|asked| asked.path).collect::<Vec<_>>(), [door], "{software}");
        }
    }

    async fn a_server_hears_once_of_a_report_though_it_concerns_several_there(store: Store) {
        let lemmy = Stranger::new().await;
        let ours = Ours::new(store, &[&lemmy]);
        let (sam, sleep) =
            (ours.kit.member("sam").await.actor(), ours.kit.community("sleep", Audience::Everyone).await);
        let people = ["kim", "mel"].map(|name| {
            let person = lemmy.actor(name, "Person");
            let mut document = person.document();
            document["endpoints"] = json!({ "sharedInbox": lemmy.at("/inbox") });
            lemmy.serve(&document);
            person
        });
        let (kim, mel) = (ours.know(&people[0]).await, ours.know(&people[1]).await);
        ours.kit.appoint(sleep, mel.id).await;
        runs(&ours, &kim, "lemmy").await;
        let post = ours.kit.post_with(kim.id, "buy", |post| post.community = Some(sleep)).await;
        lemmy.asked();
        reports::create(&ours.kit.app, sam, about(&kim, std::slice::from_ref(&post))).await.unwrap();
        ours.settle().await;
        let told = flags(&lemmy);
        assert_eq!(told.iter().map(|flag| &flag["object"]).collect::<Vec<_>>(), [&json!(post.uri)]);
    }
}

/// Somebody's server is known to run this.
async fn runs(ours: &Ours, whom: &Actor, software: &str) {
    let mut tx = ours.kit.app.store().begin().await.unwrap();
    hosts::remember_software(&mut tx, &whom.host, Some(software), None, ours.now()).await.unwrap();
    tx.commit().await.unwrap();
}

/// A report about somebody, which is to be told there.
fn about(whom: &Actor, posts: &[Post]) -> NewReport {
    NewReport {
        target: whom.id,
        posts: posts.iter().map(|post| post.id).collect(),
        category: ReportCategory::Other,
        comment: String::new(),
        rules: Vec::new(),
        uri: None,
        forward: true,
    }
}

fn flags(home: &Stranger) -> Vec<Value> {
    let told = home.asked().into_iter().filter(|asked| asked.method == Method::POST);
    let sent = told.map(|asked| serde_json::from_slice::<Value>(&asked.body).unwrap());
    sent.filter(|sent| sent["type"] == "Flag").collect()
}
