//! Walls (FEP-400e): communities whose software knows no other way to say what was written in them, and such software among
//! the members of ours.

use crate::stranger::{Ours, Person, Stranger};
use alongside_app::effects::Via;
use alongside_app::moderation;
use alongside_app::posts::{self, Writing};
use alongside_domain::community::Audience;
use alongside_domain::draft::{Draft, Typed};
use alongside_domain::id::{CommunityId, MemberId};
use alongside_domain::moderation::Measure;
use alongside_domain::notification::NotificationKind;
use alongside_domain::post::Visibility;
use alongside_store::engine::Store;
use alongside_store::notifications::{self, Wanted};
use alongside_store::page::Page;
use alongside_store::{actors, hosts, measures};
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

    async fn what_a_group_refuses_is_removed_and_its_author_told(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let ((group, wall), kim, rival) = (walled(&home), home.actor("kim", "Person"), home.actor("rival", "Group"));
        let sam = ours.follower_of("sam", &[&group, &rival]).await;
        ours.know(&kim).await;
        let community = CommunityId::of(ours.actor(&group.id).await.unwrap().id);
        for number in 0..4 {
            let post = ours.kit.post_with(sam, "awake", |post| post.community = Some(community)).await;
            let uri = json!(post.uri);
            let create = json!({
                "id": format!("https://here.example/activities/create-{}", post.id),
                "type": "Create",
                "actor": "https://here.example/actors/sam",
                "object": uri,
            });
            let add = list(&group, &format!("add/{number}"), "Add", &uri, &wall);
            let refused = [create.clone(), create["id"].clone(), add, uri.clone()][number].clone();
            for by in [&kim, &rival] {
                ours.act_on(by, &by.activity(&format!("reject/{number}"), "Reject", refused.clone())).await;
                assert!(ours.is_there(&uri).await, "that is for the group to say: {refused}");
            }
            for again in ["", "/again"] {
                ours.act_on(&group, &group.activity(&format!("reject/{number}{again}"), "Reject", refused.clone())).await;
                assert!(!ours.is_there(&uri).await, "{refused}");
            }
        }
        let (wanted, mut reader) = (Wanted::of(&[NotificationKind::Measure]), ours.kit.app.reader());
        let (member, newest) = (MemberId::of(sam), Page::newest(9));
        let told = notifications::page(&mut reader, member, &wanted, &newest, ours.now()).await.unwrap();
        assert_eq!(told.len(), 4, "once of each");
        let why = measures::find(&mut reader, told[0].subject_id.into()).await.unwrap().unwrap().reason;
        assert_eq!(why, "The community did not take this post");
    }

    async fn a_group_refuses_nothing_that_was_not_written_for_it(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let ((group, _), kim) = (walled(&home), home.actor("kim", "Person"));
        let sam = ours.follower_of("sam", &[&group, &kim]).await;
        let community = CommunityId::of(ours.actor(&group.id).await.unwrap().id);
        let elsewhere = ours.kit.post(sam, "in no community").await;
        let here = ours.kit.community("calm", Audience::Everyone).await;
        let here = ours.kit.post_with(sam, "in another", |post| post.community = Some(here)).await;
        let note = kim.note("1", "<p>awake</p>");
        ours.act_on(&kim, &kim.activity("1/create", "Create", note.clone())).await;
        let own = ours.kit.post_with(sam, "for it", |post| post.community = Some(community)).await;
        for (number, refused) in (1..).zip([
            json!(elsewhere.uri),
            json!(here.uri),
            note["id"].clone(),
            json!(format!("https://here.example/activities/update-{}-1", own.id)),
            json!(format!("https://here.example/activities/like-{}", own.id)),
            json!("https://here.example/posts/1"),
            json!("https://here.example/actors/sam"),
        ]) {
            ours.act_on(&group, &group.activity(&format!("reject/{number}"), "Reject", refused)).await;
        }
        for uri in [json!(elsewhere.uri), json!(here.uri), json!(own.uri), note["id"].clone()] {
            assert!(ours.is_there(&uri).await, "{uri}");
        }
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
