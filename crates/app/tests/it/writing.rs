//! Publishing, editing and deleting: who is counted, who may read, and which community it is for.

use alongside_app::acquaintances;
use alongside_app::effects::Via;
use alongside_app::follows::{self, Wishes};
use alongside_app::posts::{self, Error, Writing};
use alongside_app::profiles::{self, Changes};
use alongside_app::reading;
use alongside_domain::actor::{Actor, ActorKind};
use alongside_domain::clock::Clock as _;
use alongside_domain::community::Audience;
use alongside_domain::draft::{Draft, Typed, TypedPoll};
use alongside_domain::id::{ActorId, CommunityId, MemberId};
use alongside_domain::notification::NotificationKind;
use alongside_domain::policy::Refusal;
use alongside_domain::post::{Post, Visibility};
use alongside_store::actors::{self, Profile};
use alongside_store::notifications::{self, Notice, Wanted};
use alongside_store::page::Page;
use alongside_store::{holding, hosts, polls, posts as stored};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;
use std::collections::HashSet;
use std::time::Duration;

fn said(text: &str, visibility: Visibility) -> Typed {
    Typed { text: text.to_owned(), visibility: Some(visibility), ..Typed::default() }
}

async fn publish(node: &Node, author: MemberId, typed: Typed) -> Result<Post, Error> {
    let writing = Writing { author, application: None, idempotency_key: None };
    posts::publish(&node.app, &writing, &Draft::new(typed, 500).unwrap()).await
}

async fn actor(node: &Node, id: ActorId) -> Actor {
    actors::find(&mut node.app.reader(), id).await.unwrap().unwrap()
}

async fn replies_of(node: &Node, post: &Post) -> i64 {
    stored::find(&mut node.app.reader(), post.id).await.unwrap().unwrap().replies_count
}

async fn told(node: &Node, member: MemberId, kind: NotificationKind) -> Vec<Notice> {
    let kinds = [kind];
    notifications::page(
        &mut node.app.reader(),
        member,
        &Wanted::of(&kinds),
        &Page::newest(9),
        node.clock.now(),
    )
    .await
    .unwrap()
}

/// A community of another node.
async fn group_elsewhere(node: &Node, handle: &str, members_only: bool) -> CommunityId {
    let uri = format!("https://b.example/c/{handle}");
    let profile = Profile {
        kind: ActorKind::Group,
        handle: handle.to_owned(),
        host: "b.example".to_owned(),
        inbox: format!("{uri}/inbox"),
        url: uri.clone(),
        uri,
        name: handle.to_owned(),
        note: String::new(),
        note_source: String::new(),
        fields: Vec::new(),
        avatar: None,
        header: None,
        locked: false,
        bot: false,
        discoverable: true,
        shared_inbox: None,
        outbox: None,
        followers: None,
        featured: None,
        moderators: None,
        created_at: node.clock.now(),
    };
    let says = acquaintances::Says { members_only, indexable: false };
    CommunityId::of(acquaintances::learn(&node.app, &profile, &[], says).await.unwrap().id)
}

both_engines! {
    async fn the_same_request_twice_at_one_moment_is_one_post(node: Node) {
        let author = node.member("sam").await;
        let writing = Writing { author, application: None, idempotency_key: Some("once".to_owned()) };
        let draft = Draft::new(said("awake", Visibility::Public), 500).unwrap();
        let again = || posts::publish(&node.app, &writing, &draft);
        let (one, other) = tokio::join!(again(), again());
        let one = one.unwrap();
        assert_eq!(other.unwrap().id, one.id);
        assert_eq!(actor(&node, author.actor()).await.posts_count, 1);
        posts::delete(&node.app, author.actor(), one.id, Via::Here).await.unwrap();
        assert_ne!(again().await.unwrap().id, one.id, "what is gone may be said again");
    }

    async fn counts_tell_of_nothing_one_could_not_read(node: Node) {
        let (sam, ada) = (node.member("sam").await, node.member("ada").await);
        let root = publish(&node, sam, said("awake?", Visibility::Public)).await.unwrap();
        let reply = |text, visibility| Typed { reply_to: Some(root.id), ..said(text, visibility) };
        for narrow in [Visibility::Followers, Visibility::Direct] {
            let quiet = publish(&node, ada, reply("@sam yes", narrow)).await.unwrap();
            assert_eq!(replies_of(&node, &root).await, 0, "{narrow:?}");
            posts::delete(&node.app, ada.actor(), quiet.id, Via::Here).await.unwrap();
        }
        let seen = actor(&node, ada.actor()).await;
        assert_eq!((seen.posts_count, seen.last_post_at, replies_of(&node, &root).await), (0, None, 0));
        let open = publish(&node, ada, reply("yes", Visibility::Unlisted)).await.unwrap();
        let seen = actor(&node, ada.actor()).await;
        assert_eq!((seen.posts_count, seen.last_post_at), (1, Some(node.clock.now())));
        let _narrow = publish(&node, ada, reply("@sam psst", Visibility::Followers)).await.unwrap();
        assert_eq!(replies_of(&node, &root).await, 1);
        posts::delete(&node.app, ada.actor(), open.id, Via::Here).await.unwrap();
        assert_eq!((actor(&node, ada.actor()).await.posts_count, replies_of(&node, &root).await), (0, 0));
    }

    async fn a_community_counts_what_it_shows_until_it_is_deleted(node: Node) {
        let sam = node.member("sam").await;
        for (name, audience, count) in [("sleep", Audience::Everyone, 1), ("quiet", Audience::Members, 0)] {
            let community = node.community(name, audience).await;
            node.follow(sam.actor(), community.actor()).await;
            let typed = Typed { community: Some(community), ..said("a thread", Visibility::Public) };
            let post = publish(&node, sam, typed).await.unwrap();
            assert_eq!(actor(&node, community.actor()).await.posts_count, count, "{name}");
            posts::delete(&node.app, sam.actor(), post.id, Via::Here).await.unwrap();
            assert_eq!(actor(&node, community.actor()).await.posts_count, 0, "{name}");
        }
    }

    async fn a_post_is_deleted_once_and_its_poll_with_it(node: Node) {
        let sam = node.member("sam").await;
        let (first, second) = (node.app.clone(), node.app.clone());
        let poll = TypedPoll { options: vec!["tea".to_owned(), "cocoa".to_owned()], open_secs: 600, ..TypedPoll::default() };
        let asked = publish(&node, sam, Typed { poll: Some(poll), ..said("which?", Visibility::Public) }).await.unwrap();
        let _other = publish(&node, sam, said("hello", Visibility::Public)).await.unwrap();
        let (one, two) = tokio::join!(
            posts::delete(&first, sam.actor(), asked.id, Via::Here),
            posts::delete(&second, sam.actor(), asked.id, Via::Here),
        );
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        assert_eq!(actor(&node, sam.actor()).await.posts_count, 1);
        assert!(polls::find(&mut node.app.reader(), asked.poll.unwrap()).await.unwrap().is_none());
        let late = Draft::new(said("never mind", Visibility::Public), 500).unwrap();
        assert!(matches!(posts::edit(&node.app, sam, asked.id, &late).await, Err(Error::Refused(Refusal::Hidden))));
        let mut tx = node.store().begin().await.unwrap();
        assert!(!stored::revise(&mut tx, &asked, &asked, &[], &[]).await.unwrap(), "its words do not come back");
    }

    async fn an_edit_concerns_those_whom_the_post_concerned(node: Node) {
        let (sam, ada, bo) = (node.member("sam").await, node.member("ada").await, node.member("bo").await);
        let root = publish(&node, bo, said("awake?", Visibility::Public)).await.unwrap();
        let typed = || Typed { reply_to: Some(root.id), ..said("I, @sam, am, as is @ada", Visibility::Public) };
        let reply = publish(&node, sam, typed()).await.unwrap();
        let concerned = async || {
            let named = stored::mentions(&mut node.app.reader(), &[reply.id]).await.unwrap();
            named.iter().map(|row| row.actor_id).collect::<HashSet<_>>()
        };
        let expected = HashSet::from([ada.actor(), bo.actor()]);
        assert_eq!(concerned().await, expected);
        posts::edit(&node.app, sam, reply.id, &Draft::new(typed(), 500).unwrap()).await.unwrap();
        assert_eq!(concerned().await, expected, "whoever writes is not among them");
    }

    async fn a_direct_reply_is_read_by_those_it_names_alone(node: Node) {
        let (sam, ada, eve) = (node.member("sam").await, node.member("ada").await, node.member("eve").await);
        let root = publish(&node, sam, said("awake?", Visibility::Public)).await.unwrap();
        let typed = Typed { reply_to: Some(root.id), ..said("@eve look at this", Visibility::Direct) };
        let direct = publish(&node, ada, typed).await.unwrap();
        let again = Draft::new(said("@eve look at that", Visibility::Direct), 500).unwrap();
        for _ in 0..2 {
            let read = async |by: MemberId| {
                reading::post(&mut node.app.reader(), Some(by.actor()), direct.id, node.clock.now()).await.unwrap()
            };
            assert!(read(sam).await.is_none(), "it was not for the author of what it answers");
            assert!(read(eve).await.is_some());
            assert!(told(&node, sam, NotificationKind::Mention).await.is_empty());
            posts::edit(&node.app, ada, direct.id, &again).await.unwrap();
        }
    }

    async fn a_community_named_by_the_client_fits_the_audience_and_the_thread(node: Node) {
        let sam = node.member("sam").await;
        let (sleep, work) = (node.community("sleep", Audience::Everyone).await, node.community("work", Audience::Everyone).await);
        for narrow in [Visibility::Followers, Visibility::Direct] {
            let typed = Typed { community: Some(sleep), ..said("psst", narrow) };
            assert!(matches!(publish(&node, sam, typed).await, Err(Error::Audience(_))), "{narrow:?}");
        }
        let thread = Typed { community: Some(sleep), ..said("a thread", Visibility::Public) };
        let thread = publish(&node, sam, thread).await.unwrap();
        let reply = |community| Typed { reply_to: Some(thread.id), community: Some(community), ..said("so", Visibility::Public) };
        assert!(matches!(publish(&node, sam, reply(work)).await, Err(Error::Audience(_))));
        assert_eq!(publish(&node, sam, reply(sleep)).await.unwrap().community, Some(sleep));
    }

    async fn what_is_for_members_elsewhere_needs_a_membership_and_an_agreement(node: Node) {
        let sam = node.member("sam").await;
        let (open, quiet) = (group_elsewhere(&node, "open", false).await, group_elsewhere(&node, "quiet", true).await);
        let posted = publish(&node, sam, said("@open@b.example hello", Visibility::Public)).await.unwrap();
        assert_eq!(posted.community, Some(open));
        let named = said("@quiet@b.example a secret", Visibility::Public);
        let chosen = Typed { community: Some(quiet), ..said("a secret", Visibility::Public) };
        for typed in [named.clone(), chosen] {
            let refused = publish(&node, sam, typed).await;
            assert!(matches!(refused, Err(Error::Refused(Refusal::MembersOnly))), "{refused:?}");
        }
        node.follow(sam.actor(), quiet.actor()).await;
        assert!(matches!(publish(&node, sam, named.clone()).await, Err(Error::Audience(_))), "no agreement");
        node.agree("b.example").await;
        let outsider = Typed { text: "@quiet@b.example and @eve@b.example".to_owned(), ..named.clone() };
        node.stranger("eve", "b.example").await;
        assert!(matches!(publish(&node, sam, outsider).await, Err(Error::Audience(_))), "she may be no member");
        let kept = publish(&node, sam, named).await.unwrap();
        assert_eq!((kept.visibility, kept.community), (Visibility::Members, Some(quiet)));
        assert_eq!(actor(&node, sam.actor()).await.posts_count, 1, "what is for members is not counted");
    }

    async fn a_poll_is_kept_from_where_nobody_would_see_it(node: Node) {
        let sam = node.member("sam").await;
        let elsewhere = group_elsewhere(&node, "open", false).await;
        let poll = TypedPoll { options: vec!["tea".to_owned(), "cocoa".to_owned()], open_secs: 600, ..TypedPoll::default() };
        let asked = Typed { poll: Some(poll), community: Some(elsewhere), ..said("which?", Visibility::Public) };
        for (software, is_taken) in [("piefed", true), ("lemmy", false)] {
            let mut tx = node.store().begin().await.unwrap();
            hosts::remember_software(&mut tx, "b.example", Some(software), None, node.app.now()).await.unwrap();
            tx.commit().await.unwrap();
            let published = publish(&node, sam, asked.clone()).await;
            assert_eq!(published.is_ok(), is_taken, "{software}: {published:?}");
        }
    }

    async fn a_request_that_is_over_is_no_longer_told(node: Node) {
        let (sam, ada, eve) = (node.member("sam").await, node.member("ada").await, node.member("eve").await);
        for locked in [sam, ada] {
            profiles::update(&node.app, locked, Changes { locked: Some(true), ..Changes::default() }).await.unwrap();
        }
        let ask = async |target: MemberId| {
            follows::follow(&node.app, eve.actor(), target.actor(), Wishes::default(), None).await.unwrap();
            assert_eq!(told(&node, target, NotificationKind::FollowRequest).await.len(), 1);
        };
        ask(ada).await;
        ask(sam).await;
        follows::unfollow(&node.app, eve.actor(), sam.actor()).await.unwrap();
        assert!(told(&node, sam, NotificationKind::FollowRequest).await.is_empty());
        ask(sam).await;
        follows::reject(&node.app, sam.actor(), eve.actor(), sam.actor()).await.unwrap();
        assert!(told(&node, sam, NotificationKind::FollowRequest).await.is_empty());
        assert_eq!(told(&node, ada, NotificationKind::FollowRequest).await.len(), 1, "ada was asked too");
    }

    async fn of_what_is_for_members_only_members_are_told(node: Node) {
        let (sam, ada, eve) = (node.member("sam").await, node.member("ada").await, node.member("eve").await);
        let quiet = node.community("quiet", Audience::Members).await;
        for member in [sam, ada] {
            node.follow(member.actor(), quiet.actor()).await;
        }
        for curious in [ada, eve] {
            let wishes = Wishes { notify: true, ..Wishes::default() };
            follows::follow(&node.app, curious.actor(), sam.actor(), wishes, None).await.unwrap();
        }
        publish(&node, sam, said("@quiet a secret", Visibility::Public)).await.unwrap();
        assert_eq!(told(&node, ada, NotificationKind::Status).await.len(), 1);
        assert!(told(&node, eve, NotificationKind::Status).await.is_empty());
        publish(&node, sam, said("no secret", Visibility::Public)).await.unwrap();
        assert_eq!(told(&node, eve, NotificationKind::Status).await.len(), 1);
    }

    async fn whoever_is_leaving_writes_nothing_more(node: Node) {
        let sam = node.member("sam").await;
        let mut leaving = node.store().begin().await.unwrap();
        assert!(holding::actor(&mut leaving, sam.actor()).await.unwrap().is_some());
        actors::delete(&mut leaving, sam.actor(), node.clock.now()).await.unwrap();
        let mut writing = std::pin::pin!(publish(&node, sam, said("one last thing", Visibility::Direct)));
        let early = tokio::time::timeout(Duration::from_millis(200), &mut writing).await;
        assert!(early.is_err(), "it waits for the one who leaves");
        leaving.commit().await.unwrap();
        assert!(matches!(writing.await, Err(Error::Refused(Refusal::Forbidden))));
        assert!(!node.holds("one last thing").await);
    }
}
