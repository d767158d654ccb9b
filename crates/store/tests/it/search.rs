//! Finding people, posts and hashtags, and never what is for others.

use alongside_domain::clock::Clock as _;
use alongside_domain::community::Audience;
use alongside_domain::id::{ActorId, PostId};
use alongside_domain::post::{Post, Visibility};
use alongside_domain::query::Query;
use alongside_store::page::Page;
use alongside_store::search::Narrowed;
use alongside_store::{actors, blocks, search};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

async fn indexed(node: &Node, author: ActorId, text: &str, change: impl FnOnce(&mut Post)) -> PostId {
    let post = node.post_with(author, text, change).await;
    let mut tx = node.store().begin().await.unwrap();
    search::index(&mut tx, post.id, &post.content).await.unwrap();
    tx.commit().await.unwrap();
    post.id
}

/// A member who would like what they write to be found.
async fn open(node: &Node, handle: &str) -> ActorId {
    let member = node.member(handle).await.actor();
    let mut tx = node.store().begin().await.unwrap();
    actors::set_indexable(&mut tx, member, true).await.unwrap();
    tx.commit().await.unwrap();
    member
}

async fn found(node: &Node, words: &str) -> Vec<PostId> {
    search::posts(&mut node.store().reader(), &Query::parse(words), None, None, &Page::newest(9))
        .await
        .unwrap()
}

both_engines! {
    async fn posts_are_found_by_all_their_words(node: Node) {
        let sam = open(&node, "sam").await;
        let night = indexed(&node, sam, "I can't sleep at 2am &amp; the café is <b>closed</b>", |_| {}).await;
        let day = indexed(&node, sam, "Sleeping in the day", |_| {}).await;
        for (words, expected) in [
            ("sleep", vec![night, day]),
            ("SLEEP 2am", vec![night]),
            ("Café", vec![night]),
            ("can't", vec![night]),
            ("sleepi", vec![day]),
            ("sleepi 2am", vec![]),
            ("sl", vec![]),
            ("2a", vec![]),
            ("b", vec![]),
            ("' \" | & ! ( ) : * <-> \\", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(found(&node, words).await, expected, "{words:?}");
        }
        let first = search::posts(&mut node.store().reader(), &Query::parse("sleep"), None, None, &Page::newest(1)).await;
        assert_eq!(first.unwrap(), [night], "whole words are enough");
        let another = indexed(&node, sam, "Sleepless, and asleep", |_| {}).await;
        for count in 1..=3 {
            let page = Page::newest(i64::try_from(count).unwrap());
            let some = search::posts(&mut node.store().reader(), &Query::parse("sleep"), None, None, &page).await;
            assert_eq!(some.unwrap(), [night, another, day][..count], "more of them begin alike");
        }
        let older = Page { max_id: Some(day.get()), ..Page::newest(9) };
        assert_eq!(search::posts(&mut node.store().reader(), &Query::parse("sleep"), None, None, &older).await.unwrap(), [night]);
        let by_nobody = Some(ActorId::new(404));
        assert!(search::posts(&mut node.store().reader(), &Query::parse("sleep"), by_nobody, None, &Page::newest(9)).await.unwrap().is_empty());
        assert_eq!(search::posts(&mut node.store().reader(), &Query::parse("2am"), Some(sam), None, &Page::newest(9)).await.unwrap(), [night]);
    }

    async fn only_what_is_public_and_there_is_found(node: Node) {
        let (store, now) = (node.store(), node.clock.now());
        let (sam, gone) = (open(&node, "sam").await, node.stranger("gone", "b.example").await);
        for visibility in [Visibility::Unlisted, Visibility::Followers, Visibility::Direct, Visibility::Members] {
            indexed(&node, sam, "secret", |post| post.visibility = visibility).await;
        }
        let removed = indexed(&node, sam, "secret", |_| {}).await;
        indexed(&node, gone, "secret", |_| {}).await;
        let edited = indexed(&node, sam, "secret", |_| {}).await;
        let shown = indexed(&node, sam, "secret", |_| {}).await;
        let mut tx = store.begin().await.unwrap();
        alongside_store::measures::set_removed(&mut tx, removed, Some(now)).await.unwrap();
        actors::delete(&mut tx, gone, now).await.unwrap();
        search::index(&mut tx, edited, "<p>nothing to hide</p>").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(found(&node, "secret").await, [shown]);
        assert_eq!(found(&node, "hide").await, [edited]);
        let mut tx = store.begin().await.unwrap();
        search::remove(&mut tx, shown).await.unwrap();
        tx.commit().await.unwrap();
        assert!(found(&node, "secret").await.is_empty());
    }

    async fn a_word_without_end_breaks_nothing(node: Node) {
        let sam = open(&node, "sam").await;
        let long = "x".repeat(5_000);
        let post = indexed(&node, sam, &format!("{long} short"), |_| {}).await;
        assert_eq!(found(&node, "short").await, [post]);
        assert!(found(&node, &long).await.is_empty());
    }

    async fn people_are_found_by_the_beginning_of_their_names(node: Node) {
        let store = node.store();
        let (sam, samira) = (node.member("sam").await.actor(), node.member("samira").await.actor());
        let far = node.stranger("samantha", "b.example").await;
        let sleepers = node.community("sam_sleepers", Audience::Everyone).await.actor();
        let names = async |text: &str, asker, only_followed| {
            let people = search::actors(&mut store.reader(), text, asker, Narrowed { only_followed, only_communities: false }, 9, 0).await.unwrap();
            people.iter().map(|actor| actor.id).collect::<Vec<ActorId>>()
        };
        assert_eq!(names("SAM", None, false).await, [sam, sleepers, samira, far]);
        assert_eq!(names("sam_", None, false).await, [sleepers], "an underline is no wildcard");
        assert!(names("%", None, false).await.is_empty());
        node.follow(samira, far).await;
        assert_eq!(names("sam", Some(samira), false).await, [far, sam, sleepers, samira]);
        assert_eq!(names("sam", Some(samira), true).await, [far]);
        let second = search::actors(&mut store.reader(), "sam", None, Narrowed::default(), 1, 1).await.unwrap();
        assert_eq!(second.iter().map(|actor| actor.id).collect::<Vec<ActorId>>(), [sleepers]);

        let mut tx = store.begin().await.unwrap();
        blocks::add(&mut tx, 1, far, sam).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!names("sam", Some(sam), false).await.contains(&far), "who blocks somebody is not found by them");
    }

    async fn hashtags_are_counted_in_public_posts(node: Node) {
        let store = node.store();
        let (sam, ada) = (node.member("sam").await.actor(), node.member("ada").await.actor());
        node.post(sam, "#sleep and #sleepless").await;
        node.post(ada, "#Sleep").await;
        node.post_with(ada, "#sleeplessness", |post| post.visibility = Visibility::Members).await;
        let tags = search::tags(&mut store.reader(), "#Slee", 9, 0).await.unwrap();
        let tags: Vec<(&str, i64)> = tags.iter().map(|tag| (tag.tag.as_str(), tag.posts_count)).collect();
        assert_eq!(tags, [("sleep", 2), ("sleepless", 1)]);
        node.clock.advance_secs(86_400);
        node.post(sam, "#sleep again").await;
        let yesterday = node.clock.now().plus_secs(-86_400);
        let days = search::tag_days(&mut store.reader(), "sleep", yesterday).await.unwrap();
        let counts: Vec<(i64, i64)> = days.iter().map(|day| (day.posts_count, day.authors_count)).collect();
        assert_eq!((counts, days[1].day - days[0].day), (vec![(2, 2), (1, 1)], 1));
        let today = search::tag_days(&mut store.reader(), "sleep", node.clock.now()).await.unwrap();
        assert_eq!(today.len(), 1, "what is older is not counted");
    }
}
