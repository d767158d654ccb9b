//! A process that was asleep for longer than it held a host.

use super::*;
use crate::fetch;
use crate::node::Settings;
use alongside_domain::id::{ActivityId, ErasureId};
use alongside_store::activities::{self, Activity};
use alongside_store::deliveries::New;
use alongside_store::engine::Store;
use alongside_store::erasures::Erasure;
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

const HOST: &str = "b.example";
const ALL: Room = Room { healthy: 9, failed: 9 };

fn federation(node: &Node) -> Federation {
    let settings = Settings {
        fetch: fetch::Settings {
            user_agent: "test".to_owned(),
            insecure_hosts: Vec::new(),
            limits: fetch::Limits::default(),
        },
        retry_first_secs: 30,
        retry_max_secs: 60,
        fetches_per_host_per_min: 10,
        arrivals_per_host_per_min: 10,
    };
    Federation::new(node.app.clone(), settings).unwrap()
}

/// Somebody has left, and a host is to be told so in two of its inboxes.
async fn two_deliveries(node: &Node) -> ErasureId {
    let (app, now) = (&node.app, node.app.now());
    let by = node.member("sam").await.actor();
    let erasure = Erasure {
        id: app.next_id(),
        actor_id: by,
        post_id: None,
        uri: "https://a.example/sam".to_owned(),
        at: now,
        told_at: None,
    };
    let id: ActivityId = app.next_id();
    let kept = Activity {
        id,
        uri: "https://a.example/gone".to_owned(),
        actor_id: by,
        post_id: None,
        about_id: None,
        body: "{}".to_owned(),
        open: true,
        to_followers: false,
        members_of: None,
        at: now,
    };
    let mut tx = node.store().begin().await.unwrap();
    erasures::insert(&mut tx, &erasure).await.unwrap();
    hosts::wake(&mut tx, &[HOST.to_owned()], now).await.unwrap();
    activities::put(&mut tx, &kept).await.unwrap();
    for inbox in ["https://b.example/one", "https://b.example/two"] {
        let new = New {
            id: app.next_id(),
            activity: id,
            host: HOST,
            inbox,
            thread: inbox,
            erasure: Some(erasure.id),
        };
        deliveries::push(&mut tx, new, now).await.unwrap();
        erasures::expect(&mut tx, erasure.id, HOST, now).await.unwrap();
    }
    tx.commit().await.unwrap();
    erasure.id
}

/// What somebody who slept has to say of a host: one delivery was refused, and then it could not be reached.
fn report(load: Load, unreachable: bool) -> Report {
    let first = &load.due[0];
    let ended = deliver::Ended {
        id: first.id,
        erasure: first.erasure_id,
        end: ReceiptState::Refused,
        answer: "status 400".to_owned(),
    };
    Report {
        host: load.host,
        ended: vec![ended],
        later: Vec::new(),
        complaint: None,
        unreachable: unreachable
            .then(|| Unreachable { error: "connection failed".to_owned(), wait_secs: None }),
        interrupted: false,
        prefers: None,
    }
}

both_engines! {
    async fn whoever_was_asleep_writes_nothing_over_what_another_did(store: Store) {
        let node = Node::from(store);
        let federation = federation(&node);
        let erasure = two_deliveries(&node).await;
        let mut loads = turn(&federation, &[], Some(ALL)).await.unwrap();
        assert_eq!((loads.len(), loads[0].due.len()), (1, 2));
        let late = report(loads.remove(0), true);
        node.clock.advance_secs(HOLD_SECS + 1);
        // Another process takes the host over and delivers the first of them.
        let (now, until) = (node.app.now(), node.app.now().plus_secs(HOLD_SECS));
        let mut tx = node.store().begin().await.unwrap();
        let claimed = held_hosts::claim(&mut tx, 7, Wanted { healthy: true, limit: 9 }, now, until).await.unwrap();
        assert_eq!(claimed.len(), 1);
        assert_eq!(deliveries::finish(&mut tx, &[late.ended[0].id]).await.unwrap().len(), 1);
        erasures::answered(&mut tx, erasure, HOST, ReceiptState::Refused, "status 410", now).await.unwrap();
        tx.commit().await.unwrap();

        assert!(turn(&federation, &[late], Some(ALL)).await.unwrap().is_empty());
        let mut tx = node.store().begin().await.unwrap();
        let still = held_hosts::claim(&mut tx, 8, Wanted { healthy: true, limit: 9 }, now, until).await.unwrap();
        assert!(still.is_empty(), "it is in the other's hands as before");
        let host = hosts::find(&mut tx, HOST).await.unwrap().unwrap();
        assert_eq!((host.failures, host.last_error), (0, None));
        let receipts = erasures::receipts(&mut tx, erasure, "", 9).await.unwrap();
        assert_eq!(receipts[0].state, ReceiptState::Waiting, "one of two is still on its way");
        assert_eq!(receipts[0].answer.as_deref(), Some("status 410"));
        assert_eq!(federation.counts().all()[1].1, 0, "it was counted by the other");
    }

    async fn whoever_was_asleep_and_alone_goes_on(store: Store) {
        let node = Node::from(store);
        let federation = federation(&node);
        two_deliveries(&node).await;
        let mut loads = turn(&federation, &[], Some(ALL)).await.unwrap();
        let late = report(loads.remove(0), false);
        node.clock.advance_secs(HOLD_SECS + 1);
        let further = turn(&federation, &[late], Some(ALL)).await.unwrap();
        assert_eq!(further.iter().map(|load| load.due.len()).collect::<Vec<_>>(), [1], "nobody else had it");
    }

    async fn a_host_that_asks_us_back_at_once_waits_like_any_other(store: Store) {
        let node = Node::from(store);
        let federation = federation(&node);
        two_deliveries(&node).await;
        let mut loads = turn(&federation, &[], Some(ALL)).await.unwrap();
        let mut said = report(loads.remove(0), true);
        said.unreachable = Some(Unreachable { error: "status 503".to_owned(), wait_secs: Some(0) });
        assert!(turn(&federation, &[said], Some(ALL)).await.unwrap().is_empty());
        let host = hosts::find(&mut node.app.reader(), HOST).await.unwrap().unwrap();
        assert_eq!(host.open_at, node.app.now().plus_secs(30));
    }

    async fn nobody_begins_with_a_host_that_is_still_being_worked_off(store: Store) {
        let node = Node::from(store);
        let federation = federation(&node);
        two_deliveries(&node).await;
        let first = turn(&federation, &[], Some(ALL)).await.unwrap();
        assert!(turn(&federation, &[], Some(ALL)).await.unwrap().is_empty());
        node.clock.advance_secs(HOLD_SECS + 1);
        let again = turn(&federation, &[], Some(ALL)).await.unwrap();
        assert_eq!(again.len(), 1, "it is held no longer, and there is something to do for it");
        let (stop, mut tasks, mut busy) = (CancellationToken::new(), JoinSet::new(), Busy::new());
        stop.cancel();
        begin(&federation, first, &stop, &mut tasks, &mut busy);
        begin(&federation, again, &stop, &mut tasks, &mut busy);
        assert_eq!((tasks.len(), busy.len()), (1, 1));
    }
}
