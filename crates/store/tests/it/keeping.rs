//! What members keep for themselves: bookmarks, pins, markers, filters, hashtags, requests done once.

use alongside_domain::clock::Clock as _;
use alongside_domain::filter::{Filter, FilterAction, FilterContext, Keyword};
use alongside_domain::id::{ActorId, FilterId, KeywordId, PostId};
use alongside_domain::marker::Timeline;
use alongside_domain::post::Visibility;
use alongside_domain::reaction::Reaction;
use alongside_store::engine::Tx;
use alongside_store::entries::{self, Entry};
use alongside_store::page::Page;
use alongside_store::reactions::{self, Given};
use alongside_store::{
    bookmarks, filters, follows, idempotency, markers, marks, mutes, pins, posts, tag_follows,
};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

both_engines! {
    async fn bookmarks_are_listed_as_they_were_kept(node: Node) {
        let store = node.store();
        let (sam, other) = (node.member("sam").await, node.member("other").await);
        let mut kept: Vec<PostId> = Vec::new();
        for (id, text) in (1..).zip(["a", "b", "c"]) {
            let post = node.post(other.actor(), text).await.id;
            let mut tx = store.begin().await.unwrap();
            bookmarks::add(&mut tx, id, sam, post).await.unwrap();
            bookmarks::add(&mut tx, id + 10, sam, post).await.unwrap();
            tx.commit().await.unwrap();
            kept.push(post);
        }
        let listed = async |page: Page| {
            let rows = bookmarks::page(&mut store.reader(), sam, &page).await.unwrap();
            rows.iter().map(|row| row.post_id).collect::<Vec<PostId>>()
        };
        assert_eq!(listed(Page::newest(2)).await, [kept[2], kept[1]]);
        assert_eq!(listed(Page { min_id: Some(0), ..Page::newest(2) }).await, [kept[1], kept[0]]);
        let mut tx = store.begin().await.unwrap();
        bookmarks::remove(&mut tx, sam, kept[1]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(listed(Page::newest(9)).await, [kept[2], kept[0]]);
        assert!(bookmarks::page(&mut store.reader(), other, &Page::newest(9)).await.unwrap().is_empty());
    }

    async fn who_follows_reacted_and_boosted_is_listed_upwards_too(node: Node) {
        let (store, now) = (node.store(), node.clock.now());
        let sam = node.member("sam").await.actor();
        let post = node.post(sam, "hello").await.id;
        let mut people: Vec<ActorId> = Vec::new();
        for name in ["ada", "bo", "kim"] {
            let person = node.member(name).await.actor();
            node.follow(person, sam).await;
            node.follow(sam, person).await;
            let theirs = node.post(person, "theirs").await.id;
            let mut tx = store.begin().await.unwrap();
            for (actor_id, post_id) in [(person, post), (sam, theirs)] {
                let uri = format!("https://a.example/reactions/{actor_id}-{post_id}");
                let given = Given { id: node.app.next_id(), post_id, actor_id, kind: Reaction::MeToo, uri, at: now };
                reactions::insert(&mut tx, &given).await.unwrap();
            }
            let boost = Entry {
                id: node.app.next_id(),
                actor_id: person,
                post_id: post,
                boost: true,
                by_community: false,
                community_reply: false,
                reply_to_author_id: None,
                visibility: Visibility::Public,
                uri: format!("https://a.example/boosts/{person}"),
                at: now,
            };
            entries::insert(&mut tx, &boost).await.unwrap();
            tx.commit().await.unwrap();
            people.push(person);
        }
        let upwards = Page { min_id: Some(0), ..Page::newest(2) };
        let (next, newest) = ([people[1], people[0]], [people[2], people[1]]);
        for (page, expected) in [(upwards, next), (Page { since_id: Some(0), ..Page::newest(2) }, newest)] {
            let mut reader = store.reader();
            let followers = follows::followers(&mut reader, sam, &page).await.unwrap();
            assert_eq!(followers.iter().map(|row| row.follower_id).collect::<Vec<_>>(), expected);
            let following = follows::following(&mut reader, sam, &page).await.unwrap();
            assert_eq!(following.iter().map(|row| row.target_id).collect::<Vec<_>>(), expected);
            let reacted = reactions::on_post(&mut reader, post, &page).await.unwrap();
            assert_eq!(reacted.iter().map(|row| row.actor_id).collect::<Vec<_>>(), expected);
            let boosted = entries::boosts_of(&mut reader, post, &page).await.unwrap();
            assert_eq!(boosted.iter().map(|row| row.actor_id).collect::<Vec<_>>(), expected);
            let own = reactions::by_actor(&mut reader, sam, &page).await.unwrap();
            let written = posts::find_all(&mut reader, &own.iter().map(|row| row.post_id).collect::<Vec<_>>()).await.unwrap();
            assert_eq!(written.iter().map(|post| post.author).collect::<Vec<_>>(), expected);
        }
    }

    async fn who_waits_to_be_let_in_is_listed_upwards_too(node: Node) {
        let (store, sam) = (node.store(), node.member("sam").await.actor());
        let mut people: Vec<ActorId> = Vec::new();
        for name in ["ada", "bo", "kim"] {
            let person = node.member(name).await.actor();
            let mut tx = store.begin().await.unwrap();
            node.follow_with(&mut tx, person, sam, false).await;
            tx.commit().await.unwrap();
            people.push(person);
        }
        let page = Page { min_id: Some(0), ..Page::newest(2) };
        let waiting = follows::requests(&mut store.reader(), sam, &page).await.unwrap();
        assert_eq!(waiting.iter().map(|row| row.follower_id).collect::<Vec<_>>(), [people[1], people[0]]);
    }

    async fn a_pin_goes_with_its_post(node: Node) {
        let (store, now) = (node.store(), node.clock.now());
        let sam = node.member("sam").await.actor();
        let (one, two) = (node.post(sam, "one").await, node.post(sam, "two").await);
        let mut tx = store.begin().await.unwrap();
        pins::add(&mut tx, sam, one.id, now).await.unwrap();
        pins::add(&mut tx, sam, two.id, now.plus_secs(1)).await.unwrap();
        pins::add(&mut tx, sam, one.id, now.plus_secs(2)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(pins::of_actor(&mut store.reader(), sam).await.unwrap(), [two.id, one.id]);
        let mut tx = store.begin().await.unwrap();
        alongside_store::measures::set_removed(&mut tx, two.id, Some(now)).await.unwrap();
        assert_eq!(pins::of_actor(&mut tx, sam).await.unwrap(), [one.id]);
        pins::remove(&mut tx, sam, one.id).await.unwrap();
        assert!(pins::of_actor(&mut tx, sam).await.unwrap().is_empty());
    }

    async fn a_marker_counts_its_moves(node: Node) {
        let (store, now) = (node.store(), node.clock.now());
        let sam = node.member("sam").await;
        let mut tx = store.begin().await.unwrap();
        assert_eq!(markers::put(&mut tx, sam, Timeline::Home, 5, now).await.unwrap().version, 0);
        let moved = markers::put(&mut tx, sam, Timeline::Home, 9, now.plus_secs(1)).await.unwrap();
        assert_eq!((moved.version, moved.last_read_id, moved.at), (1, 9, now.plus_secs(1)));
        markers::put(&mut tx, sam, Timeline::Notifications, 3, now).await.unwrap();
        tx.commit().await.unwrap();
        let kept = markers::of_member(&mut store.reader(), sam).await.unwrap();
        let kept: Vec<(Timeline, i64)> = kept.iter().map(|marker| (marker.timeline, marker.last_read_id)).collect();
        assert_eq!(kept, [(Timeline::Home, 9), (Timeline::Notifications, 3)]);
    }

    async fn a_filter_reads_back_with_its_keywords(node: Node) {
        let store = node.store();
        let (sam, other) = (node.member("sam").await, node.member("other").await);
        let filter = Filter {
            id: FilterId::new(3),
            title: "pacing".to_owned(),
            contexts: vec![FilterContext::Home, FilterContext::Thread],
            action: FilterAction::Hide,
            expires_at: Some(node.clock.now()),
            keywords: vec![Keyword { id: KeywordId::new(4), keyword: "diet".to_owned(), whole_word: true }],
            posts: Vec::new(),
        };
        let mut tx = store.begin().await.unwrap();
        filters::put(&mut tx, sam, &Filter { title: "before".to_owned(), ..filter.clone() }).await.unwrap();
        filters::put(&mut tx, sam, &filter).await.unwrap();
        filters::put_keyword(&mut tx, filter.id, &Keyword { whole_word: false, ..filter.keywords[0].clone() }).await.unwrap();
        filters::put_keyword(&mut tx, filter.id, &filter.keywords[0]).await.unwrap();
        tx.commit().await.unwrap();
        let reader = &mut store.reader();
        assert_eq!(filters::of_member(reader, sam).await.unwrap(), std::slice::from_ref(&filter));
        assert_eq!(filters::find(reader, sam, filter.id).await.unwrap(), Some(filter.clone()));
        assert_eq!(filters::find(reader, other, filter.id).await.unwrap(), None);
        let by_keyword = filters::find_by_keyword(reader, sam, KeywordId::new(4)).await.unwrap();
        assert_eq!(by_keyword, Some(filter.clone()));
        let mut tx = store.begin().await.unwrap();
        filters::remove_keyword(&mut tx, KeywordId::new(4)).await.unwrap();
        assert!(filters::find(&mut tx, sam, filter.id).await.unwrap().unwrap().keywords.is_empty());
        filters::put_keyword(&mut tx, filter.id, &filter.keywords[0]).await.unwrap();
        filters::remove(&mut tx, filter.id).await.unwrap();
        assert!(filters::of_member(&mut tx, sam).await.unwrap().is_empty());
    }

    async fn hashtags_are_followed_by_name(node: Node) {
        let store = node.store();
        let sam = node.member("sam").await;
        let mut tx = store.begin().await.unwrap();
        for tag in ["sleep", "anxiety", "sleep"] {
            tag_follows::add(&mut tx, sam, tag).await.unwrap();
        }
        tx.commit().await.unwrap();
        let reader = &mut store.reader();
        assert_eq!(tag_follows::after(reader, sam, "", 9).await.unwrap(), ["anxiety", "sleep"]);
        assert_eq!(tag_follows::after(reader, sam, "anxiety", 9).await.unwrap(), ["sleep"]);
        assert!(tag_follows::exists(reader, sam, "sleep").await.unwrap());
        let mut tx = store.begin().await.unwrap();
        tag_follows::remove(&mut tx, sam, "sleep").await.unwrap();
        assert!(!tag_follows::exists(&mut tx, sam, "sleep").await.unwrap());
    }

    async fn the_same_request_is_done_once(node: Node) {
        let (store, now) = (node.store(), node.clock.now());
        let sam = node.member("sam").await;
        let (one, two) = (node.post(sam.actor(), "one").await.id, node.post(sam.actor(), "two").await.id);
        let long_ago = now.plus_secs(-3_600);
        let mut tx = store.begin().await.unwrap();
        assert!(idempotency::put(&mut tx, sam, "key", one, now, long_ago).await.unwrap());
        assert!(!idempotency::put(&mut tx, sam, "key", two, now, long_ago).await.unwrap());
        assert_eq!(idempotency::find(&mut tx, sam, "key", long_ago).await.unwrap(), Some(one));
        assert_eq!(idempotency::find(&mut tx, sam, "other", long_ago).await.unwrap(), None);
        // An hour later the key may be used again.
        let later = now.plus_secs(3_600);
        assert_eq!(idempotency::find(&mut tx, sam, "key", now).await.unwrap(), None);
        assert!(idempotency::put(&mut tx, sam, "key", two, later, now).await.unwrap());
        assert_eq!(idempotency::find(&mut tx, sam, "key", now).await.unwrap(), Some(two));
        assert_eq!(idempotency::sweep(&mut tx, later).await.unwrap(), 0);
        assert_eq!(idempotency::sweep(&mut tx, later.plus_secs(1)).await.unwrap(), 1);
    }

    async fn a_muted_thread_is_known_by_its_root(node: Node) {
        let sam = node.member("sam").await;
        let (one, two) = (node.post(sam.actor(), "one").await.id, node.post(sam.actor(), "two").await.id);
        let mut tx = node.store().begin().await.unwrap();
        mutes::add_thread(&mut tx, sam, one).await.unwrap();
        mutes::add_thread(&mut tx, sam, one).await.unwrap();
        let muted = async |tx: &mut Tx| {
            let marks = marks::of(tx, sam.actor(), &[one, two]).await.unwrap();
            marks.iter().filter(|marks| marks.muted).map(|marks| marks.post_id).collect::<Vec<PostId>>()
        };
        assert_eq!(muted(&mut tx).await, [one]);
        mutes::remove_thread(&mut tx, sam, one).await.unwrap();
        assert!(muted(&mut tx).await.is_empty());
    }
}
