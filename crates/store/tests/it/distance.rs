//! Blocks, mutes, host blocks, notes, lists, and what all of them make of a relationship.

use alongside_domain::clock::Clock as _;
use alongside_domain::id::{ActorId, ListId};
use alongside_domain::list::{List, RepliesPolicy};
use alongside_store::mutes::Mute;
use alongside_store::page::Page;
use alongside_store::relationships::{self, Relationship};
use alongside_store::{blocks, follows, host_blocks, lists, mutes, private_notes};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

async fn between(node: &Node, one: ActorId, other: ActorId) -> Relationship {
    let mut found =
        relationships::of(&mut node.store().reader(), one, &[other], node.clock.now()).await.unwrap();
    assert_eq!(found.len(), 1);
    found.remove(0)
}

both_engines! {
    async fn strangers_are_nothing_to_each_other(node: Node) {
        let sam = node.member("sam").await.actor();
        let ada = node.stranger("ada", "b.example").await;
        let nothing = between(&node, sam, ada).await;
        assert_eq!(nothing.id, ada);
        for flag in [
            nothing.following, nothing.showing_boosts, nothing.notifying, nothing.requested, nothing.followed_by,
            nothing.requested_by, nothing.blocking, nothing.blocked_by, nothing.muting, nothing.muting_notifications,
            nothing.host_blocking,
        ] {
            assert!(!flag);
        }
        assert_eq!((nothing.note.as_str(), nothing.muting_expires_at), ("", None));
        assert!(relationships::of(&mut node.store().reader(), sam, &[], node.clock.now()).await.unwrap().is_empty());
    }

    async fn each_tie_shows_on_its_own_side(node: Node) {
        let (store, now) = (node.store(), node.clock.now());
        let (sam, ada) = (node.member("sam").await, node.stranger("ada", "b.example").await);
        node.follow(sam.actor(), ada).await;
        let mute = Mute { id: 5, target_id: ada, notifications: true, expires_at: Some(now.plus_secs(60)) };
        let mut tx = store.begin().await.unwrap();
        mutes::put(&mut tx, sam, &mute).await.unwrap();
        assert!(blocks::add(&mut tx, 1, ada, sam.actor()).await.unwrap());
        host_blocks::add(&mut tx, sam, "b.example").await.unwrap();
        private_notes::put(&mut tx, sam, ada, "met at the meeting").await.unwrap();
        tx.commit().await.unwrap();

        let mine = between(&node, sam.actor(), ada).await;
        assert!(mine.following && mine.showing_boosts && !mine.notifying && !mine.requested && !mine.followed_by);
        assert!(mine.muting && mine.muting_notifications && mine.blocked_by && !mine.blocking && mine.host_blocking);
        assert_eq!((mine.note.as_str(), mine.muting_expires_at), ("met at the meeting", mute.expires_at));
        let hers = between(&node, ada, sam.actor()).await;
        assert!(hers.followed_by && !hers.following && hers.blocking && !hers.blocked_by && !hers.muting);
        assert_eq!(hers.note, "");

        node.clock.advance_secs(60);
        assert!(!between(&node, sam.actor(), ada).await.muting);
        let mut tx = store.begin().await.unwrap();
        private_notes::put(&mut tx, sam, ada, "").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(between(&node, sam.actor(), ada).await.note, "");
    }

    async fn a_request_is_not_a_follow(node: Node) {
        let (sam, ada) = (node.member("sam").await.actor(), node.stranger("ada", "b.example").await);
        let mut tx = node.store().begin().await.unwrap();
        let request = follows::Follow {
            id: node.app.next_id(),
            follower_id: ada,
            target_id: sam,
            accepted: false,
            uri: "https://b.example/follow/1".to_owned(),
            show_boosts: true,
            notify: true,
            at: node.clock.now(),
        };
        follows::put(&mut tx, &request).await.unwrap();
        tx.commit().await.unwrap();
        let mine = between(&node, sam, ada).await;
        assert!(mine.requested_by && !mine.followed_by);
        let hers = between(&node, ada, sam).await;
        assert!(hers.requested && !hers.following && !hers.showing_boosts && !hers.notifying);
    }

    async fn blocks_are_listed_newest_first(node: Node) {
        let store = node.store();
        let sam = node.member("sam").await.actor();
        let mut others = Vec::new();
        let mut tx = store.begin().await.unwrap();
        for id in 1..=4 {
            drop(tx);
            others.push(node.stranger(&format!("n{id}"), "b.example").await);
            tx = store.begin().await.unwrap();
            assert!(blocks::add(&mut tx, id, sam, *others.last().unwrap()).await.unwrap());
            tx.commit().await.unwrap();
            tx = store.begin().await.unwrap();
        }
        assert!(!blocks::add(&mut tx, 9, sam, others[0]).await.unwrap(), "once is enough");
        tx.commit().await.unwrap();
        let ids = |rows: Vec<blocks::Block>| rows.iter().map(|row| row.id).collect::<Vec<i64>>();
        let reader = &mut store.reader();
        assert_eq!(ids(blocks::page(reader, sam, &Page::newest(2)).await.unwrap()), [4, 3]);
        let older = Page { max_id: Some(3), ..Page::newest(9) };
        assert_eq!(ids(blocks::page(reader, sam, &older).await.unwrap()), [2, 1]);
        let next_up = Page { min_id: Some(1), ..Page::newest(2) };
        assert_eq!(ids(blocks::page(reader, sam, &next_up).await.unwrap()), [3, 2]);
        assert!(blocks::exists(reader, sam, others[0]).await.unwrap());
        assert!(!blocks::exists(reader, others[0], sam).await.unwrap());
        let mut tx = store.begin().await.unwrap();
        assert!(blocks::remove(&mut tx, sam, others[0]).await.unwrap());
        assert!(!blocks::remove(&mut tx, sam, others[0]).await.unwrap());
    }

    async fn a_mute_ends_by_itself(node: Node) {
        let (store, now) = (node.store(), node.clock.now());
        let (sam, ada, bo) =
            (node.member("sam").await, node.stranger("ada", "b.example").await, node.stranger("bo", "b.example").await);
        let mut tx = store.begin().await.unwrap();
        for (id, target_id, expires_at) in [(1, ada, None), (2, bo, Some(now.plus_secs(60)))] {
            mutes::put(&mut tx, sam, &Mute { id, target_id, notifications: false, expires_at }).await.unwrap();
        }
        tx.commit().await.unwrap();
        let muted = async |page: Page, now| {
            let rows = mutes::page(&mut store.reader(), sam, &page, now).await.unwrap();
            rows.iter().map(|row| row.target_id).collect::<Vec<ActorId>>()
        };
        assert_eq!(muted(Page::newest(9), now).await, [bo, ada]);
        assert_eq!(muted(Page { min_id: Some(0), ..Page::newest(1) }, now).await, [ada]);
        assert_eq!(muted(Page::newest(9), now.plus_secs(60)).await, [ada]);
        let mut tx = store.begin().await.unwrap();
        assert_eq!(mutes::sweep(&mut tx, now.plus_secs(60)).await.unwrap(), 1);
        mutes::remove(&mut tx, sam, ada).await.unwrap();
        tx.commit().await.unwrap();
        assert!(muted(Page::newest(9), now).await.is_empty());
    }

    async fn blocked_hosts_are_listed_by_name(node: Node) {
        let store = node.store();
        let sam = node.member("sam").await;
        let mut tx = store.begin().await.unwrap();
        for host in ["c.example", "a.example", "b.example", "a.example"] {
            host_blocks::add(&mut tx, sam, host).await.unwrap();
        }
        host_blocks::remove(&mut tx, sam, "b.example").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(host_blocks::after(&mut store.reader(), sam, "", 9).await.unwrap(), ["a.example", "c.example"]);
        assert_eq!(host_blocks::after(&mut store.reader(), sam, "a.example", 9).await.unwrap(), ["c.example"]);
    }

    async fn a_list_has_who_was_put_in_it(node: Node) {
        let store = node.store();
        let (sam, other) = (node.member("sam").await, node.member("other").await);
        let (ada, bo) = (node.stranger("ada", "b.example").await, node.stranger("bo", "b.example").await);
        let mut list =
            List { id: ListId::new(7), title: "Friends".to_owned(), replies_policy: RepliesPolicy::List, exclusive: false };
        let mut tx = store.begin().await.unwrap();
        lists::put(&mut tx, sam, &list).await.unwrap();
        list = List { title: "Close friends".to_owned(), exclusive: true, ..list };
        lists::put(&mut tx, sam, &list).await.unwrap();
        for actor in [ada, bo, ada] {
            lists::add(&mut tx, list.id, actor).await.unwrap();
        }
        tx.commit().await.unwrap();
        let reader = &mut store.reader();
        assert_eq!(lists::of_member(reader, sam).await.unwrap(), [list.clone()]);
        assert_eq!(lists::find(reader, sam, list.id).await.unwrap(), Some(list.clone()));
        assert_eq!(lists::find(reader, other, list.id).await.unwrap(), None, "another's list is not found");
        assert_eq!(lists::with(reader, sam, ada).await.unwrap(), [list.clone()]);
        assert_eq!(lists::actors(reader, list.id, i64::MAX, 9).await.unwrap(), [bo, ada]);
        assert_eq!(lists::actors(reader, list.id, bo.get(), 9).await.unwrap(), [ada]);

        let mut tx = store.begin().await.unwrap();
        lists::take_out(&mut tx, list.id, bo).await.unwrap();
        lists::take_out_of_all(&mut tx, other, ada).await.unwrap();
        assert_eq!(lists::actors(&mut tx, list.id, i64::MAX, 9).await.unwrap(), [ada]);
        lists::take_out_of_all(&mut tx, sam, ada).await.unwrap();
        assert!(lists::actors(&mut tx, list.id, i64::MAX, 9).await.unwrap().is_empty());
        lists::add(&mut tx, list.id, ada).await.unwrap();
        lists::remove(&mut tx, list.id).await.unwrap();
        tx.commit().await.unwrap();
        assert!(lists::of_member(&mut store.reader(), sam).await.unwrap().is_empty());
    }
}
