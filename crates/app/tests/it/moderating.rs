//! Moderating a community: who may, what follows for those it is about, and who is told.

use alongside_app::arrivals::{self, Arrival};
use alongside_app::blocks;
use alongside_app::effects::Via;
use alongside_app::follows::{self, Wishes};
use alongside_app::moderation::{self, Error};
use alongside_app::posts::{self, Writing};
use alongside_app::reading;
use alongside_domain::account::Role;
use alongside_domain::actor::Actor;
use alongside_domain::clock::Clock as _;
use alongside_domain::community::Audience;
use alongside_domain::draft::{Draft, Typed};
use alongside_domain::id::{ActorId, CommunityId, InboxId, MemberId, PostId};
use alongside_domain::job::Job;
use alongside_domain::moderation::Measure;
use alongside_domain::notification::NotificationKind;
use alongside_domain::policy::Refusal;
use alongside_domain::post::{Post, Visibility};
use alongside_store::notifications::{self, Notice, Wanted};
use alongside_store::page::Page;
use alongside_store::{actors, audit, bans, communities, measures, pins, posts as stored};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

async fn actor(node: &Node, id: ActorId) -> Actor {
    actors::find(&mut node.app.reader(), id).await.unwrap().unwrap()
}

async fn take(node: &Node, by: ActorId, community: CommunityId, measure: Measure) -> Result<bool, Error> {
    let by = actor(node, by).await;
    moderation::take(&node.app, &by, community, measure, "no adverts", Via::Here).await
}

async fn stored(node: &Node, id: PostId) -> Post {
    stored::find(&mut node.app.reader(), id).await.unwrap().unwrap()
}

async fn answer(node: &Node, author: MemberId, parent: PostId) -> Result<Post, posts::Error> {
    let typed = Typed { text: "me too".to_owned(), reply_to: Some(parent), ..Typed::default() };
    let writing = Writing { author, application: None, idempotency_key: None };
    posts::publish(&node.app, &writing, &Draft::new(typed, 500).unwrap()).await
}

async fn write(node: &Node, author: MemberId, text: &str) -> Result<Post, posts::Error> {
    let typed = Typed { text: text.to_owned(), visibility: Some(Visibility::Public), ..Typed::default() };
    let writing = Writing { author, application: None, idempotency_key: None };
    posts::publish(&node.app, &writing, &Draft::new(typed, 500).unwrap()).await
}

fn reply_from_elsewhere(author: ActorId, parent: &Post) -> Arrival {
    Arrival {
        uri: format!("https://b.example/replies/{}", parent.id),
        url: "https://b.example/replies".to_owned(),
        author,
        community: None,
        context: None,
        reply_to_uri: Some(parent.uri.clone()),
        title: None,
        content: "<p>hello</p>".to_owned(),
        content_note: String::new(),
        sensitive: false,
        visibility: Visibility::Public,
        takes_answers: None,
        language: None,
        published_at: None,
        edited_at: None,
        mentions: Vec::new(),
        tags: Vec::new(),
        media: Vec::new(),
        poll: None,
    }
}

async fn told(node: &Node, member: MemberId) -> Vec<Notice> {
    let wanted = Wanted::of(&[NotificationKind::Measure]);
    let (reader, newest) = (&mut node.app.reader(), Page::newest(9));
    notifications::page(reader, member, &wanted, &newest, node.clock.now()).await.unwrap()
}

/// A community with somebody who looks after it, and a thread by one of its members.
struct World {
    sleep: CommunityId,
    steward: MemberId,
    sam: MemberId,
    thread: Post,
}

async fn world(node: &Node) -> World {
    let sleep = node.community("sleep", Audience::Everyone).await;
    let (steward, sam) = (node.member("steward").await, node.member("sam").await);
    node.appoint(sleep, steward.actor()).await;
    node.follow(sam.actor(), sleep.actor()).await;
    let thread = write(node, sam, "@sleep awake?").await.unwrap();
    assert_eq!(thread.community, Some(sleep));
    node.take_queued().await;
    World { sleep, steward, sam, thread }
}

both_engines! {
    async fn only_those_who_look_after_a_community_moderate_it(node: Node) {
        let World { sleep, steward, sam, thread } = world(&node).await;
        let other = node.community("grief", Audience::Everyone).await;
        let (neighbour, staff) = (node.member("neighbour").await, node.member_as("staff", Role::Moderator).await);
        node.appoint(other, neighbour.actor()).await;
        let (host_mate, far) = (node.stranger("mate", "b.example").await, node.stranger("far", "b.example").await);
        node.appoint(sleep, far).await;
        let measures = [Measure::Remove(thread.id), Measure::Lock(thread.id), Measure::Feature(thread.id),
            Measure::Appoint(neighbour.actor()), Measure::Ban { member: neighbour.actor(), until: None, removes_posts: true }];
        for measure in measures {
            for by in [sam.actor(), neighbour.actor(), host_mate, other.actor()] {
                let refused = take(&node, by, sleep, measure).await.unwrap_err();
                assert!(matches!(refused, Error::Refused(Refusal::Forbidden)), "{measure:?} {refused}");
            }
        }
        let elsewhere = take(&node, neighbour.actor(), other, Measure::Remove(thread.id)).await.unwrap_err();
        assert!(matches!(elsewhere, Error::Refused(Refusal::Hidden)), "not a post of hers: {elsewhere}");
        assert!(node.take_queued().await.is_empty());
        for by in [steward.actor(), staff.actor(), far, sleep.actor()] {
            assert!(take(&node, by, sleep, Measure::Lock(thread.id)).await.unwrap());
            assert!(!take(&node, by, sleep, Measure::Lock(thread.id)).await.unwrap(), "once");
            assert!(take(&node, by, sleep, Measure::Unlock(thread.id)).await.unwrap());
        }
        assert_eq!(node.take_queued().await.len(), 8, "nothing changed, nobody told");
        let lines = audit::after(&mut node.app.reader(), alongside_domain::id::AuditId::new(-1), 99).await.unwrap();
        let locks = lines.iter().filter(|line| line.verb == "community.lock").count();
        assert_eq!(locks, 4, "{lines:?}");
        assert!(lines.iter().all(|line| !line.detail.contains("adverts")), "no words in the trail");
    }

    async fn nobody_gets_out_of_reach_by_blocking_those_who_look_after_a_community(node: Node) {
        let World { sleep, steward, sam, thread } = world(&node).await;
        let block = async |target| blocks::block(&node.app, sam.actor(), target).await.unwrap();
        let ada = node.member("ada").await;
        block(steward.actor()).await;
        block(ada.actor()).await;
        let seen = async |viewer: MemberId| {
            reading::post(&mut node.app.reader(), Some(viewer.actor()), thread.id, node.app.now()).await.unwrap()
        };
        assert!(seen(steward).await.is_some() && seen(ada).await.is_none());
        assert!(take(&node, steward.actor(), sleep, Measure::Remove(thread.id)).await.unwrap());
    }

    async fn what_was_removed_is_not_shown_or_counted_and_comes_back(node: Node) {
        let World { sleep, steward, sam, thread } = world(&node).await;
        let reply = answer(&node, sam, thread.id).await.unwrap();
        let count = async |id| actor(&node, id).await.posts_count;
        let before = (count(sam.actor()).await, count(sleep.actor()).await);
        assert!(take(&node, steward.actor(), sleep, Measure::Remove(thread.id)).await.unwrap());
        assert!(take(&node, steward.actor(), sleep, Measure::Remove(reply.id)).await.unwrap());
        assert!(!stored(&node, thread.id).await.is_present());
        assert_eq!(stored(&node, thread.id).await.replies_count, 0);
        assert_eq!((count(sam.actor()).await, count(sleep.actor()).await), (before.0 - 2, before.1 - 1));
        let notices = told(&node, sam).await;
        assert_eq!(notices.len(), 2);
        assert_eq!(notices[0].from_id, sleep.actor(), "not by name");
        let first = measures::find(&mut node.app.reader(), notices[1].subject_id.into()).await.unwrap().unwrap();
        assert_eq!((first.measure, &*first.reason), (Measure::Remove(thread.id), "no adverts"));
        assert!(take(&node, steward.actor(), sleep, Measure::Restore(thread.id)).await.unwrap());
        assert_eq!((count(sam.actor()).await, count(sleep.actor()).await), (before.0 - 1, before.1));
        assert_eq!(told(&node, sam).await.len(), 1, "what was told is taken back");
        let jobs = node.take_queued().await;
        assert!(jobs.contains(&Job::Publish { post: thread.id }), "{jobs:?}");
        // What is removed is still its author's to delete, and is not counted twice.
        posts::delete(&node.app, sam.actor(), reply.id, Via::Here).await.unwrap();
        assert_eq!(count(sam.actor()).await, before.0 - 1);
        let gone = take(&node, steward.actor(), sleep, Measure::Restore(reply.id)).await;
        assert!(matches!(gone, Err(Error::Refused(Refusal::Hidden))), "deleted is deleted");
    }

    async fn a_closed_thread_takes_no_replies_through_any_door(node: Node) {
        let World { sleep, steward, sam, thread } = world(&node).await;
        let reply = answer(&node, sam, thread.id).await.unwrap();
        take(&node, steward.actor(), sleep, Measure::Lock(thread.id)).await.unwrap();
        for parent in [thread.id, reply.id] {
            let refused = answer(&node, sam, parent).await.unwrap_err();
            assert!(matches!(refused, posts::Error::Locked), "{refused}");
        }
        let far = node.stranger("far", "b.example").await;
        let arrival = reply_from_elsewhere(far, &thread);
        for via in [Via::Fetched, Via::Arrived(InboxId::new(1))] {
            assert!(matches!(arrivals::receive(&node.app, &arrival, via).await, Err(posts::Error::Locked)));
        }
        answer(&node, steward, thread.id).await.unwrap();
        take(&node, steward.actor(), sleep, Measure::Unlock(thread.id)).await.unwrap();
        answer(&node, sam, thread.id).await.unwrap();
        arrivals::receive(&node.app, &arrival, Via::Fetched).await.unwrap();
    }

    async fn who_was_sent_out_reads_on_and_is_told_why_they_cannot_write(node: Node) {
        let World { sleep, steward, sam, thread } = world(&node).await;
        let reply = answer(&node, sam, thread.id).await.unwrap();
        let until = Some(node.clock.now().plus_secs(86_400));
        let ban = Measure::Ban { member: sam.actor(), until, removes_posts: false };
        assert!(take(&node, steward.actor(), sleep, ban).await.unwrap());
        assert!(!take(&node, steward.actor(), sleep, ban).await.unwrap(), "once");
        let expected = "You were sent out of this community until 2026-11-24 (no adverts). \
            You can still read what is open there";
        for refused in [write(&node, sam, "@sleep again").await, answer(&node, sam, thread.id).await] {
            assert_eq!(refused.unwrap_err().to_string(), expected);
        }
        assert_eq!(told(&node, sam).await.len(), 1);
        let (reader, now) = (&mut node.app.reader(), node.clock.now());
        let seen = alongside_app::reading::post(reader, Some(sam.actor()), thread.id, now).await.unwrap();
        assert!(seen.is_some(), "they may read");
        let standing = communities::standing(&mut node.app.reader(), sleep, sam.actor(), node.clock.now()).await.unwrap();
        assert!(standing.banned && !standing.member);
        let rejoined = follows::follow(&node.app, sam.actor(), sleep.actor(), Wishes::default(), None).await;
        assert!(rejoined.is_err());
        assert!(stored(&node, reply.id).await.is_present());
        node.clock.advance_secs(86_401);
        write(&node, sam, "@sleep the day after").await.unwrap();
    }

    async fn a_ban_may_take_what_was_posted_and_is_lifted(node: Node) {
        let World { sleep, steward, sam, thread } = world(&node).await;
        let reply = answer(&node, sam, thread.id).await.unwrap();
        let elsewhere = write(&node, sam, "at home").await.unwrap();
        let ban = Measure::Ban { member: sam.actor(), until: None, removes_posts: true };
        take(&node, steward.actor(), sleep, ban).await.unwrap();
        for (post, is_there) in [(&thread, false), (&reply, false), (&elsewhere, true)] {
            assert_eq!(stored(&node, post.id).await.is_present(), is_there);
        }
        let banned = bans::page(&mut node.app.reader(), sleep, &Page::newest(9), node.clock.now()).await.unwrap();
        assert_eq!(banned.iter().map(|ban| ban.actor_id).collect::<Vec<_>>(), [sam.actor()]);
        assert!(take(&node, steward.actor(), sleep, Measure::Unban(sam.actor())).await.unwrap());
        assert!(!take(&node, steward.actor(), sleep, Measure::Unban(sam.actor())).await.unwrap());
        write(&node, sam, "@sleep back").await.unwrap();
        for wrong in [0, -1, 11 * 366 * 86_400] {
            let until = Some(node.clock.now().plus_secs(wrong));
            let ban = Measure::Ban { member: sam.actor(), until, removes_posts: false };
            assert!(matches!(take(&node, steward.actor(), sleep, ban).await, Err(Error::Until)), "{wrong}");
        }
    }

    async fn moderators_are_appointed_and_dismissed_in_the_order_they_came(node: Node) {
        let World { sleep, steward, sam, thread } = world(&node).await;
        let (first, second, group) = (steward.actor(), node.member("second").await.actor(), sleep.actor());
        node.clock.advance_secs(1);
        assert!(take(&node, first, sleep, Measure::Appoint(second)).await.unwrap());
        assert!(!take(&node, first, sleep, Measure::Appoint(second)).await.unwrap());
        let ban = |member| Measure::Ban { member, until: None, removes_posts: false };
        for measure in [Measure::Dismiss(first), ban(first), ban(second)] {
            let refused = take(&node, second, sleep, measure).await;
            assert!(matches!(refused, Err(Error::OutOfReach)), "{measure:?}");
        }
        take(&node, second, sleep, ban(sam.actor())).await.unwrap();
        let banned = take(&node, first, sleep, Measure::Appoint(sam.actor())).await;
        assert!(matches!(banned, Err(Error::Banned)));
        let program = take(&node, first, sleep, Measure::Appoint(group)).await;
        assert!(matches!(program, Err(Error::NotAPerson)));
        assert!(take(&node, first, sleep, Measure::Dismiss(second)).await.unwrap());
        let refused = take(&node, second, sleep, Measure::Lock(thread.id)).await.unwrap_err();
        assert!(matches!(refused, Error::Refused(Refusal::Forbidden)));
        assert!(take(&node, first, sleep, Measure::Dismiss(first)).await.unwrap(), "they may go by themselves");
        assert!(take(&node, group, sleep, Measure::Appoint(first)).await.unwrap(), "the operator");
    }

    async fn a_community_shows_a_few_threads_first(node: Node) {
        let World { sleep, steward, sam, thread } = world(&node).await;
        let reply = answer(&node, sam, thread.id).await.unwrap();
        let feature = async |post| take(&node, steward.actor(), sleep, Measure::Feature(post)).await;
        assert!(matches!(feature(reply.id).await, Err(Error::NotAThread)));
        assert!(feature(thread.id).await.unwrap());
        assert!(!feature(thread.id).await.unwrap());
        for _ in 1..20 {
            let post = node.post_with(sam.actor(), "more", |post| post.community = Some(sleep)).await;
            assert!(feature(post.id).await.unwrap());
        }
        let last = node.post_with(sam.actor(), "last", |post| post.community = Some(sleep)).await;
        assert!(matches!(feature(last.id).await, Err(Error::TooManyFeatured)));
        assert!(take(&node, steward.actor(), sleep, Measure::Unfeature(thread.id)).await.unwrap());
        assert!(feature(last.id).await.unwrap());
        assert_eq!(pins::of_actor(&mut node.app.reader(), sleep.actor()).await.unwrap().len(), 20);
    }

    async fn a_community_elsewhere_is_moderated_by_its_own(node: Node) {
        let abroad = node.community_elsewhere("quiet", "c.example").await;
        let ours = node.community("sleep", Audience::Everyone).await;
        let sam = node.member("sam").await;
        let (theirs, admin) = (node.stranger("theirs", "b.example").await, node.stranger("admin", "c.example").await);
        let mate = node.stranger("mate", "b.example").await;
        moderation::people::keep_stewards(&node.app, abroad, &[theirs, sam.actor()]).await.unwrap();
        moderation::people::keep_stewards(&node.app, ours, &[mate]).await.unwrap();
        let stewards = communities::stewards(&mut node.app.reader(), ours).await.unwrap();
        assert!(stewards.is_empty(), "nobody else says who looks after ours");
        let hers = node.post_with(mate, "hello", |post| {
            post.community = Some(abroad);
            post.local = false;
        }).await;
        for by in [mate, node.member_as("staff", Role::Admin).await.actor(), ours.actor()] {
            assert!(take(&node, by, abroad, Measure::Lock(hers.id)).await.is_err());
        }
        node.take_queued().await;
        for by in [theirs, admin, abroad.actor()] {
            assert!(take(&node, by, abroad, Measure::Lock(hers.id)).await.unwrap());
            assert!(take(&node, by, abroad, Measure::Unlock(hers.id)).await.unwrap());
        }
        assert!(node.take_queued().await.is_empty(), "theirs to tell");
        assert!(take(&node, sam.actor(), abroad, Measure::Lock(hers.id)).await.unwrap());
        assert!(matches!(node.take_queued().await[..], [Job::Moderate { inbox: None, .. }]), "ours to tell");
        // What came late was let in where the community lives.
        let reply = reply_from_elsewhere(mate, &hers);
        assert!(arrivals::receive(&node.app, &reply, Via::Fetched).await.is_ok());
        // Who waits there to be let in is not for our moderator of it to know or decide.
        let ann = node.member("ann").await;
        follows::follow(&node.app, ann.actor(), abroad.actor(), Wishes::default(), None).await.unwrap();
        let decided = follows::accept(&node.app, sam.actor(), ann.actor(), abroad.actor()).await;
        assert!(decided.is_err());
        let page = alongside_store::requests::page(&mut node.app.reader(), sam.actor(), &Page::newest(9)).await.unwrap();
        assert!(page.is_empty());
        // Nobody hears from a community they never had to do with, and nothing of it is kept but that they are out.
        let ban = |member| Measure::Ban { member, until: None, removes_posts: false };
        for (written, notices) in [(false, 0), (true, 1)] {
            if written {
                node.post_with(ann.actor(), "there", |post| post.community = Some(abroad)).await;
                take(&node, admin, abroad, Measure::Unban(ann.actor())).await.unwrap();
            }
            assert!(take(&node, admin, abroad, ban(ann.actor())).await.unwrap());
            assert_eq!(told(&node, ann).await.len(), notices);
        }
        moderation::people::keep_stewards(&node.app, abroad, &[]).await.unwrap();
        assert!(take(&node, theirs, abroad, Measure::Unlock(hers.id)).await.is_err());
    }
}
