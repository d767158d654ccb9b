//! Posts for later: published once, whoever publishes them, and by the rules of the moment.

use alongside_app::posts::Writing;
use alongside_app::{communities, departures, moderation, scheduled};
use alongside_domain::clock::Clock as _;
use alongside_domain::community::Audience;
use alongside_domain::draft::{Draft, Typed};
use alongside_domain::id::{MemberId, PostId};
use alongside_domain::job::Job;
use alongside_domain::moderation::Measure;
use alongside_domain::sanction::SanctionKind;
use alongside_domain::scheduled::Scheduled;
use alongside_store::page::Page;
use alongside_store::{actors, entries, sanctions, scheduled as stored};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

async fn schedule(node: &Node, author: MemberId, typed: Typed) -> Scheduled {
    let writing = Writing { author, application: None, idempotency_key: None };
    let draft = Draft::new(typed, 500).unwrap();
    scheduled::schedule(&node.app, &writing, &draft, node.clock.now().plus_secs(600)).await.unwrap()
}

async fn published(node: &Node, author: MemberId) -> usize {
    let (wanted, mut reader) = (entries::Wanted::default(), node.app.reader());
    let author = author.actor();
    let lines = entries::of_actor(&mut reader, author, Some(author), wanted, &Page::newest(9)).await;
    lines.unwrap().len()
}

fn said(text: &str, reply_to: Option<PostId>) -> Typed {
    Typed { text: text.to_owned(), reply_to, ..Typed::default() }
}

both_engines! {
    async fn two_servers_publish_it_once(node: Node) {
        let sam = node.member("sam").await;
        let later = schedule(&node, sam, said("good morning", None)).await;
        scheduled::publish(&node.app, later.id).await.unwrap();
        assert_eq!(published(&node, sam).await, 0, "it is not due yet");
        node.clock.advance_secs(600);
        let (app, id) = (&node.app, later.id);
        let (first, second) = tokio::join!(scheduled::publish(app, id), scheduled::publish(app, id));
        first.unwrap();
        second.unwrap();
        assert_eq!(published(&node, sam).await, 1);
        assert_eq!(stored::find(&mut node.app.reader(), sam, id).await.unwrap(), None);
    }

    async fn what_is_published_at_this_moment_is_neither_taken_back_nor_put_off(node: Node) {
        for round in 0..4 {
            let sam = node.member(&format!("sam{round}")).await;
            let (one, other) = (schedule(&node, sam, said("one", None)).await, schedule(&node, sam, said("two", None)).await);
            node.clock.advance_secs(600);
            let (app, later) = (&node.app, node.clock.now().plus_secs(600));
            let (first, second, taken_back, put_off) = tokio::join!(
                scheduled::publish(app, one.id),
                scheduled::publish(app, other.id),
                scheduled::cancel(app, sam, one.id),
                scheduled::reschedule(app, sam, other.id, later),
            );
            first.unwrap();
            second.unwrap();
            let waits = [taken_back.is_ok(), put_off.is_ok()].into_iter().filter(|done| *done).count();
            assert_eq!(published(&node, sam).await, 2 - waits, "{taken_back:?} {put_off:?}");
        }
    }

    async fn a_thread_that_was_closed_meanwhile_stays_closed(node: Node) {
        let (sam, lead) = (node.member("sam").await, node.member("lead").await);
        let sleep = node.community("sleep", Audience::Everyone).await;
        node.appoint(sleep, lead.actor()).await;
        let thread = node.post_with(lead.actor(), "awake?", |post| post.community = Some(sleep)).await;
        let later = schedule(&node, sam, said("me too", Some(thread.id))).await;
        let by = actors::find(&mut node.app.reader(), lead.actor()).await.unwrap().unwrap();
        let lock = Measure::Lock(thread.id);
        moderation::take(&node.app, &by, sleep, lock, "", alongside_app::effects::Via::Here).await.unwrap();
        node.clock.advance_secs(600);
        scheduled::publish(&node.app, later.id).await.unwrap();
        let kept = stored::find(&mut node.app.reader(), sam, later.id).await.unwrap().unwrap();
        assert_eq!(kept.error.as_deref(), Some("This thread is closed to new replies"));
        assert_eq!((published(&node, sam).await, kept.draft.text.as_str()), (0, "me too"));
    }

    async fn who_was_sent_out_is_told_so_and_publishes_nothing(node: Node) {
        let (sam, lead) = (node.member("sam").await, node.member("lead").await);
        let sleep = node.community("sleep", Audience::Everyone).await;
        node.appoint(sleep, lead.actor()).await;
        let later = schedule(&node, sam, said("@sleep hello", None)).await;
        let by = actors::find(&mut node.app.reader(), lead.actor()).await.unwrap().unwrap();
        let ban = Measure::Ban { member: sam.actor(), until: None, removes_posts: false };
        moderation::take(&node.app, &by, sleep, ban, "rude", alongside_app::effects::Via::Here).await.unwrap();
        node.clock.advance_secs(600);
        scheduled::publish(&node.app, later.id).await.unwrap();
        let kept = stored::find(&mut node.app.reader(), sam, later.id).await.unwrap().unwrap();
        assert!(kept.error.unwrap().contains("You were sent out of this community for good (rude)"));
        assert_eq!(published(&node, sam).await, 0);
    }

    async fn who_is_locked_out_publishes_nothing(node: Node) {
        let sam = node.member("sam").await;
        let later = schedule(&node, sam, said("good morning", None)).await;
        let mut tx = node.store().begin().await.unwrap();
        sanctions::set(&mut tx, sam.actor(), SanctionKind::Disable, Some(node.clock.now())).await.unwrap();
        tx.commit().await.unwrap();
        node.clock.advance_secs(600);
        scheduled::publish(&node.app, later.id).await.unwrap();
        let kept = stored::find(&mut node.app.reader(), sam, later.id).await.unwrap().unwrap();
        assert_eq!((published(&node, sam).await, kept.error.is_some()), (0, true));
    }

    async fn who_looked_after_a_community_and_leaves_is_named_there_no_more(node: Node) {
        let (sam, lead) = (node.member("sam").await, node.member("lead").await);
        let sleep = node.community("sleep", Audience::Everyone).await;
        let itself = actors::find(&mut node.app.reader(), sleep.actor()).await.unwrap().unwrap();
        for who in [lead, sam] {
            let appoint = Measure::Appoint(who.actor());
            moderation::take(&node.app, &itself, sleep, appoint, "", alongside_app::effects::Via::Here).await.unwrap();
        }
        let named = async || {
            let fields = actors::find(&mut node.app.reader(), sleep.actor()).await.unwrap().unwrap().fields;
            let line = fields.into_iter().find(|field| field.name == "Looked after by").unwrap().value;
            (line.contains("@lead"), line.contains("@sam"))
        };
        assert_eq!(named().await, (true, true));
        departures::delete(&node.app, "lead").await.unwrap();
        assert_eq!(named().await, (false, true));
        let changes = communities::settings::Changes { staffed_hours: Some("Mornings".to_owned()), ..Default::default() };
        communities::settings::update(&node.app, sam, sleep, &changes).await.unwrap();
        assert!(node.queued().await.contains(&Job::Profile { actor: sleep.actor() }));
    }
}
