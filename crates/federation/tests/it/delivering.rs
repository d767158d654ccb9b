//! Deliveries to a host that stumbles, fails or refuses, and what is looked at again at the last moment.

use crate::stranger::{Ours, Stranger};
use alongside_domain::clock::Timestamp;
use alongside_domain::community::Audience;
use alongside_domain::id::{ActorId, CommunityId};
use alongside_domain::job::Job;
use alongside_federation::deliver::dispatch;
use alongside_federation::{keys, outgoing};
use alongside_store::activities::{self, Activity};
use alongside_store::deliveries::{self, New};
use alongside_store::engine::Store;
use alongside_store::hosts::Host;
use alongside_store::{departures, hosts, posts};
use alongside_testkit::both_engines;
use alongside_testkit::foreign::{Asked, SILENCE};
use http::{Method, StatusCode};
use std::time::Duration;

const DAY_SECS: i64 = 86_400;

/// Queues activities of a member to a host, each in a thread of its own, made at a moment.
async fn queue(
    ours: &Ours,
    to: &Stranger,
    by: ActorId,
    texts: &[&str],
    (at, members_of): (Timestamp, Option<CommunityId>),
) {
    let (app, host) = (&ours.kit.app, to.address.as_str());
    let mut tx = ours.kit.store().begin().await.unwrap();
    hosts::wake(&mut tx, &[host.to_owned()], app.now()).await.unwrap();
    for text in texts {
        let kept = Activity {
            id: app.next_id(),
            uri: format!("https://here.example/activities/{text}"),
            actor_id: by,
            post_id: None,
            about_id: None,
            body: format!("{{\"says\":\"{text}\"}}"),
            open: true,
            to_followers: false,
            members_of,
            at,
        };
        let activity = activities::put(&mut tx, &kept).await.unwrap();
        let (id, inbox) = (app.next_id(), to.at("/inbox"));
        let new = New { id, activity, host, inbox: &inbox, thread: text, erasure: None };
        assert!(deliveries::push(&mut tx, new, app.now()).await.unwrap());
    }
    tx.commit().await.unwrap();
}

async fn write(ours: &Ours, to: &Stranger, by: ActorId, texts: &[&str]) {
    queue(ours, to, by, texts, (ours.now(), None)).await;
}

/// Delivers what is due; what was sent to the host, in order.
async fn deliver(ours: &Ours, to: &Stranger) -> Vec<String> {
    dispatch::drain(&ours.federation).await.unwrap();
    let posted = to.asked().into_iter().filter(|asked| asked.method == Method::POST);
    posted.map(|asked| String::from_utf8_lossy(&asked.body).into_owned()).collect()
}

async fn known(ours: &Ours, host: &Stranger) -> Host {
    hosts::find(&mut ours.kit.app.reader(), &host.address).await.unwrap().unwrap()
}

async fn waiting(ours: &Ours, host: &Stranger) -> i64 {
    let waiting =
        deliveries::waiting(&mut ours.kit.app.reader(), std::slice::from_ref(&host.address)).await.unwrap();
    waiting.first().map_or(0, |waiting| waiting.count)
}

fn broken(_: &Asked) -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}

fn stumbles(asked: &Asked) -> StatusCode {
    if asked.body.windows(4).any(|part| part == b"odd ") {
        StatusCode::INTERNAL_SERVER_ERROR
    } else {
        StatusCode::ACCEPTED
    }
}

fn swallows(asked: &Asked) -> StatusCode {
    if asked.body.windows(4).any(|part| part == b"odd ") { SILENCE } else { StatusCode::ACCEPTED }
}

fn refuses_some(asked: &Asked) -> StatusCode {
    if asked.body.windows(4).any(|part| part == b"odd ") {
        StatusCode::FORBIDDEN
    } else {
        StatusCode::ACCEPTED
    }
}

fn refuses(_: &Asked) -> StatusCode {
    StatusCode::BAD_REQUEST
}

fn well(_: &Asked) -> StatusCode {
    StatusCode::ACCEPTED
}

both_engines! {
    async fn a_host_that_takes_nothing_is_left_alone_after_a_few_knocks(store: Store) {
        let there = Stranger::new().await;
        let ours = Ours::new(store, &[&there]);
        let sam = ours.kit.member("sam").await.actor();
        there.judge(broken);
        write(&ours, &there, sam, &["1", "2", "3", "4", "5", "6", "7", "8"]).await;
        assert_eq!(deliver(&ours, &there).await.len(), 3, "not all of them");
        let host = known(&ours, &there).await;
        assert_eq!((host.failures, host.last_error.as_deref()), (1, Some("status 500")));
        assert!(host.open_at > ours.now());
        assert_eq!(deliver(&ours, &there).await.len(), 0, "it is left alone");
        ours.kit.clock.advance_secs(40);
        assert_eq!(deliver(&ours, &there).await, ["{\"says\":\"4\"}"], "one knock, with what it did not fail over");
        assert_eq!(known(&ours, &there).await.failures, 2);
        there.judge(well);
        ours.kit.clock.advance_secs(80);
        assert_eq!(deliver(&ours, &there).await.len(), 8);
        assert_eq!((known(&ours, &there).await.failures, waiting(&ours, &there).await), (0, 0));
    }

    async fn one_activity_that_a_host_stumbles_over_holds_up_no_other(store: Store) {
        let there = Stranger::new().await;
        let ours = Ours::new(store, &[&there]);
        let sam = ours.kit.member("sam").await.actor();
        there.judge(stumbles);
        write(&ours, &there, sam, &["odd 1", "odd 2", "3", "4", "5"]).await;
        assert_eq!(deliver(&ours, &there).await.len(), 5);
        let host = known(&ours, &there).await;
        assert_eq!((host.failures, waiting(&ours, &there).await), (0, 2));
        assert_eq!(host.last_error.as_deref(), Some("status 500"), "whoever runs the node may want to know");
        // What it stumbled over before is tried last, however much of it there is.
        write(&ours, &there, sam, &["odd 6", "odd 7", "odd 8"]).await;
        deliver(&ours, &there).await;
        ours.kit.clock.advance_secs(120);
        write(&ours, &there, sam, &["10"]).await;
        assert_eq!(deliver(&ours, &there).await[0], "{\"says\":\"10\"}");
        assert_eq!(known(&ours, &there).await.failures, 0);
    }

    async fn what_a_host_never_answers_holds_up_nothing_else_and_ends(store: Store) {
        let there = Stranger::new().await;
        let ours = Ours::impatient(store, &[&there]);
        let sam = ours.kit.member("sam").await.actor();
        there.judge(swallows);
        write(&ours, &there, sam, &["odd 1", "2"]).await;
        assert_eq!(deliver(&ours, &there).await.len(), 2, "the other goes all the same");
        assert_eq!(known(&ours, &there).await.failures, 0);
        for number in 3..10 {
            assert_eq!(waiting(&ours, &there).await, 1, "before {number} it is still tried");
            ours.kit.clock.advance_secs(120);
            write(&ours, &there, sam, &[&number.to_string()]).await;
            deliver(&ours, &there).await;
        }
        assert_eq!(waiting(&ours, &there).await, 0, "the host takes everything but this");
    }

    async fn what_is_not_answered_by_a_host_that_takes_nothing_is_kept(store: Store) {
        let there = Stranger::new().await;
        let ours = Ours::impatient(store, &[&there]);
        let sam = ours.kit.member("sam").await.actor();
        there.judge(swallows);
        write(&ours, &there, sam, &["odd 1"]).await;
        for _ in 0..12 {
            deliver(&ours, &there).await;
            ours.kit.clock.advance_secs(120);
        }
        assert_eq!(waiting(&ours, &there).await, 1);
    }

    async fn what_a_host_refuses_is_no_failure_of_the_host(store: Store) {
        let there = Stranger::new().await;
        let ours = Ours::new(store, &[&there]);
        let sam = ours.kit.member("sam").await.actor();
        there.judge(refuses_some);
        write(&ours, &there, sam, &["odd 1", "odd 2", "odd 3", "odd 4", "5"]).await;
        assert_eq!(deliver(&ours, &there).await.len(), 5);
        assert_eq!((known(&ours, &there).await.failures, waiting(&ours, &there).await), (0, 0));
    }

    async fn what_is_refused_while_a_key_is_new_is_tried_again(store: Store) {
        let there = Stranger::new().await;
        let ours = Ours::new(store, &[&there]);
        let sam = ours.kit.member("sam").await.actor();
        let actor = ours.actor("https://here.example/actors/sam").await.unwrap();
        there.judge(refuses);
        write(&ours, &there, sam, &["with the first key"]).await;
        deliver(&ours, &there).await;
        assert_eq!(waiting(&ours, &there).await, 0, "nobody knew another");
        keys::rotate(&ours.kit.app, &actor).await.unwrap();
        ours.kit.clock.advance_secs(10);
        write(&ours, &there, sam, &["1", "2", "3", "4"]).await;
        deliver(&ours, &there).await;
        assert_eq!((known(&ours, &there).await.failures, waiting(&ours, &there).await), (0, 4), "the host is well");
        there.judge(well);
        ours.kit.clock.advance_secs(60);
        assert_eq!(deliver(&ours, &there).await.len(), 4);
        there.judge(refuses);
        ours.kit.clock.advance_secs(DAY_SECS);
        write(&ours, &there, sam, &["5"]).await;
        deliver(&ours, &there).await;
        assert_eq!(waiting(&ours, &there).await, 1);
        ours.kit.clock.advance_secs(DAY_SECS);
        deliver(&ours, &there).await;
        assert_eq!(waiting(&ours, &there).await, 0, "by now it has read the key");
    }

    async fn what_is_for_members_is_looked_at_again_before_it_goes(store: Store) {
        let there = Stranger::new().await;
        let ours = Ours::new(store, &[&there]);
        let sam = ours.kit.member("sam").await.actor();
        let quiet = ours.kit.community("quiet", Audience::Members).await;
        let for_members = (ours.now(), Some(quiet));
        queue(&ours, &there, sam, &["a secret"], for_members).await;
        there.judge(broken);
        write(&ours, &there, sam, &["1", "2", "3", "4", "5", "6"]).await;
        let sent = deliver(&ours, &there).await;
        assert_eq!(sent, ["1", "2", "3"].map(|text| format!("{{\"says\":\"{text}\"}}")), "the next one knocks");
        ours.kit.agree(&there.address).await;
        there.judge(well);
        ours.kit.clock.advance_secs(120);
        queue(&ours, &there, sam, &["another secret"], for_members).await;
        assert!(deliver(&ours, &there).await.contains(&"{\"says\":\"another secret\"}".to_owned()));
    }

    async fn a_delivery_is_as_old_as_itself(store: Store) {
        let there = Stranger::new().await;
        let ours = Ours::new(store, &[&there]);
        let sam = ours.kit.member("sam").await.actor();
        there.judge(broken);
        // As of a post that was taken out of its community, and put back after a month.
        queue(&ours, &there, sam, &["restored"], (ours.now().plus_secs(-30 * DAY_SECS), None)).await;
        deliver(&ours, &there).await;
        assert_eq!(waiting(&ours, &there).await, 1, "it is tried again like any other");
        ours.kit.clock.advance_secs(8 * DAY_SECS);
        deliver(&ours, &there).await;
        assert_eq!(waiting(&ours, &there).await, 0, "it has waited for too long by now");
    }

    async fn what_is_deleted_while_it_is_being_told_of_is_told_by_nobody(store: Store) {
        let ours = Ours::new(store, &[]);
        let app = &ours.kit.app;
        let ada = ours.kit.member("ada").await.actor();
        let post = ours.kit.post(ada, "a regret").await;
        // Whoever deletes it has written everything down, and commits in a moment.
        let mut deleting = ours.kit.store().begin().await.unwrap();
        assert!(posts::mark_deleted(&mut deleting, post.id, ours.now()).await.unwrap());
        posts::erase(&mut deleting, &post, ours.now()).await.unwrap();
        let job = Job::Publish { post: post.id };
        let mut telling = std::pin::pin!(outgoing::send(&ours.federation, &job));
        let early = tokio::time::timeout(Duration::from_millis(300), &mut telling).await;
        assert!(early.is_err(), "it waits for the one who deletes");
        deleting.commit().await.unwrap();
        telling.await.unwrap();
        assert!(!ours.kit.holds("a regret").await);

        let other = ours.kit.post(ada, "another regret").await;
        let mut leaving = ours.kit.store().begin().await.unwrap();
        departures::forget(&mut leaving, ada, app.now()).await.unwrap();
        let job = Job::Publish { post: other.id };
        let mut telling = std::pin::pin!(outgoing::send(&ours.federation, &job));
        let early = tokio::time::timeout(Duration::from_millis(300), &mut telling).await;
        assert!(early.is_err(), "it waits for the one who leaves");
        leaving.commit().await.unwrap();
        telling.await.unwrap();
        assert!(!ours.kit.holds("another regret").await);
    }

    async fn whoever_is_gone_signs_nothing_more(store: Store) {
        let there = Stranger::new().await;
        let ours = Ours::new(store, &[&there]);
        let sam = ours.kit.member("sam").await.actor();
        write(&ours, &there, sam, &["late"]).await;
        let mut tx = ours.kit.store().begin().await.unwrap();
        alongside_store::actors::delete(&mut tx, sam, ours.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert!(deliver(&ours, &there).await.is_empty(), "no new keys are made for them");
        assert_eq!(waiting(&ours, &there).await, 0, "nor is it tried for a week");
    }
}
