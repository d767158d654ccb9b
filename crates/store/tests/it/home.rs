//! Timelines: what is left out does not hide what is there.

use alongside_domain::clock::Clock as _;
use alongside_domain::id::{ActorId, EntryId, ListId};
use alongside_domain::list::{List, RepliesPolicy};
use alongside_domain::post::{Post, Visibility};
use alongside_store::entries::{self, Entry, PublicWanted, Written};
use alongside_store::page::Page;
use alongside_store::{follows, home, lists};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

const PAGE: i64 = 20;

/// Writes a post's line in the timeline of its author, changed before.
async fn line(node: &Node, post: &Post, change: impl FnOnce(&mut Entry)) -> EntryId {
    let mut line = Entry {
        id: EntryId::new(post.id.get()),
        actor_id: post.author,
        post_id: post.id,
        boost: false,
        by_community: false,
        community_reply: false,
        reply_to_author_id: post.reply_to_author,
        visibility: post.visibility,
        uri: post.uri.clone(),
        at: post.published_at,
    };
    change(&mut line);
    let mut tx = node.store().begin().await.unwrap();
    assert!(entries::insert(&mut tx, &line).await.unwrap());
    tx.commit().await.unwrap();
    line.id
}

/// Sixty lines of an author that are not for the home of a member who follows them: replies to a stranger,
/// and what is for the members of a community.
async fn noise(node: &Node, author: ActorId, stranger: ActorId) {
    for nth in 0..60 {
        let post = node.post(author, "so").await;
        let change = |line: &mut Entry| match nth % 2 {
            0 => line.reply_to_author_id = Some(stranger),
            _ => line.visibility = Visibility::Members,
        };
        line(node, &post, change).await;
    }
}

both_engines! {
    async fn what_is_public_is_told_apart_by_where_it_was_written(node: Node) {
        let ada = node.member("ada").await.actor();
        let bob = node.stranger("bob", "b.example").await;
        let here = node.post(ada, "here #tea").await.id;
        let elsewhere = node.post_with(bob, "elsewhere #tea", |post| post.local = false).await.id;
        node.post_with(ada, "for some #tea", |post| post.visibility = Visibility::Followers).await;
        let (newest, upward) = (Page::newest(PAGE), Page { min_id: Some(0), ..Page::newest(PAGE) });
        for (local, remote, expected) in [
            (true, false, vec![here]),
            (false, true, vec![elsewhere]),
            (false, false, vec![elsewhere, here]),
            (true, true, vec![elsewhere, here]),
        ] {
            for (tag, page) in [(None, newest), (None, upward), (Some("tea"), newest), (Some("tea"), upward)] {
                let written = Written::asked(local, remote);
                let wanted = PublicWanted { written, tag: tag.map(str::to_owned), ..PublicWanted::default() };
                assert_eq!(entries::public(&mut node.app.reader(), &wanted, &page).await.unwrap(), expected);
            }
        }
        let pictures = PublicWanted { written: Written::Here, only_media: true, ..PublicWanted::default() };
        assert!(entries::public(&mut node.app.reader(), &pictures, &newest).await.unwrap().is_empty());
    }

    async fn replies_to_strangers_do_not_hide_what_is_above_and_below_them(node: Node) {
        let (sam, ada) = (node.member("sam").await.actor(), node.member("ada").await.actor());
        let stranger = node.stranger("bob", "b.example").await;
        node.follow(sam, ada).await;
        let oldest = line(&node, &node.post(ada, "first").await, |_| {}).await;
        noise(&node, ada, stranger).await;
        let newest = line(&node, &node.post(ada, "last").await, |_| {}).await;
        let read = async |page: Page| home::timeline(&mut node.app.reader(), sam, node.clock.now(), &page).await.unwrap();

        assert_eq!(read(Page::newest(PAGE)).await, [newest, oldest]);
        let older = Page { max_id: Some(newest.get()), ..Page::newest(PAGE) };
        assert_eq!(read(older).await, [oldest]);
        let newer = Page { min_id: Some(oldest.get()), ..Page::newest(PAGE) };
        assert_eq!(read(newer).await, [newest]);
    }

    async fn boosts_one_does_not_want_hide_nothing(node: Node) {
        let (sam, ada) = (node.member("sam").await.actor(), node.member("ada").await.actor());
        let mut tx = node.store().begin().await.unwrap();
        alongside_store::follows::put(&mut tx, &alongside_store::follows::Follow {
            id: node.app.next_id(),
            follower_id: sam,
            target_id: ada,
            accepted: true,
            uri: "https://a.example/follow".to_owned(),
            show_boosts: false,
            notify: false,
            at: node.clock.now(),
        }).await.unwrap();
        tx.commit().await.unwrap();
        let own = line(&node, &node.post(ada, "own").await, |_| {}).await;
        let stranger = node.stranger("bob", "b.example").await;
        for _ in 0..60 {
            let post = node.post(stranger, "boosted").await;
            line(&node, &post, |line| (line.actor_id, line.boost) = (ada, true)).await;
        }
        let home = home::timeline(&mut node.app.reader(), sam, node.clock.now(), &Page::newest(PAGE)).await.unwrap();
        assert_eq!(home, [own]);
    }

    async fn languages_one_does_not_read_somebody_in_hide_nothing(node: Node) {
        let (sam, ada) = (node.member("sam").await.actor(), node.member("ada").await.actor());
        let bob = node.member("bob").await.actor();
        node.follow(sam, ada).await;
        node.follow(sam, bob).await;
        let follow = follows::between(&mut node.app.reader(), sam, ada).await.unwrap().unwrap();
        let mut tx = node.store().begin().await.unwrap();
        follows::read_in(&mut tx, follow.id, &["cy".to_owned(), "en".to_owned()]).await.unwrap();
        tx.commit().await.unwrap();
        let says = async |author, language: Option<&str>| {
            node.post_with(author, "so", |post| post.language = language.map(str::to_owned)).await
        };
        let english = line(&node, &says(ada, Some("EN")).await, |_| {}).await;
        let unsaid = line(&node, &says(ada, None).await, |_| {}).await;
        let german = says(ada, Some("de")).await;
        line(&node, &german, |_| {}).await;
        let boost_id = node.app.next_id();
        let boost = line(&node, &german, |line| {
            (line.id, line.actor_id, line.boost, line.uri) = (boost_id, bob, true, "https://a.example/boost".to_owned());
        }).await;
        let other = line(&node, &says(bob, Some("de")).await, |_| {}).await;
        for _ in 0..90 {
            line(&node, &says(ada, Some("de")).await, |_| {}).await;
        }
        let read = async |page: Page| home::timeline(&mut node.app.reader(), sam, node.clock.now(), &page).await.unwrap();
        let all = [other, boost, unsaid, english];
        assert_eq!(read(Page::newest(PAGE)).await, all);
        assert_eq!(read(Page { min_id: Some(0), ..Page::newest(PAGE) }).await, all);
    }

    async fn who_is_on_an_exclusive_list_is_not_at_home_but_what_others_boost_of_them_is(node: Node) {
        let (member, ada) = (node.member("sam").await, node.member("ada").await.actor());
        let (sam, bob) = (member.actor(), node.member("bob").await.actor());
        node.follow(sam, ada).await;
        node.follow(sam, bob).await;
        let read = async || home::timeline(&mut node.app.reader(), sam, node.clock.now(), &Page::newest(PAGE)).await.unwrap();
        let alone = line(&node, &node.post(ada, "alone").await, |_| {}).await;
        let boosted = node.post(ada, "boosted").await;
        let told = line(&node, &boosted, |_| {}).await;
        let boost_id = node.app.next_id();
        let boost = line(&node, &boosted, |line| {
            (line.id, line.actor_id, line.boost, line.uri) = (boost_id, bob, true, "https://a.example/boost".to_owned());
        }).await;
        assert_eq!(read().await, [told, alone]);

        let id: ListId = node.app.next_id();
        let mut list = List { id, title: "Night".to_owned(), replies_policy: RepliesPolicy::List, exclusive: true };
        let mut tx = node.store().begin().await.unwrap();
        lists::put(&mut tx, member, &list).await.unwrap();
        lists::add(&mut tx, id, ada).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(read().await, [boost]);

        list.exclusive = false;
        let mut tx = node.store().begin().await.unwrap();
        lists::put(&mut tx, member, &list).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(read().await, [told, alone]);
    }
}
