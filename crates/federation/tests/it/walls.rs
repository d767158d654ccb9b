//! Walls (FEP-400e): communities whose software knows no other way to say what was written in them, and such software among
//! the members of ours.

use crate::stranger::{Ours, Person, Stranger};
use alongside_app::effects::Via;
use alongside_app::moderation;
use alongside_app::posts::{self, Writing};
use alongside_domain::community::Audience;
use alongside_domain::draft::{Draft, Typed};
use alongside_domain::id::CommunityId;
use alongside_domain::moderation::Measure;
use alongside_domain::post::Visibility;
use alongside_store::engine::Store;
use alongside_store::{actors, hosts};
use alongside_testkit::both_engines;
use http::Method;
use serde_json::{Value, json};

/// A group with a wall, served.
fn walled(home: &Stranger) -> (Person, String) {
    let group = Person::new(&home.at("/groups/1"), "Group");
    let wall = format!("{}/wall", group.id);
    let mut document = group.document();
    document["preferredUsername"] = "sleep".into();
    document["wall"] = wall.as_str().into();
    home.serve(&document);
    (group, wall)
}

fn list(by: &Person, name: &str, kind: &str, object: &Value, wall: &str) -> Value {
    let mut activity = by.activity(name, kind, object.clone());
    activity["target"] = json!({ "type": "Collection", "id": wall, "attributedTo": by.id });
    activity
}

/// What was delivered since.
fn delivered(home: &Stranger) -> Vec<Value> {
    let asked = home.asked().into_iter().filter(|asked| asked.method == Method::POST);
    asked.map(|asked| serde_json::from_slice(&asked.body).unwrap()).collect()
}

both_engines! {
    async fn what_a_group_hangs_on_its_wall_was_written_in_it(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let ((group, wall), kim) = (walled(&home), home.actor("kim", "Person"));
        ours.follower_of("sam", &[&group]).await;
        let mut note = kim.note("1", "<p>awake</p>");
        note["target"] = json!({ "type": "Collection", "id": wall, "attributedTo": group.id });
        home.serve(&note);
        ours.act_on(&kim, &list(&kim, "1/add", "Add", &note["id"], &wall)).await;
        assert!(!ours.is_there(&note["id"]).await, "only the group hangs things on its wall");
        let elsewhere = format!("{}/albums", group.id);
        ours.act_on(&group, &list(&group, "add/1", "Add", &note["id"], &elsewhere)).await;
        assert!(!ours.is_there(&note["id"]).await, "that is not its wall");
        ours.act_on(&group, &list(&group, "add/2", "Add", &note["id"], &wall)).await;
        let post = ours.post(note["id"].as_str().unwrap()).await.unwrap();
        let known = ours.actor(&group.id).await.unwrap();
        assert_eq!(post.community, Some(CommunityId::of(known.id)));
        ours.act_on(&kim, &list(&kim, "1/remove", "Remove", &note["id"], &wall)).await;
        assert!(ours.is_there(&note["id"]).await);
        ours.act_on(&group, &list(&group, "remove/1", "Remove", &note["id"], &wall)).await;
        assert!(ours.post(note["id"].as_str().unwrap()).await.unwrap().removed_at.is_some());
    }

    async fn what_names_our_wall_alone_is_in_our_community(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let kim = home.actor("kim", "Person");
        let community = ours.kit.community("sleep", Audience::Everyone).await;
        let follower = ours.know(&kim).await.id;
        ours.kit.follow(follower, community.actor()).await;
        let mut note = kim.note("1", "<p>awake</p>");
        note["target"] = json!({
            "type": "OrderedCollection",
            "id": "https://here.example/actors/sleep/wall",
            "attributedTo": "https://here.example/actors/sleep",
        });
        ours.act_on(&kim, &kim.activity("1/create", "Create", note.clone())).await;
        assert_eq!(ours.post(note["id"].as_str().unwrap()).await.unwrap().community, Some(community));
    }

    async fn our_threads_are_hung_for_those_who_know_nothing_else(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let (app, kim) = (&ours.kit.app, home.actor("kim", "Person"));
        let community = ours.kit.community("sleep", Audience::Everyone).await;
        let (follower, sam) = (ours.know(&kim).await.id, ours.kit.member("sam").await);
        for member in [follower, sam.actor()] {
            ours.kit.follow(member, community.actor()).await;
        }
        ours.kit.appoint(community, sam.actor()).await;
        let mut tx = ours.kit.store().begin().await.unwrap();
        hosts::remember_software(&mut tx, &home.address, Some("smithereen"), None, ours.now()).await.unwrap();
        tx.commit().await.unwrap();
        home.asked();

        let typed = Typed {
            text: "awake".to_owned(),
            visibility: Some(Visibility::Public),
            community: Some(community),
            ..Typed::default()
        };
        let writing = Writing { author: sam, application: None, idempotency_key: None };
        let post = posts::publish(app, &writing, &Draft::new(typed, 500).unwrap()).await.unwrap();
        ours.settle().await;
        let sent = delivered(&home);
        assert_eq!(sent.len(), 1, "neither a boost nor an activity passed on: {sent:?}");
        assert_eq!((&sent[0]["type"], &sent[0]["object"]), (&json!("Add"), &json!(post.uri)));
        assert_eq!(sent[0]["target"], "https://here.example/actors/sleep/wall");
        assert_eq!(sent[0]["actor"], "https://here.example/actors/sleep");

        let by = actors::find(&mut app.reader(), sam.actor()).await.unwrap().unwrap();
        moderation::take(app, &by, community, Measure::Remove(post.id), "why", Via::Here).await.unwrap();
        ours.settle().await;
        let sent = delivered(&home);
        assert_eq!(sent.len(), 1, "{sent:?}");
        assert_eq!((&sent[0]["type"], &sent[0]["object"]), (&json!("Remove"), &json!(post.uri)));
    }
}
