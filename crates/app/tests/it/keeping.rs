//! What members keep for themselves: bookmarks, pins, markers, hashtags, filters, lists.

use alongside_app::filters::{Changes, End, KeywordChange};
use alongside_app::follows::Wishes;
use alongside_app::lists::Wanted;
use alongside_app::own::TagError;
use alongside_app::{bookmarks, filters, follows, lists, own, pins};
use alongside_domain::clock::Clock as _;
use alongside_domain::filter::{FilterAction, FilterContext};
use alongside_domain::id::NotificationId;
use alongside_domain::limits::PINS_MAX;
use alongside_domain::list::RepliesPolicy;
use alongside_domain::marker::Timeline;
use alongside_domain::notification::NotificationKind;
use alongside_domain::post::Visibility;
use alongside_store::notifications::Notice;
use alongside_store::page::Page;
use alongside_store::{
    bookmarks as kept, conversations, filters as stored, marks, members, notifications, pins as pinned,
    tag_follows,
};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

fn about(title: &str) -> Changes {
    Changes {
        title: Some(title.to_owned()),
        contexts: Some(vec![FilterContext::Home]),
        keywords: vec![KeywordChange::Add { keyword: " diet ".to_owned(), whole_word: true }],
        ..Changes::default()
    }
}

fn named(title: &str) -> Wanted {
    Wanted { title: title.to_owned(), replies_policy: RepliesPolicy::List, exclusive: false }
}

both_engines! {
    async fn one_keeps_only_what_one_may_read(node: Node) {
        let (sam, ada) = (node.member("sam").await, node.member("ada").await);
        let open = node.post(ada.actor(), "hello").await;
        let secret = node.post_with(ada.actor(), "psst", |post| post.visibility = Visibility::Direct).await;
        assert_eq!(bookmarks::add(&node.app, sam, open.id).await.unwrap().id, open.id);
        assert!(matches!(bookmarks::add(&node.app, sam, secret.id).await, Err(bookmarks::Error::Refused(_))));
        let page = kept::page(&mut node.app.reader(), sam, &Page::newest(9)).await.unwrap();
        assert_eq!(page.iter().map(|row| row.post_id).collect::<Vec<_>>(), [open.id]);
        bookmarks::remove(&node.app, sam, open.id).await.unwrap();
        assert!(kept::page(&mut node.app.reader(), sam, &Page::newest(9)).await.unwrap().is_empty());
        bookmarks::mute_thread(&node.app, sam, open.id).await.unwrap();
        assert!(marks::of(&mut node.app.reader(), sam.actor(), &[open.id]).await.unwrap()[0].muted);
        bookmarks::unmute_thread(&node.app, sam, open.id).await.unwrap();
        assert!(!marks::of(&mut node.app.reader(), sam.actor(), &[open.id]).await.unwrap()[0].muted);
    }

    async fn one_pins_a_few_of_ones_own_posts(node: Node) {
        let (sam, ada) = (node.member("sam").await, node.member("ada").await);
        let others = node.post(ada.actor(), "hers").await;
        let narrow = node.post_with(sam.actor(), "one", |post| post.visibility = Visibility::Direct).await;
        let followers = node.post_with(sam.actor(), "few", |post| post.visibility = Visibility::Followers).await;
        assert!(matches!(pins::pin(&node.app, sam, others.id).await, Err(pins::Error::NotYours)));
        assert!(matches!(pins::pin(&node.app, sam, narrow.id).await, Err(pins::Error::TooNarrow)));
        assert!(matches!(pins::pin(&node.app, ada, narrow.id).await, Err(pins::Error::Refused(_))));
        pins::pin(&node.app, sam, followers.id).await.unwrap();
        pins::unpin(&node.app, sam, followers.id).await.unwrap();
        let mut mine = Vec::new();
        for _ in 0..=PINS_MAX {
            mine.push(node.post(sam.actor(), "mine").await.id);
        }
        for id in &mine[1..] {
            pins::pin(&node.app, sam, *id).await.unwrap();
        }
        assert!(matches!(pins::pin(&node.app, sam, mine[0]).await, Err(pins::Error::TooMany)));
        pins::pin(&node.app, sam, mine[1]).await.unwrap();
        pins::unpin(&node.app, sam, mine[1]).await.unwrap();
        pins::pin(&node.app, sam, mine[0]).await.unwrap();
        assert_eq!(pinned::of_actor(&mut node.app.reader(), sam.actor()).await.unwrap().len(), PINS_MAX);
    }

    async fn reading_notifications_moves_their_mark(node: Node) {
        let sam = node.member("sam").await;
        let kept = own::mark(&node.app, sam, &[(Timeline::Home, 4), (Timeline::Notifications, 9)]).await.unwrap();
        assert_eq!(kept.iter().map(|marker| marker.last_read_id).collect::<Vec<i64>>(), [4, 9]);
        assert_eq!(members::find(&mut node.app.reader(), sam).await.unwrap().unwrap().notifications_read_id, 9);
        assert!(!own::dismiss(&node.app, sam, NotificationId::new(404)).await.unwrap());
        own::clear_notifications(&node.app, sam).await.unwrap();
    }

    async fn a_mark_is_where_it_was_meant_though_a_browser_rounded_it(node: Node) {
        let (sam, ada) = (node.member("sam").await, node.member("ada").await);
        let rounded = node.app.next_id::<NotificationId>().get() & !15;
        let id = NotificationId::new(rounded + 5);
        let notice = Notice {
            id,
            member_id: sam,
            kind: NotificationKind::Follow,
            from_id: ada.actor(),
            post_id: None,
            subject_id: 1,
            at: node.app.now(),
            apart: false,
        };
        let mut tx = node.store().begin().await.unwrap();
        notifications::insert(&mut tx, &notice).await.unwrap();
        tx.commit().await.unwrap();
        // A browser holds the first of these, and writes it with the fewest digits that mean it: as one of the others.
        for said in [rounded, rounded + 4, rounded - 4, id.get()] {
            let kept = own::mark(&node.app, sam, &[(Timeline::Notifications, said)]).await.unwrap();
            assert_eq!(kept[0].last_read_id, id.get(), "{said} is {id}");
            let read = members::find(&mut node.app.reader(), sam).await.unwrap().unwrap().notifications_read_id;
            assert_eq!(read, id.get());
        }
        let kept = own::mark(&node.app, sam, &[(Timeline::Notifications, rounded + 32)]).await.unwrap();
        assert_eq!(kept[0].last_read_id, rounded + 32, "that is another place");
    }

    async fn a_conversation_is_read_and_put_away_by_its_member_alone(node: Node) {
        let (sam, ada) = (node.member("sam").await, node.member("ada").await);
        let direct = node.post_with(ada.actor(), "psst", |post| post.visibility = Visibility::Direct).await;
        let mut tx = node.store().begin().await.unwrap();
        let (ids, now) = (node.app.ids(), node.clock.now());
        conversations::post_arrived(&mut tx, ids, now, &direct, &[sam.actor()]).await.unwrap();
        tx.commit().await.unwrap();
        let mine = conversations::page(&mut node.app.reader(), sam, &Page::newest(9)).await.unwrap().remove(0);
        assert!(own::mark_conversation(&node.app, ada, mine.id, false).await.unwrap().is_none());
        assert!(!own::mark_conversation(&node.app, sam, mine.id, false).await.unwrap().unwrap().unread);
        assert!(!own::remove_conversation(&node.app, ada, mine.id).await.unwrap());
        assert!(own::remove_conversation(&node.app, sam, mine.id).await.unwrap());
        assert!(conversations::page(&mut node.app.reader(), sam, &Page::newest(9)).await.unwrap().is_empty());
    }

    async fn a_hashtag_is_followed_in_one_spelling(node: Node) {
        let sam = node.member("sam").await;
        assert_eq!(own::follow_tag(&node.app, sam, "#Sommeil_ÉTÉ").await.unwrap(), "sommeil_été");
        for wrong in ["", "#", "two words", "123", "a-b"] {
            assert!(matches!(own::follow_tag(&node.app, sam, wrong).await, Err(TagError::Tag)), "{wrong:?}");
        }
        own::unfollow_tag(&node.app, sam, "SOMMEIL_été").await.unwrap();
        assert!(tag_follows::after(&mut node.app.reader(), sam, "", 9).await.unwrap().is_empty());
    }

    async fn a_filter_is_changed_piece_by_piece(node: Node) {
        let (sam, other) = (node.member("sam").await, node.member("other").await);
        let filter = filters::create(&node.app, sam, about("pacing")).await.unwrap();
        assert_eq!((filter.action, filter.keywords[0].keyword.as_str()), (FilterAction::Warn, "diet"));
        let keyword = filter.keywords[0].id;
        let changes = Changes {
            action: Some(FilterAction::Hide),
            end: Some(End::At(node.clock.now())),
            keywords: vec![
                KeywordChange::Change { id: keyword, keyword: None, whole_word: Some(false) },
                KeywordChange::Add { keyword: "fasting".to_owned(), whole_word: false },
            ],
            ..Changes::default()
        };
        let changed = filters::update(&node.app, sam, filter.id, changes).await.unwrap();
        assert_eq!(stored::find(&mut node.app.reader(), sam, filter.id).await.unwrap(), Some(changed.clone()));
        assert_eq!((changed.title.as_str(), changed.action, changed.keywords.len()), ("pacing", FilterAction::Hide, 2));
        assert!(!changed.keywords[0].whole_word);
        let removed = filters::change_keyword(&node.app, sam, keyword, KeywordChange::Remove { id: keyword }).await.unwrap();
        assert_eq!(removed.keywords.iter().map(|it| it.keyword.as_str()).collect::<Vec<_>>(), ["fasting"]);

        let theirs = filters::update(&node.app, other, filter.id, Changes::default()).await;
        assert!(matches!(theirs, Err(filters::Error::NotFound)));
        assert!(matches!(filters::remove(&node.app, other, filter.id).await, Err(filters::Error::NotFound)));
        filters::remove(&node.app, sam, filter.id).await.unwrap();
        assert!(stored::of_member(&mut node.app.reader(), sam).await.unwrap().is_empty());
    }

    async fn a_filter_says_what_and_where(node: Node) {
        let sam = node.member("sam").await;
        assert!(matches!(filters::create(&node.app, sam, about(" ")).await, Err(filters::Error::Title)));
        let nowhere = Changes { contexts: Some(Vec::new()), ..about("x") };
        assert!(matches!(filters::create(&node.app, sam, nowhere).await, Err(filters::Error::Context)));
        let nothing = KeywordChange::Add { keyword: " ".to_owned(), whole_word: true };
        let nothing = Changes { keywords: vec![nothing], ..about("x") };
        assert!(matches!(filters::create(&node.app, sam, nothing).await, Err(filters::Error::Keyword)));
        assert!(stored::of_member(&mut node.app.reader(), sam).await.unwrap().is_empty(), "nothing half made");
    }

    async fn a_list_holds_those_one_follows(node: Node) {
        let (sam, ada) = (node.member("sam").await, node.stranger("ada", "b.example").await);
        let other = node.member("other").await;
        let list = lists::create(&node.app, sam, &named(" Friends ")).await.unwrap();
        assert_eq!(list.title, "Friends");
        assert!(matches!(lists::create(&node.app, sam, &named("")).await, Err(lists::Error::Title)));
        assert!(matches!(lists::add(&node.app, sam, list.id, &[ada]).await, Err(lists::Error::NotFound)));
        node.follow(sam.actor(), ada).await;
        lists::add(&node.app, sam, list.id, &[ada]).await.unwrap();
        assert!(matches!(lists::add(&node.app, sam, list.id, &[ada]).await, Err(lists::Error::Listed)));
        assert!(matches!(lists::add(&node.app, other, list.id, &[ada]).await, Err(lists::Error::NotFound)));
        let retitled = alongside_app::lists::Changes { title: Some("Close".to_owned()), ..Default::default() };
        let renamed = lists::update(&node.app, sam, list.id, retitled).await.unwrap();
        assert_eq!(renamed.title, "Close");
        let inside = alongside_store::lists::actors(&mut node.app.reader(), list.id, i64::MAX, 9).await.unwrap();
        assert_eq!(inside, [ada]);
        lists::take_out(&node.app, sam, list.id, &[ada]).await.unwrap();
        assert!(matches!(lists::remove(&node.app, other, list.id).await, Err(lists::Error::NotFound)));
        lists::remove(&node.app, sam, list.id).await.unwrap();
    }

    async fn whoever_is_asked_may_be_in_a_list_and_whoever_is_left_may_not(node: Node) {
        let (sam, ada) = (node.member("sam").await, node.stranger("ada", "b.example").await);
        let list = lists::create(&node.app, sam, &named("Friends")).await.unwrap();
        follows::follow(&node.app, sam.actor(), ada, Wishes::default(), None).await.unwrap();
        let asked = alongside_store::follows::between(&mut node.app.reader(), sam.actor(), ada).await.unwrap();
        assert!(!asked.unwrap().accepted);
        lists::add(&node.app, sam, list.id, &[ada]).await.unwrap();
        follows::unfollow(&node.app, sam.actor(), ada).await.unwrap();
        let inside = alongside_store::lists::actors(&mut node.app.reader(), list.id, i64::MAX, 9).await.unwrap();
        assert!(inside.is_empty());
    }
}
