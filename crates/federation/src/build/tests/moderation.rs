//! What moderators did and what was reported, as others read it.

use super::{World, read};
use crate::build::flag;
use crate::build::moderation::{MeasureParts, measure};
use crate::documents::Document;
use crate::documents::activity::{Action, Activity};
use crate::documents::addressing::PUBLIC;
use alongside_domain::actor::Actor;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{MeasureId, PostId, ReportId};
use alongside_domain::moderation::{Measure, Taken};
use alongside_domain::post::Visibility;
use alongside_domain::report::{Report, ReportCategory};
use alongside_store::communities::Lists;
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use serde_json::{Value, json};

fn as_activity(document: &Value) -> Activity {
    match read(document) {
        Document::Activity(activity) => *activity,
        other => panic!("{}", other.kind()),
    }
}

fn without_context(mut document: Value) -> Value {
    document.as_object_mut().unwrap().remove("@context").expect("it has a context");
    document
}

const POST: &str = "https://b.example/posts/1";

fn parts(world: &World, what: Measure, about: &str) -> MeasureParts {
    let list = |name: &str| Some(format!("https://a.example/actors/sleep/{name}"));
    MeasureParts {
        taken: Taken {
            id: MeasureId::new(5),
            community: world.community(),
            by: world.sam.id,
            measure: what,
            reason: "no adverts".to_owned(),
            at: Timestamp::from_secs(0),
        },
        by: world.sam.clone(),
        community: world.sleep.clone(),
        lists: Lists { featured: list("featured"), moderators: list("moderators") },
        about: about.to_owned(),
        visibility: Visibility::Public,
        undone: None,
    }
}

/// What every measure is addressed to, with what it has beside that.
fn expected(kind: &str, object: &str, also: &Value) -> Value {
    let mut document = json!({
        "id": "https://a.example/activities/measure-5",
        "type": kind,
        "actor": "https://a.example/actors/sam",
        "object": object,
        "to": [PUBLIC],
        "cc": ["https://a.example/actors/sleep"],
        "audience": "https://a.example/actors/sleep",
    });
    let also = also.as_object().unwrap().clone();
    document.as_object_mut().unwrap().extend(also);
    document
}

fn built(world: &World, parts: &MeasureParts) -> Value {
    measure(world.places(), parts).unwrap()
}

fn report(world: &World, comment: &str) -> Report {
    Report {
        id: ReportId::new(7),
        reporter: world.sam.id,
        target: world.kim.id,
        community: Some(world.community()),
        category: ReportCategory::Spam,
        comment: comment.to_owned(),
        rules: Vec::new(),
        posts: Vec::new(),
        uri: None,
        forwarded: true,
        at: Timestamp::from_secs(0),
        closed_at: None,
        closed_by: None,
        assigned: None,
        updated_at: Timestamp::from_secs(0),
    }
}

both_engines! {
    async fn a_removal_says_why_and_is_thereby_no_deletion(store: Store) {
        let world = World::new(store).await;
        let mut parts = parts(&world, Measure::Remove(PostId::new(1)), POST);
        let delete = built(&world, &parts);
        assert_eq!(without_context(delete.clone()), expected("Delete", POST, &json!({ "summary": "no adverts" })));
        let Action::Delete { reason, .. } = as_activity(&delete).action else { panic!("{delete}") };
        assert_eq!(reason.as_deref(), Some("no adverts"));
        parts.taken.reason.clear();
        assert_eq!(built(&world, &parts)["summary"], "Removed by a moderator");
    }

    async fn what_is_taken_back_is_embedded_whole_as_the_moderators_own(store: Store) {
        let world = World::new(store).await;
        let post = PostId::new(1);
        let removed = Taken { id: MeasureId::new(3), ..parts(&world, Measure::Remove(post), POST).taken };
        let mut restore = parts(&world, Measure::Restore(post), POST);
        restore.undone = Some(removed);
        let undo = built(&world, &restore);
        assert_eq!(undo["id"], "https://a.example/activities/undo-measure-3-by-5");
        assert_eq!(undo["object"]["id"], "https://a.example/activities/measure-3");
        assert_eq!((&undo["object"]["type"], &undo["object"]["summary"]), (&json!("Delete"), &json!("no adverts")));
        let Action::Undo { object, .. } = as_activity(&undo).action else { panic!("{undo}") };
        assert!(matches!(object.activity().unwrap().action, Action::Delete { .. }));
        // Another moderator, or another node, had removed it: an Undo embeds what its own actor did.
        restore.undone.as_mut().unwrap().by = world.kim.id;
        for undone in [restore.undone.clone(), None] {
            let undo = built(&world, &MeasureParts { undone, ..restore.clone() });
            assert_eq!(undo["object"]["id"], "https://a.example/activities/measure-5-undone");
            assert_eq!(undo["object"]["actor"], "https://a.example/actors/sam");
        }
        for (what, kind) in [(Measure::Unlock(post), "Lock"), (Measure::Unban(world.kim.id), "Block")] {
            let undo = built(&world, &parts(&world, what, POST));
            assert_eq!((&undo["type"], &undo["object"]["type"]), (&json!("Undo"), &json!(kind)));
            as_activity(&undo);
        }
    }

    async fn locks_and_lists_name_what_they_are_about(store: Store) {
        let world = World::new(store).await;
        let post = PostId::new(1);
        let kim = world.kim.uri.clone();
        let lock = built(&world, &parts(&world, Measure::Lock(post), POST));
        assert_eq!(without_context(lock), expected("Lock", POST, &json!({ "summary": "no adverts" })));
        let [featured, moderators] = ["featured", "moderators"].map(|list| format!("https://a.example/actors/sleep/{list}"));
        for (what, about, kind, target) in [
            (Measure::Feature(post), POST, "Add", &featured),
            (Measure::Unfeature(post), POST, "Remove", &featured),
            (Measure::Appoint(world.kim.id), &*kim, "Add", &moderators),
            (Measure::Dismiss(world.kim.id), &*kim, "Remove", &moderators),
        ] {
            let document = built(&world, &parts(&world, what, about));
            assert_eq!(without_context(document.clone()), expected(kind, about, &json!({ "target": target })));
            as_activity(&document);
        }
        let unlisted = MeasureParts { lists: Lists { featured: None, moderators: None }, ..parts(&world, Measure::Feature(post), POST) };
        assert!(measure(world.places(), &unlisted).is_none(), "there is no list to put it on");
    }

    async fn a_ban_says_from_what_until_when_and_why(store: Store) {
        let world = World::new(store).await;
        let kim = world.kim.uri.clone();
        let until = Timestamp::parse("2026-12-01T12:00:00Z");
        let ban = Measure::Ban { member: world.kim.id, until, removes_posts: true };
        let block = built(&world, &parts(&world, ban, &kim));
        assert_eq!(without_context(block.clone()), expected("Block", &kim, &json!({
            "target": "https://a.example/actors/sleep",
            "summary": "no adverts",
            "removeData": true,
            "endTime": "2026-12-01T12:00:00.000Z",
            "expires": "2026-12-01T12:00:00.000Z",
        })));
        let Action::Block { ends, removes_posts, .. } = as_activity(&block).action else { panic!("{block}") };
        assert!(removes_posts && ends.is_some());
        let forever = Measure::Ban { member: world.kim.id, until: None, removes_posts: false };
        let block = built(&world, &parts(&world, forever, &kim));
        assert!(block.get("endTime").is_none() && block.get("expires").is_none(), "{block}");
    }

    async fn a_report_comes_from_the_node_and_names_nobody_who_made_it(store: Store) {
        let world = World::new(store).await;
        let node = Actor { uri: "https://a.example/".to_owned(), ..world.sam.clone() };
        let about = json!(["https://b.example/users/kim", POST]);
        let told = flag::flag(world.places(), &report(&world, "selling"), &node, "flag-7", about.clone(), &world.kim);
        assert_eq!(without_context(told.clone()), json!({
            "id": "https://a.example/activities/flag-7",
            "type": "Flag",
            "actor": "https://a.example/",
            "object": ["https://b.example/users/kim", POST],
            "content": "selling",
            "summary": "selling",
            "to": ["https://b.example/users/kim"],
            "cc": [],
        }));
        assert!(!told.to_string().contains("sam"), "{told}");
        let Action::Flag { objects, reason } = as_activity(&told).action else { panic!("{told}") };
        assert_eq!((objects.len(), reason.as_deref()), (2, Some("selling")));
        let silent = flag::flag(world.places(), &report(&world, ""), &node, "flag-8", about, &world.sleep);
        assert_eq!((&silent["content"], &silent["summary"]), (&json!(""), &json!("")));
        assert_eq!(silent["audience"], "https://a.example/actors/sleep");
    }
}
