//! Keeping others at a distance: blocks, mutes, hosts, notes.

use alongside_app::blocks::{self, Error};
use alongside_app::follows::{self, Wishes};
use alongside_domain::clock::Clock as _;
use alongside_domain::id::{ActorId, ListId, SeveranceId};
use alongside_domain::job::Job;
use alongside_domain::list::{List, RepliesPolicy};
use alongside_domain::notification::{NotificationKind, SeveranceKind};
use alongside_domain::policy::Refusal;
use alongside_store::notifications::{self, Wanted};
use alongside_store::page::Page;
use alongside_store::relationships::{self, Relationship};
use alongside_store::{actors, host_blocks, lists, severances};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

async fn between(node: &Node, one: ActorId, other: ActorId) -> Relationship {
    relationships::of(&mut node.app.reader(), one, &[other], node.clock.now()).await.unwrap().remove(0)
}

both_engines! {
    async fn a_block_ends_what_was_between_them_both_ways(node: Node) {
        let (sam, ada) = (node.member("sam").await, node.stranger("ada", "b.example").await);
        node.follow(sam.actor(), ada).await;
        node.follow(ada, sam.actor()).await;
        let list = List { id: ListId::new(1), title: "x".to_owned(), replies_policy: RepliesPolicy::List, exclusive: false };
        let mut tx = node.store().begin().await.unwrap();
        lists::put(&mut tx, sam, &list).await.unwrap();
        lists::add(&mut tx, list.id, ada).await.unwrap();
        tx.commit().await.unwrap();

        blocks::block(&node.app, sam.actor(), ada).await.unwrap();
        let mine = between(&node, sam.actor(), ada).await;
        assert!(mine.blocking && !mine.following && !mine.followed_by);
        assert!(lists::actors(&mut node.app.reader(), list.id, i64::MAX, 9).await.unwrap().is_empty());
        let sam_now = actors::find(&mut node.app.reader(), sam.actor()).await.unwrap().unwrap();
        assert_eq!((sam_now.followers_count, sam_now.following_count), (0, 0));
        let told = node.take_queued().await;
        assert!(told.iter().any(|job| matches!(job, Job::Reject { follower, .. } if *follower == ada)), "{told:?}");
        assert!(told.iter().any(|job| matches!(job, Job::Unfollow { target, .. } if *target == ada)), "{told:?}");

        blocks::block(&node.app, sam.actor(), ada).await.unwrap();
        assert!(node.take_queued().await.is_empty(), "a second time changes nothing");
        blocks::unblock(&node.app, sam.actor(), ada).await.unwrap();
        let mine = between(&node, sam.actor(), ada).await;
        assert!(!mine.blocking && !mine.following && !mine.followed_by);
    }

    async fn nobody_keeps_themselves_away(node: Node) {
        let sam = node.member("sam").await;
        let refused = blocks::block(&node.app, sam.actor(), sam.actor()).await.unwrap_err();
        assert!(matches!(refused, Error::Refused(Refusal::Forbidden)));
        let refused = blocks::mute(&node.app, sam, sam.actor(), true, None).await.unwrap_err();
        assert!(matches!(refused, Error::Refused(Refusal::Forbidden)));
        let refused = blocks::block(&node.app, sam.actor(), ActorId::new(404)).await.unwrap_err();
        assert!(matches!(refused, Error::Refused(Refusal::Hidden)));
    }

    async fn a_mute_may_be_for_a_while_and_leaves_follows_alone(node: Node) {
        let (sam, ada) = (node.member("sam").await, node.stranger("ada", "b.example").await);
        node.follow(sam.actor(), ada).await;
        blocks::mute(&node.app, sam, ada, true, Some(60)).await.unwrap();
        let mine = between(&node, sam.actor(), ada).await;
        assert!(mine.muting && mine.muting_notifications && mine.following);
        node.clock.advance_secs(60);
        assert!(!between(&node, sam.actor(), ada).await.muting);
        blocks::mute(&node.app, sam, ada, false, None).await.unwrap();
        node.clock.advance_secs(100_000);
        let mine = between(&node, sam.actor(), ada).await;
        assert!(mine.muting && !mine.muting_notifications);
        blocks::unmute(&node.app, sam, ada).await.unwrap();
        assert!(!between(&node, sam.actor(), ada).await.muting);
    }

    async fn a_note_is_short_and_ones_own(node: Node) {
        let (sam, ada) = (node.member("sam").await, node.member("ada").await);
        blocks::note(&node.app, sam, ada.actor(), " kind ").await.unwrap();
        assert_eq!(between(&node, sam.actor(), ada.actor()).await.note, "kind");
        assert_eq!(between(&node, ada.actor(), sam.actor()).await.note, "");
        let long = "x".repeat(2_001);
        let refused = blocks::note(&node.app, sam, ada.actor(), &long).await.unwrap_err();
        assert!(matches!(refused, Error::NoteTooLong));
    }

    async fn who_blocks_a_host_parts_from_all_who_live_there_and_learns_from_how_many(node: Node) {
        let sam = node.member("sam").await;
        let (ada, bo) = (node.stranger("ada", "b.example").await, node.stranger("bo", "b.example").await);
        let max = node.stranger("max", "good.example").await;
        for (follower, target) in [(sam.actor(), ada), (ada, sam.actor()), (bo, sam.actor()), (sam.actor(), max)] {
            node.follow(follower, target).await;
        }
        for _ in 0..2 {
            blocks::block_host(&node.app, sam, "b.example").await.unwrap();
        }
        let jobs = node.take_queued().await;
        let (left, sent_away) = (
            jobs.iter().filter(|job| matches!(job, Job::Unfollow { target, .. } if *target == ada)).count(),
            jobs.iter().filter(|job| matches!(job, Job::Reject { follower, .. } if [ada, bo].contains(follower))).count(),
        );
        assert_eq!((left, sent_away), (1, 2), "{jobs:?}");
        assert!(between(&node, sam.actor(), max).await.following);
        let mut reader = node.app.reader();
        let sam_now = actors::find(&mut reader, sam.actor()).await.unwrap().unwrap();
        assert_eq!((sam_now.followers_count, sam_now.following_count), (0, 1));
        let told = notifications::page(&mut reader, sam, &Wanted::of(NotificationKind::ALL), &Page::newest(9), node.clock.now()).await.unwrap();
        assert_eq!(told.iter().map(|told| told.kind).collect::<Vec<_>>(), [NotificationKind::Severed], "once");
        let lost = severances::find_all(&mut reader, &[SeveranceId::new(told[0].subject_id)]).await.unwrap().remove(0);
        assert_eq!((lost.kind, lost.host.as_str()), (SeveranceKind::Member, "b.example"));
        assert_eq!((lost.following, lost.followers), (1, 2));
        let again = follows::follow(&node.app, ada, sam.actor(), Wishes::default(), Some("https://b.example/f/1".to_owned())).await;
        assert!(matches!(again, Err(follows::Error::Refused(Refusal::Hidden))), "{again:?}");
    }

    async fn a_host_is_blocked_by_its_name(node: Node) {
        let sam = node.member("sam").await;
        blocks::block_host(&node.app, sam, "B.Example.").await.unwrap();
        for wrong in ["", "not a host", node.app.places().host()] {
            assert!(matches!(blocks::block_host(&node.app, sam, wrong).await, Err(Error::Host)), "{wrong:?}");
        }
        assert_eq!(host_blocks::after(&mut node.app.reader(), sam, "", 9).await.unwrap(), ["b.example"]);
        blocks::unblock_host(&node.app, sam, "b.EXAMPLE").await.unwrap();
        assert!(host_blocks::after(&mut node.app.reader(), sam, "", 9).await.unwrap().is_empty());
    }
}
