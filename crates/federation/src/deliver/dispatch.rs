//! Whose turn it is: hosts with something due are taken in hand, many in one transaction, and what became of
//! their deliveries is written down in the same one.
//!
//! Hosts in good standing and hosts that failed last have lanes of their own, so that however many hang,
//! nobody who answers waits for them.

use crate::deliver::{self, HOLD_SECS, Load, Report, Unreachable};
use crate::node::Federation;
use alongside_domain::clock::Timestamp;
use alongside_domain::erasure::ReceiptState;
use alongside_domain::id::DeliveryId;
use alongside_store::deliveries::{self, Due};
use alongside_store::engine::Tx;
use alongside_store::held_hosts::{self, Held, Wanted};
use alongside_store::wake::Bell;
use alongside_store::{erasures, error, hosts};
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use tokio::task::{self, JoinSet};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

/// Hosts in good standing that are delivered to at the same time. One that hangs costs a socket and little else.
const HEALTHY_AT_ONCE: usize = 2_048;
/// Hosts that failed last and are tried again at the same time.
const FAILED_AT_ONCE: usize = 512;
/// Deliveries to one host in one go.
const EACH: i64 = 60;
/// How long what became of some is kept back, so that more can be written down with it.
const GATHER: Duration = Duration::from_millis(4);
/// How often it is looked what is due, should no bell ring: circuits close, and other processes add work.
const POLL: Duration = Duration::from_secs(1);
/// How long to wait after the store failed.
const PAUSE: Duration = Duration::from_secs(2);

/// Who is at work, and on which host.
type Busy = HashMap<task::Id, Work>;

/// A host that is being worked off.
#[derive(Debug)]
struct Work {
    host: String,
    /// It is in good standing.
    healthy: bool,
}

/// How many hosts may still be taken in hand.
#[derive(Debug, Clone, Copy)]
struct Room {
    healthy: usize,
    failed: usize,
}

/// Delivers until told to stop, and then until what was begun has ended.
pub async fn run(node: Federation, stop: CancellationToken) {
    let mut tasks: JoinSet<Report> = JoinSet::new();
    let mut busy: Busy = HashMap::new();
    let mut reports: Vec<Report> = Vec::new();
    while !stop.is_cancelled() {
        let store = node.app().store().clone();
        let listening = store.wake().listen(Bell::Deliveries);
        let wait = match turn(&node, &reports, Some(room(&busy))).await {
            Ok(loads) => {
                reports.clear();
                begin(&node, loads, &stop, &mut tasks, &mut busy);
                POLL
            }
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "deliveries have to wait");
                PAUSE
            }
        };
        tokio::select! {
            biased;
            () = stop.cancelled() => {}
            Some(ended) = tasks.join_next_with_id(), if !tasks.is_empty() && wait == POLL => {
                end(ended, &mut busy, &mut reports);
                gather(&mut tasks, &mut busy, &mut reports).await;
            }
            () = listening.heard(wait) => {}
        }
    }
    while let Some(ended) = tasks.join_next_with_id().await {
        end(ended, &mut busy, &mut reports);
    }
    if let Err(error) = turn(&node, &reports, None).await {
        tracing::warn!(error = &error as &dyn std::error::Error, "what was delivered last is sent once more");
    }
}

/// Delivers everything that is due, host by host. For tests, which move the clock. How many were tried.
pub async fn drain(node: &Federation) -> Result<usize, error::Error> {
    let (mut tried, mut reports) = (0, Vec::new());
    loop {
        let room = Room { healthy: HEALTHY_AT_ONCE, failed: FAILED_AT_ONCE };
        let loads = turn(node, &reports, Some(room)).await?;
        reports.clear();
        if loads.is_empty() {
            return Ok(tried);
        }
        for load in loads {
            tried += load.due.len();
            reports.push(deliver::work_off(node.clone(), load, CancellationToken::new()).await);
        }
    }
}

/// Begins to work hosts off. One that somebody is still at work on, because this process was asleep for longer than it
/// held the host, is in its hands again, and nobody begins with it anew.
fn begin(
    node: &Federation,
    loads: Vec<Load>,
    stop: &CancellationToken,
    tasks: &mut JoinSet<Report>,
    busy: &mut Busy,
) {
    if loads.is_empty() {
        return;
    }
    let at_work: HashSet<String> = busy.values().map(|work| work.host.clone()).collect();
    for load in loads.into_iter().filter(|load| !at_work.contains(&load.host.name)) {
        let work = Work { host: load.host.name.clone(), healthy: load.host.failures == 0 };
        busy.insert(tasks.spawn(deliver::work_off(node.clone(), load, stop.clone())).id(), work);
    }
}

fn room(busy: &Busy) -> Room {
    let healthy = busy.values().filter(|work| work.healthy).count();
    Room {
        healthy: HEALTHY_AT_ONCE.saturating_sub(healthy),
        failed: FAILED_AT_ONCE.saturating_sub(busy.len() - healthy),
    }
}

/// One that panicked has ended too. Its host is free again when it is held no longer.
fn end(ended: Result<(task::Id, Report), task::JoinError>, busy: &mut Busy, reports: &mut Vec<Report>) {
    match ended {
        Ok((id, report)) => {
            busy.remove(&id);
            reports.push(report);
        }
        Err(panicked) => {
            busy.remove(&panicked.id());
        }
    }
}

async fn gather(tasks: &mut JoinSet<Report>, busy: &mut Busy, reports: &mut Vec<Report>) {
    let until = Instant::now() + GATHER;
    while let Ok(Some(ended)) = timeout_at(until, tasks.join_next_with_id()).await {
        end(ended, busy, reports);
    }
}

/// Writes down what became of deliveries, and takes in hand what is due next: more for the same hosts, and
/// other hosts, as far as there is room. Without room, everything is given back.
async fn turn(node: &Federation, reports: &[Report], room: Option<Room>) -> Result<Vec<Load>, error::Error> {
    let app = node.app();
    let now = app.now();
    let wants_more = match room {
        Some(_) => held_hosts::is_any_due(&mut app.reader(), now).await?,
        None => false,
    };
    if reports.is_empty() && !wants_more {
        return Ok(Vec::new());
    }
    let mut tx = app.store().begin().await?;
    let mut names: Vec<String> = reports.iter().map(|report| report.host.name.clone()).collect();
    names.sort_unstable();
    let held = held_hosts::hold(&mut tx, &names).await?;
    let ended = write_ends_down(&mut tx, reports, now).await?;
    let number = app.ids().node_number();
    let held: HashSet<String> =
        held.into_iter().filter(|host| host.leased_by == number).map(|host| host.name).collect();
    // What another process has taken over while this one was asleep is that one's to judge.
    let still_ours: Vec<&Report> = reports.iter().filter(|report| held.contains(&report.host.name)).collect();
    write_down(&mut tx, node, &still_ours, now).await?;
    let mut ours = go_on(&mut tx, &still_ours, room.is_some(), now).await?;
    if let Some(room) = room.filter(|_| wants_more) {
        for (healthy, limit) in [(true, room.healthy), (false, room.failed)] {
            let wanted = Wanted { healthy, limit: i64::try_from(limit).unwrap_or(i64::MAX) };
            let until = now.plus_secs(HOLD_SECS);
            let claimed = held_hosts::claim(&mut tx, number, wanted, now, until).await?;
            ours.extend(claimed.into_iter().map(|host| (host, false)));
        }
    }
    let loads = load(&mut tx, ours, now).await?;
    tx.commit().await?;
    node.counts().delivered(ended.into_iter());
    Ok(loads)
}

/// Removes what has come to its end and keeps what hosts answered to erasures. Each delivery ends once, whoever brought it
/// there.
async fn write_ends_down(
    tx: &mut Tx,
    reports: &[Report],
    now: Timestamp,
) -> Result<Vec<ReceiptState>, error::Error> {
    let ids: Vec<DeliveryId> =
        reports.iter().flat_map(|report| report.ended.iter().map(|ended| ended.id)).collect();
    let was_there = deliveries::finish(tx, &ids).await?;
    let mut ends = Vec::with_capacity(was_there.len());
    for report in reports {
        for ended in &report.ended {
            if !was_there.contains(&ended.id) {
                continue;
            }
            ends.push(ended.end);
            if let Some(erasure) = ended.erasure {
                erasures::answered(tx, erasure, &report.host.name, ended.end, &ended.answer, now).await?;
            }
        }
    }
    Ok(ends)
}

async fn write_down(
    tx: &mut Tx,
    node: &Federation,
    reports: &[&Report],
    now: Timestamp,
) -> Result<(), error::Error> {
    let took = reports.iter().filter(|report| report.took_something());
    let took: Vec<String> = took.map(|report| report.host.name.clone()).collect();
    hosts::succeeded(tx, &took, now).await?;
    for report in reports {
        let host = report.host.name.as_str();
        for later in &report.later {
            let due_at = now.plus_millis(deliver::backoff_millis(node, later.attempts));
            deliveries::retry(tx, later.id, due_at, &later.error).await?;
        }
        if let Some(complaint) = &report.complaint {
            hosts::refused(tx, host, now, complaint).await?;
        }
        if let Some(manner) = report.prefers {
            hosts::remember_signature(tx, host, manner.as_str()).await?;
        }
        if let Some(unreachable) = &report.unreachable {
            leave_alone(tx, node, &report.host, unreachable, now).await?;
        }
    }
    Ok(())
}

/// The circuit of a host opens, and what has waited for too long is given up.
async fn leave_alone(
    tx: &mut Tx,
    node: &Federation,
    host: &Held,
    unreachable: &Unreachable,
    now: Timestamp,
) -> Result<(), error::Error> {
    // However soon it asks us back: what asks at once, and fails, would be asked without end.
    let asked = |secs: i64| secs.max(node.settings().retry_first_secs).saturating_mul(1_000);
    let own = || deliver::backoff_millis(node, host.failures);
    let wait_millis = unreachable.wait_secs.map_or_else(own, asked);
    hosts::failed(tx, &host.name, now, now.plus_millis(wait_millis), &unreachable.error).await?;
    let long_ago: DeliveryId = node.app().ids().at(now.plus_secs(-deliver::GIVE_UP_SECS));
    erasures::close_host(tx, &host.name, Some(long_ago), ReceiptState::GaveUp, now).await?;
    let gave_up = deliveries::drop_all(tx, &host.name, Some(long_ago)).await?;
    node.counts().gave_up(gave_up);
    tracing::info!(host.name = host.name, delivery.gave_up = gave_up, "host left alone for a while");
    Ok(())
}

/// The hosts that are worked off further, and whether they are known to answer. The others are given back.
async fn go_on(
    tx: &mut Tx,
    reports: &[&Report],
    may: bool,
    now: Timestamp,
) -> Result<Vec<(Held, bool)>, error::Error> {
    let reachable = reports.iter().filter(|report| report.unreachable.is_none());
    let (on, back): (Vec<&Report>, Vec<&Report>) =
        reachable.copied().partition(|report: &&Report| may && !report.interrupted);
    let names = |reports: &[&Report]| -> Vec<String> {
        reports.iter().map(|report| report.host.name.clone()).collect()
    };
    held_hosts::put_back(tx, &names(&back), now).await?;
    held_hosts::keep(tx, &names(&on), now.plus_secs(HOLD_SECS)).await?;
    let further = on.iter().map(|report| {
        let took = report.took_something();
        let failures = if took { 0 } else { report.host.failures };
        let spoke = report.prefers.map(|manner| manner.as_str().to_owned());
        let signature = spoke.or_else(|| report.host.signature.clone());
        (Held { name: report.host.name.clone(), signature, failures }, took)
    });
    Ok(further.collect())
}

/// What these hosts are due. Those that nothing is due for are given back.
async fn load(tx: &mut Tx, hosts: Vec<(Held, bool)>, now: Timestamp) -> Result<Vec<Load>, error::Error> {
    let names: Vec<String> = hosts.iter().map(|(host, _)| host.name.clone()).collect();
    let mut due: HashMap<String, Vec<Due>> = HashMap::new();
    for one in deliveries::due(tx, &names, now, EACH).await? {
        due.entry(one.host.clone()).or_default().push(one);
    }
    let (mut loads, mut idle) = (Vec::new(), Vec::new());
    for (host, proven) in hosts {
        match due.remove(&host.name) {
            Some(due) => loads.push(Load { host, due, proven }),
            None => idle.push(host.name),
        }
    }
    held_hosts::release(tx, &idle, now).await?;
    Ok(loads)
}

#[cfg(test)]
mod tests;
