//! Jobs: those of a sequence one after the other, and none forgotten behind another.

use alongside_domain::clock::{Clock as _, Timestamp};
use alongside_domain::id::{JobId, PostId};
use alongside_domain::job::Job;
use alongside_store::engine::Store;
use alongside_store::jobs::{self, Claimed, FROM_OTHERS, Whose};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;
use std::time::Duration;

const LEASE_SECS: i64 = 60;
const JOB: Job = Job::Publish { post: PostId::new(1) };

async fn push(store: &Store, now: Timestamp, id: i64, sequence: &str) {
    let mut tx = store.begin().await.unwrap();
    jobs::push(&mut tx, JobId::new(id), &JOB, sequence, now).await.unwrap();
    tx.commit().await.unwrap();
}

/// What may be done now, if anything may: looking and claiming agree.
async fn claim(store: &Store, now: Timestamp, whose: Whose, limit: i64) -> Vec<Claimed> {
    let is_any_due = jobs::is_any_due(&mut store.reader(), whose, now).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    let claimed = jobs::claim(&mut tx, 0, whose, now, now.plus_secs(LEASE_SECS), limit).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(is_any_due, !claimed.is_empty());
    claimed
}

async fn finish(store: &Store, ids: &[JobId]) {
    let mut tx = store.begin().await.unwrap();
    jobs::finish(&mut tx, ids).await.unwrap();
    tx.commit().await.unwrap();
}

fn ids(claimed: &[Claimed]) -> Vec<i64> {
    claimed.iter().map(|job| job.id.get()).collect()
}

both_engines! {
    async fn a_sequence_is_one_worker_s_until_what_it_took_is_done(node: Node) {
        let (store, now) = (node.store(), node.clock.now());
        for (id, sequence) in [(1, "a"), (2, "a"), (3, "a"), (4, ""), (5, ""), (6, "b")] {
            push(store, now, id, sequence).await;
        }
        assert_eq!(ids(&claim(store, now, Whose::Anybodys, 2).await), [1, 2]);
        assert_eq!(ids(&claim(store, now, Whose::Anybodys, 2).await), [4], "what waits for no other goes alone");
        assert_eq!(ids(&claim(store, now, Whose::Anybodys, 2).await), [5]);
        assert_eq!(ids(&claim(store, now, Whose::Anybodys, 2).await), [6]);
        assert_eq!(ids(&claim(store, now, Whose::Anybodys, 2).await), [] as [i64; 0], "3 is behind 1 and 2");
        finish(store, &[JobId::new(1), JobId::new(2)]).await;
        assert_eq!(ids(&claim(store, now, Whose::Anybodys, 2).await), [3]);
        let later = now.plus_secs(LEASE_SECS + 1);
        assert_eq!(ids(&claim(store, later, Whose::Anybodys, 2).await).len(), 1, "whoever had it is gone");
    }

    async fn one_that_is_put_off_lets_those_behind_it_pass(node: Node) {
        let (store, now) = (node.store(), node.clock.now());
        for (id, sequence) in [(1, "a"), (2, "a"), (3, "from:b"), (4, "from:b")] {
            push(store, now, id, sequence).await;
        }
        assert_eq!(ids(&claim(store, now, Whose::Own, 1).await), [1]);
        assert!(claim(store, now, Whose::Own, 1).await.is_empty(), "others' work is left to the others");
        assert_eq!(ids(&claim(store, now, Whose::Anybodys, 1).await), [3]);
        let mut tx = store.begin().await.unwrap();
        for id in [1, 3, 99] {
            jobs::retry(&mut tx, JobId::new(id), now.plus_secs(5), "not now").await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(ids(&claim(store, now, Whose::Anybodys, 1).await), [2]);
        assert_eq!(ids(&claim(store, now, Whose::Anybodys, 1).await), [4]);
        let later = claim(store, now.plus_secs(5), Whose::Anybodys, 9).await;
        assert_eq!((ids(&later), later[0].sequence.as_str()), (vec![1], ""));
        let later = claim(store, now.plus_secs(5), Whose::Anybodys, 9).await;
        assert_eq!(ids(&later), [3]);
        assert!(later[0].sequence.starts_with(FROM_OTHERS), "still others' work");
    }

    async fn one_that_came_late_from_another_server_goes_first_and_nothing_is_stuck(node: Node) {
        let (store, now) = (node.store(), node.clock.now());
        for id in [5, 3, 9, 4] {
            push(store, now, id, "a").await;
        }
        for expected in [3, 4, 5, 9] {
            assert_eq!(ids(&claim(store, now, Whose::Anybodys, 1).await), [expected]);
            finish(store, &[JobId::new(expected)]).await;
        }
        push(store, now, 10, "a").await;
        push(store, now, 11, "a").await;
        let mut tx = store.begin().await.unwrap();
        jobs::forget(&mut tx, "a").await.unwrap();
        jobs::push(&mut tx, JobId::new(12), &JOB, "a", now).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(ids(&claim(store, now, Whose::Anybodys, 9).await), [12]);
    }

    async fn one_that_is_pushed_while_the_last_before_it_ends_is_not_left_behind(node: Node) {
        const MOMENT: Duration = Duration::from_millis(50);
        let (store, now) = (node.store(), node.clock.now());
        push(store, now, 1, "a").await;
        let mut pushing = store.begin().await.unwrap();
        jobs::push(&mut pushing, JobId::new(2), &JOB, "a", now).await.unwrap();
        let other = store.clone();
        let mut ending = tokio::spawn(async move { finish(&other, &[JobId::new(1)]).await });
        assert!(tokio::time::timeout(MOMENT, &mut ending).await.is_err(), "it waits for who pushes");
        pushing.commit().await.unwrap();
        ending.await.unwrap();
        assert_eq!(ids(&claim(store, now, Whose::Anybodys, 9).await), [2]);

        let mut ending = store.begin().await.unwrap();
        jobs::finish(&mut ending, &[JobId::new(2)]).await.unwrap();
        let other = store.clone();
        let mut pushing = tokio::spawn(async move { push(&other, now, 3, "a").await });
        assert!(tokio::time::timeout(MOMENT, &mut pushing).await.is_err(), "it waits for who ends");
        ending.commit().await.unwrap();
        pushing.await.unwrap();
        assert_eq!(ids(&claim(store, now, Whose::Anybodys, 9).await), [3]);
    }
}
