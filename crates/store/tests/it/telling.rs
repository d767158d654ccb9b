//! Notifications, conversations and reports.

use alongside_domain::clock::Clock as _;
use alongside_domain::id::{ActorId, ConversationId, MemberId, NotificationId, PostId, ReportId};
use alongside_domain::notification::NotificationKind;
use alongside_domain::post::Visibility;
use alongside_domain::report::{Report, ReportCategory};
use alongside_store::mutes::Mute;
use alongside_store::notifications::{self, Notice, Wanted};
use alongside_store::page::Page;
use alongside_store::{actors, blocks, conversations, host_blocks, mutes, reports};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

const ALL: &[NotificationKind] = NotificationKind::ALL;

async fn tell(node: &Node, to: MemberId, kind: NotificationKind, from: ActorId, post: Option<PostId>) {
    let notice = Notice {
        id: node.app.next_id(),
        member_id: to,
        kind,
        from_id: from,
        post_id: post,
        subject_id: post.map_or(from.get(), PostId::get),
        at: node.clock.now(),
        apart: false,
    };
    let mut tx = node.store().begin().await.unwrap();
    notifications::insert(&mut tx, &notice).await.unwrap();
    tx.commit().await.unwrap();
}

async fn told(
    node: &Node,
    member: MemberId,
    kinds: &[NotificationKind],
    page: Page,
) -> Vec<(NotificationKind, ActorId)> {
    let (wanted, now) = (Wanted::of(kinds), node.clock.now());
    let notices = notifications::page(&mut node.store().reader(), member, &wanted, &page, now).await.unwrap();
    notices.iter().map(|notice| (notice.kind, notice.from_id)).collect()
}

both_engines! {
    async fn nobody_is_told_twice(node: Node) {
        let (sam, ada) = (node.member("sam").await, node.member("ada").await.actor());
        let post = node.post(sam.actor(), "hello").await.id;
        tell(&node, sam, NotificationKind::Favourite, ada, Some(post)).await;
        tell(&node, sam, NotificationKind::Favourite, ada, Some(post)).await;
        tell(&node, sam, NotificationKind::Follow, ada, None).await;
        let newest = Page::newest(9);
        assert_eq!(
            told(&node, sam, ALL, newest).await,
            [(NotificationKind::Follow, ada), (NotificationKind::Favourite, ada)]
        );
        assert_eq!(told(&node, sam, &[NotificationKind::Favourite], newest).await, [(NotificationKind::Favourite, ada)]);
        assert_eq!(told(&node, sam, &[NotificationKind::FollowRequest], newest).await, []);
        assert_eq!(
            told(&node, sam, ALL, Page { min_id: Some(0), ..Page::newest(1) }).await,
            [(NotificationKind::Favourite, ada)]
        );
        let mut tx = node.store().begin().await.unwrap();
        notifications::retract(&mut tx, NotificationKind::Favourite, ada, post.get()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(told(&node, sam, ALL, newest).await, [(NotificationKind::Follow, ada)]);
    }

    async fn a_member_hears_nothing_of_those_they_keep_away(node: Node) {
        let (store, now) = (node.store(), node.clock.now());
        let sam = node.member("sam").await;
        let mut away = Vec::new();
        for name in ["blocked", "muted", "softly", "hosted", "gone"] {
            let actor = node.stranger(name, &format!("{name}.example")).await;
            tell(&node, sam, NotificationKind::Follow, actor, None).await;
            away.push(actor);
        }
        assert_eq!(told(&node, sam, ALL, Page::newest(9)).await.len(), 5);
        let mut tx = store.begin().await.unwrap();
        blocks::add(&mut tx, 1, sam.actor(), away[0]).await.unwrap();
        mutes::put(&mut tx, sam, &Mute { id: 1, target_id: away[1], notifications: true, expires_at: None }).await.unwrap();
        mutes::put(&mut tx, sam, &Mute { id: 2, target_id: away[2], notifications: false, expires_at: None }).await.unwrap();
        host_blocks::add(&mut tx, sam, "hosted.example").await.unwrap();
        actors::delete(&mut tx, away[4], now).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(told(&node, sam, ALL, Page::newest(9)).await, [(NotificationKind::Follow, away[2])]);
    }

    async fn nothing_is_told_of_posts_that_are_gone_or_threads_that_are_muted(node: Node) {
        let store = node.store();
        let (sam, ada) = (node.member("sam").await, node.member("ada").await.actor());
        let (kept, gone, muted) = (node.post(ada, "1").await, node.post(ada, "2").await, node.post(ada, "3").await);
        for post in [&kept, &gone, &muted] {
            tell(&node, sam, NotificationKind::Mention, ada, Some(post.id)).await;
        }
        let mut tx = store.begin().await.unwrap();
        alongside_store::measures::set_removed(&mut tx, gone.id, Some(node.clock.now())).await.unwrap();
        mutes::add_thread(&mut tx, sam, muted.root).await.unwrap();
        tx.commit().await.unwrap();
        let notices = notifications::page(&mut store.reader(), sam, &Wanted::of(ALL), &Page::newest(9), node.clock.now()).await.unwrap();
        assert_eq!(notices.iter().map(|notice| notice.post_id).collect::<Vec<_>>(), [Some(kept.id)]);
    }

    async fn notifications_are_dismissed_by_their_member_alone(node: Node) {
        let (store, now) = (node.store(), node.clock.now());
        let (sam, other) = (node.member("sam").await, node.member("other").await);
        let (ada, bo) = (node.member("ada").await.actor(), node.member("bo").await.actor());
        for from in [ada, bo] {
            tell(&node, sam, NotificationKind::Follow, from, None).await;
        }
        let notices = notifications::page(&mut store.reader(), sam, &Wanted::of(ALL), &Page::newest(9), now).await.unwrap();
        assert_eq!(notices.iter().map(|notice| notice.from_id).collect::<Vec<_>>(), [bo, ada]);
        let id: NotificationId = notices[0].id;
        assert!(notifications::find(&mut store.reader(), other, id).await.unwrap().is_none());
        assert_eq!(notifications::find(&mut store.reader(), sam, id).await.unwrap().unwrap().from_id, bo);
        let mut tx = store.begin().await.unwrap();
        assert!(!notifications::dismiss(&mut tx, other, id).await.unwrap());
        assert!(notifications::dismiss(&mut tx, sam, id).await.unwrap());
        notifications::clear_from(&mut tx, sam, bo).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(told(&node, sam, ALL, Page::newest(9)).await, [(NotificationKind::Follow, ada)]);
        let mut tx = store.begin().await.unwrap();
        notifications::clear(&mut tx, sam).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(told(&node, sam, ALL, Page::newest(9)).await, []);
    }

    async fn a_conversation_is_each_members_own(node: Node) {
        let store = node.store();
        let (sam, ada) = (node.member("sam").await, node.member("ada").await);
        let far = node.stranger("far", "b.example").await;
        let named = [ada.actor(), far];
        let direct = |post: &mut alongside_domain::post::Post| post.visibility = Visibility::Direct;
        let first = node.post_naming(sam.actor(), "psst", &named, direct).await;
        let arrive = async |post: &alongside_domain::post::Post, named: &[ActorId]| {
            let mut tx = store.begin().await.unwrap();
            conversations::post_arrived(&mut tx, node.app.ids(), node.clock.now(), post, named).await.unwrap();
            tx.commit().await.unwrap();
        };
        arrive(&first, &named).await;
        let of = async |member| conversations::page(&mut store.reader(), member, &Page::newest(9)).await.unwrap();
        let (mine, hers) = (of(sam).await, of(ada).await);
        assert_eq!((mine.len(), hers.len()), (1, 1));
        assert!(!mine[0].unread && hers[0].unread && mine[0].id != hers[0].id);

        let answer = node
            .post_naming(ada.actor(), "yes?", &[sam.actor()], |post| {
                post.visibility = Visibility::Direct;
                post.root = first.id;
            })
            .await;
        arrive(&answer, &[sam.actor()]).await;
        arrive(&first, &named).await;
        let mine = of(sam).await;
        assert_eq!((mine.len(), mine[0].last_post_id, mine[0].unread), (1, answer.id, true), "the newest stays last");

        let people = conversations::participants(&mut store.reader(), sam, &[first.id, answer.id]).await.unwrap();
        let people: Vec<(PostId, ActorId)> = people.iter().map(|person| (person.post_id, person.actor_id)).collect();
        assert_eq!(people, [(first.id, ada.actor()), (first.id, far), (answer.id, ada.actor())]);

        let id: ConversationId = mine[0].id;
        let mut tx = store.begin().await.unwrap();
        assert!(!conversations::mark(&mut tx, ada, id, false).await.unwrap());
        assert!(conversations::mark(&mut tx, sam, id, false).await.unwrap());
        assert!(!conversations::find(&mut tx, sam, id).await.unwrap().unwrap().unread);
        assert!(conversations::find(&mut tx, ada, id).await.unwrap().is_none());
        assert!(!conversations::remove(&mut tx, ada, id).await.unwrap());
        assert!(conversations::remove(&mut tx, sam, id).await.unwrap());
        tx.commit().await.unwrap();
        assert!(of(sam).await.is_empty());
        let up = Page { min_id: Some(0), ..Page::newest(9) };
        assert_eq!(conversations::page(&mut store.reader(), ada, &up).await.unwrap().len(), 1);
    }

    async fn a_report_reads_back_with_its_posts(node: Node) {
        let store = node.store();
        let (sam, ada) = (node.member("sam").await.actor(), node.stranger("ada", "b.example").await);
        let (one, two) = (node.post(ada, "one").await.id, node.post(ada, "two").await.id);
        let report = Report {
            id: ReportId::new(5),
            reporter: sam,
            target: ada,
            community: None,
            category: ReportCategory::Other,
            comment: "I am worried".to_owned(),
            rules: vec!["1".to_owned()],
            posts: vec![one, two],
            uri: Some("https://b.example/flags/1".to_owned()),
            forwarded: true,
            at: node.clock.now(),
            closed_at: None,
            closed_by: None,
            assigned: None,
            updated_at: node.clock.now(),
        };
        let mut tx = store.begin().await.unwrap();
        assert!(reports::insert(&mut tx, &report).await.unwrap());
        let again = Report { id: ReportId::new(6), ..report.clone() };
        assert!(!reports::insert(&mut tx, &again).await.unwrap(), "the same one is taken once");
        let without_posts = Report { id: ReportId::new(7), uri: None, posts: Vec::new(), ..report.clone() };
        assert!(reports::insert(&mut tx, &without_posts).await.unwrap());
        tx.commit().await.unwrap();
        let reader = &mut store.reader();
        assert_eq!(reports::find(reader, report.id).await.unwrap(), Some(report.clone()));
        assert_eq!(reports::find(reader, again.id).await.unwrap(), None);
        let open = reports::Wanted::default();
        assert_eq!(reports::page(reader, &open, &Page::newest(9)).await.unwrap(), [without_posts, report.clone()]);
        assert!(reports::any_open(reader, ada).await.unwrap());
        let dealt_with = Report {
            category: ReportCategory::Violation,
            rules: vec!["2".to_owned()],
            assigned: Some(sam),
            closed_at: Some(node.clock.now()),
            closed_by: Some(sam),
            updated_at: node.clock.now().plus_secs(1),
            ..report
        };
        let mut tx = store.begin().await.unwrap();
        reports::revise(&mut tx, &dealt_with).await.unwrap();
        tx.commit().await.unwrap();
        let up = Page { min_id: Some(0), ..Page::newest(9) };
        let closed = reports::Wanted { closed: true, ..open };
        for (wanted, found) in [
            (closed, vec![dealt_with.clone()]),
            (reports::Wanted { reporter: Some(sam), target: Some(ada), ..closed }, vec![dealt_with]),
            (reports::Wanted { reporter: Some(ada), ..closed }, Vec::new()),
            (reports::Wanted { target: Some(sam), ..closed }, Vec::new()),
        ] {
            assert_eq!(reports::page(&mut store.reader(), &wanted, &up).await.unwrap(), found);
        }
    }
}
