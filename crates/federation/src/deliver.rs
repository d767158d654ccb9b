//! Delivering: every activity to every inbox, host by host, until it arrives or never will.
//!
//! A host is worked off by one task. What belongs to one thread goes in order, and several threads side by
//! side once the host has taken something; until then one delivery knocks after another. A delivery that a host
//! cannot take right now waits, and what follows it in its thread waits behind it. A host that cannot be reached,
//! or takes nothing of several threads, is left alone for a while (its circuit is open). Which host has its turn, and
//! what is written down, is in [`dispatch`]; what an answer means, in [`send`].

pub mod dispatch;
mod send;

use crate::node::Federation;
use crate::signing::Manner;
use alongside_domain::clock::Timestamp;
use alongside_domain::erasure::ReceiptState;
use alongside_domain::id::{DeliveryId, ErasureId};
use alongside_store::deliveries::Due;
use alongside_store::held_hosts::Held;
use futures_util::stream::{self, StreamExt as _};
use send::Sent;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio_util::sync::CancellationToken;

/// Threads of one host that are delivered side by side.
const WINDOW: usize = 6;
/// Threads that a host may fail, one after another, before it is the host that has failed: one activity alone may be
/// what it stumbles over.
const KNOCKS_MAX: usize = 3;
/// After so long a delivery is given up.
pub const GIVE_UP_SECS: i64 = 7 * 86_400;
/// How long a host is held. What is begun in the first half of it has ended when it is over.
const HOLD_SECS: i64 = 90;
/// Tries that the same host may fail before the wait stops doubling.
const DOUBLINGS_MAX: u32 = 20;

/// A host in hand, and what it is due.
#[derive(Debug)]
struct Load {
    host: Held,
    due: Vec<Due>,
    /// It took something just now: nothing has to knock.
    proven: bool,
}

/// What became of a load.
#[derive(Debug)]
struct Report {
    host: Held,
    ended: Vec<Ended>,
    later: Vec<Later>,
    /// Why something last did not arrive.
    complaint: Option<String>,
    unreachable: Option<Unreachable>,
    /// Something could not be looked up: the rest is for another time.
    interrupted: bool,
    prefers: Option<Manner>,
}

/// A delivery that has come to its end.
#[derive(Debug)]
struct Ended {
    id: DeliveryId,
    erasure: Option<ErasureId>,
    end: ReceiptState,
    answer: String,
}

/// A delivery that could not be taken, or not be sent, right now.
#[derive(Debug)]
struct Later {
    id: DeliveryId,
    attempts: i64,
    error: String,
}

/// Why a host is left alone, and for how long if it says so.
#[derive(Debug, Clone)]
struct Unreachable {
    error: String,
    wait_secs: Option<i64>,
}

/// What became of one delivery.
#[derive(Debug)]
enum Tried {
    Ended(Ended),
    /// The host could not take it.
    Later(Later),
    /// It could not be signed, or not be sent for another reason that is ours.
    Unready(Later),
    /// It was not sent, or nobody knows: it waits.
    Left,
    /// It is not to be sent any more.
    TakenBack,
}

/// What the lanes of a host tell each other.
#[derive(Debug)]
struct Shared {
    node: Federation,
    began_at: Timestamp,
    stop: CancellationToken,
    manner: Mutex<Manner>,
    stopped: AtomicBool,
    unreachable: Mutex<Option<Unreachable>>,
}

/// Works off what a host is due. Told to stop, it begins nothing more.
async fn work_off(node: Federation, load: Load, stop: CancellationToken) -> Report {
    let Load { host, due, proven } = load;
    let known = Manner::remembered(host.signature.as_deref());
    let shared = Arc::new(Shared {
        began_at: node.app().now(),
        node,
        stop,
        manner: Mutex::new(known),
        stopped: AtomicBool::new(false),
        unreachable: Mutex::default(),
    });
    let mut report = Report {
        host,
        ended: Vec::new(),
        later: Vec::new(),
        complaint: None,
        unreachable: None,
        interrupted: false,
        prefers: None,
    };
    let mut lanes = lanes(due);
    if !proven {
        lanes = knock(&shared, lanes, &mut report).await;
    }
    let mut tried =
        stream::iter(lanes).map(|lane| try_lane(Arc::clone(&shared), lane)).buffer_unordered(WINDOW);
    while let Some(lane) = tried.next().await {
        for one in lane {
            report.add(one);
        }
    }
    report.unreachable = shared.unreachable.lock().unwrap_or_else(PoisonError::into_inner).take();
    report.interrupted = report.unreachable.is_none() && shared.stopped.load(Ordering::Relaxed);
    let spoke = *shared.manner.lock().unwrap_or_else(PoisonError::into_inner);
    report.prefers = (spoke != known).then_some(spoke);
    report
}

/// Tries one delivery after another until the host takes one, and gives what may now go side by side. What it has
/// not failed over yet goes first. A host that fails over several threads and takes nothing has failed itself; one that
/// had failed before has failed again with the first.
async fn knock(shared: &Shared, mut lanes: Vec<Vec<Due>>, report: &mut Report) -> Vec<Vec<Due>> {
    lanes.sort_by_key(|lane| lane.first().map(|due| due.attempts));
    let failures_max = if report.host.failures == 0 { KNOCKS_MAX } else { 1 };
    let mut failures = 0;
    let mut lanes = lanes.into_iter();
    while let Some(lane) = lanes.next() {
        let mut lane = lane.into_iter();
        while let Some(due) = lane.next() {
            if shared.is_over() {
                return Vec::new();
            }
            let tried = try_one(shared, &due).await;
            let (was_taken, goes_on) = (tried.was_taken(), tried.is_over());
            if let Tried::Later(later) = &tried {
                failures += 1;
                if failures == failures_max {
                    shared.give_up_on_host(Unreachable { error: later.error.clone(), wait_secs: None });
                }
            }
            report.add(tried);
            if was_taken {
                return std::iter::once(lane.collect()).chain(lanes).collect();
            }
            if !goes_on {
                // What comes after it in its thread waits behind it.
                break;
            }
        }
    }
    Vec::new()
}

/// What belongs to the same thread, together and in order; threads in the order of their first.
fn lanes(due: Vec<Due>) -> Vec<Vec<Due>> {
    let mut lanes: Vec<Vec<Due>> = Vec::new();
    let mut place: HashMap<String, usize> = HashMap::new();
    for due in due {
        let at = *place.entry(due.thread.clone()).or_insert(lanes.len());
        match lanes.get_mut(at) {
            Some(lane) => lane.push(due),
            None => lanes.push(vec![due]),
        }
    }
    lanes
}

async fn try_lane(shared: Arc<Shared>, lane: Vec<Due>) -> Vec<Tried> {
    let mut tried = Vec::with_capacity(lane.len());
    for due in &lane {
        if shared.is_over() {
            break;
        }
        let one = try_one(&shared, due).await;
        let goes_on = one.is_over();
        tried.push(one);
        if !goes_on {
            break;
        }
    }
    tried
}

async fn try_one(shared: &Shared, due: &Due) -> Tried {
    let ended = |end, answer| Tried::Ended(Ended { id: due.id, erasure: due.erasure_id, end, answer });
    match send::send(&shared.node, due.id, &shared.manner).await {
        Ok(Sent::Arrived(answer)) => ended(ReceiptState::Arrived, answer),
        Ok(Sent::Refused(answer)) => ended(ReceiptState::Refused, answer),
        Ok(Sent::TooLate(answer)) => ended(ReceiptState::GaveUp, answer),
        Ok(Sent::TakenBack) => Tried::TakenBack,
        Ok(Sent::Later { attempts, error }) => Tried::Later(Later { id: due.id, attempts, error }),
        Ok(Sent::Unready { attempts, error }) => Tried::Unready(Later { id: due.id, attempts, error }),
        Ok(Sent::Unreachable { error, wait_secs }) => {
            shared.give_up_on_host(Unreachable { error, wait_secs });
            Tried::Left
        }
        Err(error) => {
            tracing::warn!(
                host.name = due.host,
                error = &error as &dyn std::error::Error,
                "delivery interrupted"
            );
            shared.stopped.store(true, Ordering::Relaxed);
            Tried::Left
        }
    }
}

impl Tried {
    /// Whether what follows in the same thread may go.
    const fn is_over(&self) -> bool {
        match self {
            Self::Ended(_) | Self::TakenBack => true,
            Self::Later(_) | Self::Unready(_) | Self::Left => false,
        }
    }

    /// Whether the host took it: it is there, and does what it should.
    const fn was_taken(&self) -> bool {
        matches!(self, Self::Ended(Ended { end: ReceiptState::Arrived, .. }))
    }
}

impl Shared {
    /// The host is left alone. What was said of it first holds.
    fn give_up_on_host(&self, why: Unreachable) {
        self.unreachable.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Nothing more is begun: the host cannot be reached, or it is not held for long enough.
    fn is_over(&self) -> bool {
        let until = self.began_at.plus_secs(HOLD_SECS / 2);
        self.stop.is_cancelled() || self.stopped.load(Ordering::Relaxed) || self.node.app().now() > until
    }
}

impl Report {
    fn add(&mut self, tried: Tried) {
        match tried {
            Tried::Ended(ended) => {
                if ended.end != ReceiptState::Arrived {
                    self.complaint = Some(ended.answer.clone());
                }
                self.ended.push(ended);
            }
            Tried::Later(later) | Tried::Unready(later) => {
                self.complaint = Some(later.error.clone());
                self.later.push(later);
            }
            Tried::Left | Tried::TakenBack => {}
        }
    }

    fn took_something(&self) -> bool {
        self.ended.iter().any(|ended| ended.end == ReceiptState::Arrived)
    }
}

/// The wait before the next try: doubling from the first, up to the longest, give or take a fifth, so
/// that not everybody comes back at the same moment.
pub fn backoff_millis(node: &Federation, failures: i64) -> i64 {
    let settings = node.settings();
    let doublings = u32::try_from(failures.max(0)).unwrap_or(DOUBLINGS_MAX).min(DOUBLINGS_MAX);
    let secs = settings.retry_first_secs.saturating_mul(1 << doublings).min(settings.retry_max_secs);
    let fifth = (secs.saturating_mul(1_000) / 5).max(1);
    let chance = i64::from(u16::from_le_bytes(node.app().random()));
    secs.saturating_mul(1_000) - fifth + chance * (2 * fifth) / i64::from(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_together_stays_in_order_and_threads_go_side_by_side() {
        let due = |id, thread: &str| Due {
            id: DeliveryId::new(id),
            host: "b.example".to_owned(),
            thread: thread.to_owned(),
            attempts: 0,
            erasure_id: None,
        };
        let lanes = lanes(vec![due(1, "a"), due(2, "b"), due(3, "a"), due(4, "c"), due(5, "b")]);
        let ids: Vec<Vec<i64>> =
            lanes.iter().map(|lane| lane.iter().map(|due| due.id.get()).collect()).collect();
        assert_eq!(ids, [vec![1, 3], vec![2, 5], vec![4]]);
    }
}
