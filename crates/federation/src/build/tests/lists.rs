//! Collections, WebFinger and NodeInfo, as others read them.

use super::{World, read};
use crate::build::{collection, outbox};
use crate::documents::Document;
use crate::documents::activity::Action;
use crate::documents::collection::Collection;
use crate::documents::reference::Reference;
use alongside_app::reading::{Peer, Viewer};
use alongside_domain::id::EntryId;
use alongside_domain::post::{Post, Visibility};
use alongside_store::engine::Store;
use alongside_store::entries::Entry;
use alongside_store::{entries, pins};
use alongside_testkit::both_engines;
use serde_json::{Value, json};
use url::Url;

fn as_collection(document: &Value) -> Collection {
    match read(document) {
        Document::Collection(collection) => *collection,
        other => panic!("{}", other.kind()),
    }
}

/// Puts a post into its author's timeline and into that of the community.
async fn announce(world: &World, post: &Post) {
    let own = Entry {
        id: EntryId::new(post.id.get()),
        actor_id: post.author,
        post_id: post.id,
        boost: false,
        by_community: false,
        community_reply: false,
        reply_to_author_id: None,
        visibility: post.visibility,
        uri: post.uri.clone(),
        at: post.published_at,
    };
    let id: EntryId = world.node.app.next_id();
    let line = Entry {
        id,
        actor_id: world.sleep.id,
        boost: true,
        by_community: true,
        uri: format!("https://a.example/activities/boost-{id}"),
        ..own.clone()
    };
    let mut tx = world.node.store().begin().await.unwrap();
    for entry in [own, line] {
        assert!(entries::insert(&mut tx, &entry).await.unwrap());
    }
    tx.commit().await.unwrap();
}

both_engines! {
    async fn the_wall_of_a_community_has_its_threads_and_only_what_anybody_may_read(store: Store) {
        let world = World::new(store).await;
        let written = |visibility| world.node.post_with(world.sam.id, "hello", move |post| {
            post.visibility = visibility;
        });
        let (open, members) = (written(Visibility::Public).await, written(Visibility::Members).await);
        for post in [&open, &members] {
            announce(&world, post).await;
        }
        let wall = as_collection(&outbox::wall(&world.node.app, &world.sleep).await.unwrap());
        let items: Vec<&str> = wall.items.iter().filter_map(Reference::id).map(Url::as_str).collect();
        assert_eq!(items, [open.uri.as_str()]);
        assert_eq!(wall.id.unwrap().as_str(), "https://a.example/actors/sleep/wall");
    }

    async fn a_community_shows_its_threads_as_it_announced_them(store: Store) {
        let world = World::new(store).await;
        let ours = world.node.post_with(world.sam.id, "ours", |post| post.community = Some(world.community())).await;
        let theirs = world.node.post_with(world.kim.id, "theirs", |post| {
            post.uri = "https://b.example/posts/1".to_owned();
            post.community = Some(world.community());
            post.local = false;
        }).await;
        let hidden = world.node.post_with(world.sam.id, "hidden", |post| {
            post.community = Some(world.community());
            post.visibility = Visibility::Members;
        }).await;
        for post in [&ours, &theirs, &hidden] {
            announce(&world, post).await;
        }
        let document = outbox::outbox(&world.node.app, &world.sleep, Viewer::Nobody).await.unwrap();
        let list = as_collection(&document);
        let announced: Vec<_> = list.items.iter().map(|item| item.activity().unwrap()).collect();
        assert_eq!(announced.len(), 2, "what is for members is not shown: {document}");
        let peer = Peer { host: "b.example".to_owned(), origin: "https://b.example/".to_owned(), vouched: Vec::new() };
        let shown = async || {
            let list = outbox::outbox(&world.node.app, &world.sleep, Viewer::Node(&peer)).await.unwrap();
            list["orderedItems"].as_array().unwrap().len()
        };
        assert_eq!(shown().await, 2, "nobody there is a member");
        world.node.agree("b.example").await;
        world.node.follow(world.kim.id, world.sleep.id).await;
        assert_eq!(shown().await, 3, "now somebody is");
        assert!(announced.iter().all(|activity| activity.actor.as_str() == world.sleep.uri));

        let Action::Announce { objects } = &announced[0].action else { panic!("{document}") };
        assert_eq!(objects[0].id().unwrap().as_str(), theirs.uri, "the newest first");
        let Action::Announce { objects } = &announced[1].action else { panic!("{document}") };
        let Action::Create { objects } = &objects[0].activity().unwrap().action else { panic!("{document}") };
        assert_eq!(objects[0].post().unwrap().id.as_str(), ours.uri);

        let document = outbox::outbox(&world.node.app, &world.sam, Viewer::Nobody).await.unwrap();
        let list = as_collection(&document);
        assert_eq!(list.items.len(), 1);
        assert!(matches!(list.items[0].activity().unwrap().action, Action::Create { .. }));
    }

    async fn what_is_pinned_is_featured_while_all_may_read_it(store: Store) {
        let world = World::new(store).await;
        let open = world.node.post(world.sam.id, "welcome").await;
        let narrow = world.node.post_with(world.sam.id, "psst", |post| post.visibility = Visibility::Followers).await;
        let mut tx = world.node.store().begin().await.unwrap();
        for post in [&open, &narrow] {
            pins::add(&mut tx, world.sam.id, post.id, world.node.app.now()).await.unwrap();
        }
        tx.commit().await.unwrap();
        let list = as_collection(&outbox::featured(&world.node.app, &world.sam, Viewer::Nobody).await.unwrap());
        assert_eq!((list.total, list.items.len()), (Some(1), 1));
        assert_eq!(list.items[0].post().unwrap().id.as_str(), open.uri);
    }
}

#[test]
fn of_followers_the_number_alone_is_told() {
    let list = collection::counted("https://a.example/actors/sleep/followers", 12);
    let collection = as_collection(&list);
    assert_eq!((collection.total, collection.items.len(), collection.first), (Some(12), 0, None));
    assert_eq!((&list["type"], &list["items"]), (&json!("Collection"), &json!([])), "Lemmy reads no other");
}
