//! Threads as a whole, as others read them, and what our posts say of theirs.

use super::{World, read};
use crate::build::context::{self, PAGE_MAX};
use crate::build::{parts, post};
use crate::documents::Document;
use alongside_domain::post::Visibility;
use alongside_domain::sanction::SanctionKind;
use alongside_store::engine::Store;
use alongside_store::{contexts, sanctions};
use alongside_testkit::both_engines;
use serde_json::{Value, json};

both_engines! {
    async fn a_thread_is_listed_whole_for_those_who_missed_some(store: Store) {
        let world = World::new(store).await;
        let (app, community) = (&world.node.app, world.community());
        let root = world.node.post_with(world.sam.id, "awake?", |post| post.community = Some(community)).await;
        let reply = world.node.post_with(world.kim.id, "yes", |post| {
            (post.reply_to, post.root, post.local) = (Some(root.id), root.id, false);
            "https://b.example/posts/1".clone_into(&mut post.uri);
        }).await;
        world.node.post_with(world.sam.id, "only for you", |post| {
            (post.reply_to, post.root, post.visibility) = (Some(reply.id), root.id, Visibility::Direct);
        }).await;
        let whole = context::load(app, root.id, None).await.unwrap().unwrap();
        let Document::Collection(list) = read(&whole) else { panic!("{whole}") };
        assert_eq!(list.items.len(), 2);
        let address = format!("https://a.example/posts/{}/context", root.id);
        assert_eq!(whole, json!({
            "@context": whole["@context"],
            "id": address,
            "type": "OrderedCollection",
            "attributedTo": "https://a.example/actors/sleep",
            "audience": "https://a.example/actors/sleep",
            "totalItems": 2,
            "orderedItems": [root.uri, reply.uri],
        }));
        assert_eq!(context::load(app, reply.id, None).await.unwrap(), None, "it began no thread");
        assert_eq!(post::post(world.places(), &world.parts(root).await)["context"], address);
    }

    async fn what_somebody_wrote_who_is_suspended_is_listed_nowhere(store: Store) {
        let world = World::new(store).await;
        for visibility in [Visibility::Public, Visibility::Members] {
            let root = world.node.post_with(world.sam.id, "awake?", |post| {
                (post.community, post.visibility) = (Some(world.community()), visibility);
            }).await;
            let reply = world.node.post_with(world.kim.id, "yes", |post| {
                (post.reply_to, post.root, post.local) = (Some(root.id), root.id, false);
                (post.community, post.visibility) = (Some(world.community()), visibility);
                post.uri = format!("https://b.example/posts/{visibility}");
            }).await;
            for (since, answers) in [(Some(world.node.app.now()), vec![]), (None, vec![reply.uri])] {
                let mut tx = world.node.store().begin().await.unwrap();
                sanctions::set(&mut tx, world.kim.id, SanctionKind::Suspend, since).await.unwrap();
                tx.commit().await.unwrap();
                let page = parts::replies(&mut world.node.app.reader(), &root, 0).await.unwrap();
                assert_eq!(page.uris, answers, "{visibility}");
                if visibility == Visibility::Public {
                    let whole = context::load(&world.node.app, root.id, None).await.unwrap().unwrap();
                    let listed: Vec<&String> = std::iter::once(&root.uri).chain(&answers).collect();
                    assert_eq!((&whole["orderedItems"], &whole["totalItems"]), (&json!(listed), &json!(listed.len())));
                }
            }
        }
    }

    async fn a_long_thread_is_listed_page_by_page(store: Store) {
        let world = World::new(store).await;
        let root = world.node.post(world.sam.id, "awake?").await;
        for _ in 0..PAGE_MAX {
            world.node.post_with(world.sam.id, "yes", |post| {
                (post.reply_to, post.root) = (Some(root.id), root.id);
            }).await;
        }
        let whole = context::load(&world.node.app, root.id, None).await.unwrap().unwrap();
        assert_eq!((&whole["totalItems"], whole.get("orderedItems")), (&json!(PAGE_MAX + 1), None));
        assert_eq!(whole["attributedTo"], "https://a.example/actors/sam");
        let first = whole["first"]["orderedItems"].as_array().unwrap();
        assert_eq!(i64::try_from(first.len()).unwrap(), PAGE_MAX);
        let next = whole["first"]["next"].as_str().unwrap();
        let after: i64 = next.rsplit('=').next().unwrap().parse().unwrap();
        let rest = context::load(&world.node.app, root.id, Some(after)).await.unwrap().unwrap();
        assert_eq!((rest["orderedItems"].as_array().map(Vec::len), rest.get("next")), (Some(1), None));
        assert_eq!(rest["id"], next);
    }

    async fn an_answer_inherits_where_its_thread_is_kept(store: Store) {
        let world = World::new(store).await;
        let theirs = world.node.post_with(world.kim.id, "awake?", |post| {
            post.local = false;
            "https://b.example/posts/1".clone_into(&mut post.uri);
        }).await;
        let answer = async || {
            let written = world.node.post_with(world.sam.id, "yes", |post| {
                (post.reply_to, post.root) = (Some(theirs.id), theirs.id);
            }).await;
            post::post(world.places(), &world.parts(written).await).get("context").cloned()
        };
        assert_eq!(answer().await, None, "its origin says nothing, and it is not ours to keep");
        assert_eq!(context::load(&world.node.app, theirs.id, None).await.unwrap(), None);
        let mut tx = world.node.store().begin().await.unwrap();
        contexts::put(&mut tx, theirs.id, "https://b.example/topics/1").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(answer().await, Some(Value::from("https://b.example/topics/1")));
    }

    async fn a_thread_that_is_kept_here_stays_here_whatever_an_answer_says(store: Store) {
        let world = World::new(store).await;
        let root = world.node.post(world.sam.id, "awake?").await;
        let theirs = world.node.post_with(world.kim.id, "yes", |post| {
            (post.reply_to, post.root, post.local) = (Some(root.id), root.id, false);
            "https://b.example/posts/1".clone_into(&mut post.uri);
        }).await;
        let mut tx = world.node.store().begin().await.unwrap();
        contexts::put(&mut tx, theirs.id, "https://b.example/topics/1").await.unwrap();
        tx.commit().await.unwrap();
        let answer = world.node.post_with(world.sam.id, "me too", |post| {
            (post.reply_to, post.root) = (Some(theirs.id), root.id);
        }).await;
        let said = post::post(world.places(), &world.parts(answer).await)["context"].clone();
        assert_eq!(said, format!("https://a.example/posts/{}/context", root.id));
    }

    async fn a_thread_that_is_not_for_everybody_is_listed_to_nobody(store: Store) {
        let world = World::new(store).await;
        for visibility in [Visibility::Followers, Visibility::Direct, Visibility::Members] {
            let root = world.node.post_with(world.sam.id, "psst", |post| post.visibility = visibility).await;
            assert_eq!(context::load(&world.node.app, root.id, None).await.unwrap(), None, "{visibility}");
            assert_eq!(post::post(world.places(), &world.parts(root).await).get("context"), None, "{visibility}");
        }
    }
}
