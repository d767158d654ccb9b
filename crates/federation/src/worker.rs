//! The workers: they do the jobs and work off the deliveries, woken by every commit that adds some.

use crate::deliver::{self, dispatch};
use crate::keys::KeyError;
use crate::node::{Federation, ReadError};
use crate::outgoing;
use crate::push;
use crate::receive::act;
use crate::{backfill, host_lists, moderators, software, synchronize, thread, unanswered};
use alongside_app::letters::NotCarried;
use alongside_app::{inbox, letters, memberships, polls, sanctions, scheduled, search, uploads};
use alongside_domain::causes;
use alongside_domain::id::{InboxId, JobId};
use alongside_domain::job::Job;
use alongside_domain::limits::FILM_WORK_SECS_MAX;
use alongside_store::jobs::{self, Claimed, Whose};
use alongside_store::{deliveries, error, hosts};
use std::error::Error;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Workers that do jobs.
const WORKERS: usize = 6;
/// Of these, workers that do only what needs no other node.
const OWN_WORKERS: usize = 2;
/// How long one job may take; less than a claim holds, so that nobody else begins it meanwhile.
const JOB_DEADLINE: Duration = Duration::from_secs(100);
/// How long a job may take that encodes a film, which is the only one that takes so long.
const FILM_DEADLINE: Duration = Duration::from_secs(FILM_WORK_SECS_MAX + 60);
/// Jobs of a sequence claimed at once.
const BATCH: i64 = 32;
/// How long a claim on jobs holds.
const LEASE_SECS: i64 = 180;
/// Tries before a job is given up.
pub const ATTEMPTS_MAX: i64 = 12;
/// How often a worker looks for itself, should no bell ring: another process may have added work.
const POLL: Duration = Duration::from_secs(1);
/// How long a worker waits after the store failed it.
const PAUSE: Duration = Duration::from_secs(2);

/// Why a job was not done.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Trying later may help.
    #[error("{0}")]
    Retry(String),
    /// It will never be done.
    #[error("{0}")]
    Fail(String),
}

impl JobError {
    /// Trying later may help against this.
    pub(crate) fn retry(error: &(dyn Error + 'static)) -> Self {
        Self::Retry(causes::line(error))
    }

    /// Nothing helps against this.
    pub(crate) fn fail(error: &(dyn Error + 'static)) -> Self {
        Self::Fail(causes::line(error))
    }
}

/// Works until told to stop, and then until what was begun is done.
pub async fn run(node: Federation, stop: CancellationToken) {
    let mut tasks = JoinSet::new();
    for worker in 0..WORKERS {
        // Some workers never wait for other nodes, so that what members do here goes out whatever comes in.
        let whose = if worker < OWN_WORKERS { Whose::Own } else { Whose::Anybodys };
        tasks.spawn(do_jobs(node.for_jobs(), whose, stop.clone()));
    }
    tasks.spawn(dispatch::run(node, stop));
    while tasks.join_next().await.is_some() {}
}

/// Does everything that is due, jobs and deliveries, until nothing is. For tests, which move the clock.
pub async fn drain(node: &Federation) -> Result<usize, error::Error> {
    let mut done = 0;
    loop {
        let mut busy = do_some(&node.for_jobs(), Whose::Anybodys, &CancellationToken::new()).await?;
        busy += dispatch::drain(node).await?;
        if busy == 0 {
            return Ok(done);
        }
        done += busy;
    }
}

async fn do_jobs(node: Federation, whose: Whose, stop: CancellationToken) {
    loop {
        let wait = match do_some(&node, whose, &stop).await {
            Ok(0) => POLL,
            Ok(_) => Duration::ZERO,
            Err(error) => {
                tracing::warn!(error = &error as &dyn Error, "jobs have to wait");
                PAUSE
            }
        };
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = node.app().store().wake().listen(whose.bell()).heard(wait) => {}
        }
    }
}

/// Claims some jobs and does them, one after the other, until told to stop. How many there were.
async fn do_some(node: &Federation, whose: Whose, stop: &CancellationToken) -> Result<usize, error::Error> {
    let app = node.app();
    let now = app.now();
    if !jobs::is_any_due(&mut app.reader(), whose, now).await? {
        return Ok(0);
    }
    let mut tx = app.store().begin().await?;
    let claimed =
        jobs::claim(&mut tx, app.ids().node_number(), whose, now, now.plus_secs(LEASE_SECS), BATCH).await?;
    tx.commit().await?;
    if claimed.is_empty() {
        return Ok(0);
    }
    // A commit that added several jobs woke one worker of each kind.
    app.store().wake().ring(whose.bell());
    let mut done: Vec<JobId> = Vec::new();
    for (index, job) in claimed.iter().enumerate() {
        // The rest is for the next start, or for later because the claim will not hold for it.
        if stop.is_cancelled() || app.now() > now.plus_secs(LEASE_SECS / 3) {
            let rest: Vec<JobId> = claimed[index..].iter().map(|job| job.id).collect();
            let mut tx = app.store().begin().await?;
            jobs::release(&mut tx, &rest).await?;
            tx.commit().await?;
            break;
        }
        let deadline = deadline_of(job);
        if deadline > JOB_DEADLINE {
            hold(node, &claimed[index..], deadline).await?;
        }
        let outcome = tokio::time::timeout(deadline, Box::pin(do_one(node, job))).await;
        match outcome.unwrap_or_else(|_| Err(JobError::Retry("it took too long".to_owned()))) {
            Ok(()) => done.push(job.id),
            Err(JobError::Retry(reason)) if job.attempts < ATTEMPTS_MAX => {
                put_off(node, job, &reason).await?;
            }
            Err(JobError::Retry(reason) | JobError::Fail(reason)) => {
                tracing::warn!(job.id = job.id.get(), job.error = reason, "job given up");
                done.push(job.id);
            }
        }
    }
    if !done.is_empty() {
        let mut tx = app.store().begin().await?;
        jobs::finish(&mut tx, &done).await?;
        tx.commit().await?;
    }
    Ok(claimed.len())
}

fn deadline_of(claimed: &Claimed) -> Duration {
    if matches!(claimed.job(), Ok(Job::Film { .. })) { FILM_DEADLINE } else { JOB_DEADLINE }
}

/// Lets a claim hold for so long, so that nobody else begins what is being done.
async fn hold(node: &Federation, claimed: &[Claimed], time: Duration) -> Result<(), error::Error> {
    let ids: Vec<JobId> = claimed.iter().map(|job| job.id).collect();
    let secs = i64::try_from(time.as_secs()).unwrap_or(i64::MAX).saturating_add(LEASE_SECS);
    let mut tx = node.app().store().begin().await?;
    jobs::hold(&mut tx, &ids, node.app().now().plus_secs(secs)).await?;
    tx.commit().await
}

async fn put_off(node: &Federation, job: &Claimed, reason: &str) -> Result<(), error::Error> {
    let due_at = node.app().now().plus_millis(deliver::backoff_millis(node, job.attempts - 1));
    let mut tx = node.app().store().begin().await?;
    jobs::retry(&mut tx, job.id, due_at, reason).await?;
    tx.commit().await
}

/// One match that does every kind of job. Doing one twice is harmless.
async fn do_one(node: &Federation, claimed: &Claimed) -> Result<(), JobError> {
    let job = claimed.job().map_err(|error| JobError::fail(&error))?;
    match job {
        Job::Receive { inbox } => receive(node, inbox, claimed.attempts).await,
        Job::Moderators { community } => Ok(moderators::read(node, community).await?),
        Job::Backfill { community } => {
            software::look_at(node, community).await?;
            Ok(backfill::community(node, community).await?)
        }
        Job::Publish { post } => {
            software::look_for(node, post).await?;
            outgoing::send(node, &job).await
        }
        Job::Replies { post } => Ok(thread::around(node, post).await?),
        Job::Film { media } => {
            uploads::make_ready(node.app(), media).await.map_err(|error| JobError::retry(&error))
        }
        Job::HostLists => Ok(host_lists::refresh(node).await?),
        Job::IndexOlder { below } => Ok(search::index_older(node.app(), below).await?),
        Job::LetGo { community } => Ok(memberships::let_go(node.app(), community).await?),
        Job::Synchronize { actor, url } => Ok(synchronize::ask(node, actor, &url).await?),
        Job::Push { token, member, notice } => push::send(node, token, member, notice).await,
        Job::Letter { account, letter } => Ok(letters::send(node.app(), account, letter).await?),
        Job::PublishScheduled { scheduled } => Ok(scheduled::publish(node.app(), scheduled).await?),
        Job::PollEnded { poll } => Ok(polls::end(node.app(), poll).await?),
        Job::SanctionEnded { sanction } => Ok(sanctions::end(node.app(), sanction).await?),
        Job::Accept { follow } => {
            software::look(node, follow).await?;
            outgoing::send(node, &job).await
        }
        Job::Follow { follow } => {
            outgoing::send(node, &job).await?;
            Ok(unanswered::ask_later(node, follow).await?)
        }
        Job::Relay { .. }
        | Job::Forward { .. }
        | Job::Revise { .. }
        | Job::Withdraw { .. }
        | Job::React { .. }
        | Job::Unreact { .. }
        | Job::Boost { .. }
        | Job::Unboost { .. }
        | Job::Unfollow { .. }
        | Job::Reject { .. }
        | Job::RefuseQuote { .. }
        | Job::Vote { .. }
        | Job::Moderate { .. }
        | Job::Flag { .. }
        | Job::Depart { .. }
        | Job::Move { .. }
        | Job::Profile { .. } => outgoing::send(node, &job).await,
    }
}

/// Acts on what arrived, and writes down what became of it.
async fn receive(node: &Federation, id: InboxId, attempts: i64) -> Result<(), JobError> {
    let arrival = alongside_store::inbox::find(&mut node.app().reader(), id).await?;
    let Some(arrival) = arrival else { return Ok(()) };
    let outcome = match act::on(&node.for_one_arrival(), &arrival).await {
        Ok(act::Outcome::Done) => "done",
        Err(later @ act::Error::Later(..)) if attempts < ATTEMPTS_MAX => return Err(JobError::retry(&later)),
        Ok(act::Outcome::Ignored(reason)) | Err(act::Error::Never(reason) | act::Error::Later(reason, _)) => {
            reason
        }
    };
    tracing::debug!(inbox.id = id.get(), inbox.outcome = outcome, "acted on what arrived");
    Ok(inbox::finish(node.app(), id, outcome).await?)
}

/// Lets what a process of this node number has in hand be done by any, now and not when its claim runs out: at its start,
/// for it may have been killed, and at its end, when what took too long was cut off.
pub async fn let_go(node: &Federation) -> Result<(), error::Error> {
    let mut tx = node.app().store().begin().await?;
    jobs::release_of(&mut tx, node.app().ids().node_number()).await?;
    tx.commit().await
}

/// Tries a host again at once, because an operator says so.
pub async fn hurry(node: &Federation, host: &str) -> Result<u64, error::Error> {
    let mut tx = node.app().store().begin().await?;
    hosts::reset(&mut tx, host, node.app().now()).await?;
    let hurried = deliveries::hurry(&mut tx, host, node.app().now()).await?;
    tx.commit().await?;
    Ok(hurried)
}

impl From<error::Error> for JobError {
    fn from(error: error::Error) -> Self {
        Self::retry(&error)
    }
}

impl From<ReadError> for JobError {
    fn from(error: ReadError) -> Self {
        if error.is_temporary() { Self::retry(&error) } else { Self::fail(&error) }
    }
}

impl From<KeyError> for JobError {
    fn from(error: KeyError) -> Self {
        Self::retry(&error)
    }
}

impl From<letters::Error> for JobError {
    fn from(error: letters::Error) -> Self {
        match error {
            letters::Error::NotCarried(reason @ NotCarried::Later(_)) => Self::Retry(reason.to_string()),
            letters::Error::NotCarried(reason @ NotCarried::Never(_)) => Self::Fail(reason.to_string()),
            letters::Error::Store(error) => error.into(),
        }
    }
}

impl From<act::Error> for JobError {
    fn from(error: act::Error) -> Self {
        match error {
            later @ act::Error::Later(..) => Self::retry(&later),
            act::Error::Never(reason) => Self::Fail(reason.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::federation;
    use alongside_domain::id::ActorId;
    use alongside_testkit::node::Node;

    alongside_testkit::both_engines! {
        async fn what_is_claimed_and_not_begun_waits_for_the_next_start(node: Node) {
            let federation = federation(&node, Vec::new());
            let mut tx = node.store().begin().await.unwrap();
            for number in 1..=2 {
                let job = Job::LetGo { community: ActorId::new(number) };
                jobs::push(&mut tx, node.app.next_id(), &job, "one after the other", node.app.now()).await.unwrap();
            }
            tx.commit().await.unwrap();
            let (told, untold) = (CancellationToken::new(), CancellationToken::new());
            told.cancel();
            do_some(&federation, Whose::Anybodys, &told).await.unwrap();
            assert_eq!(node.queued().await.len(), 2);
            do_some(&federation, Whose::Anybodys, &untold).await.unwrap();
            assert!(node.queued().await.is_empty());
        }

        async fn what_a_process_had_in_hand_when_it_ended_is_done_at_once(node: Node) {
            let federation = federation(&node, Vec::new());
            let (own, anothers) = (node.app.ids().node_number(), 7);
            for (number, worker) in [(1, own), (2, anothers)] {
                let mut tx = node.store().begin().await.unwrap();
                let (now, job) = (node.app.now(), Job::LetGo { community: ActorId::new(number) });
                jobs::push(&mut tx, node.app.next_id(), &job, "", now).await.unwrap();
                let lease_until = now.plus_secs(LEASE_SECS);
                jobs::claim(&mut tx, worker, Whose::Anybodys, now, lease_until, BATCH).await.unwrap();
                tx.commit().await.unwrap();
            }
            assert_eq!(drain(&federation).await.unwrap(), 0, "both are in hand");
            let_go(&federation).await.unwrap();
            assert_eq!(drain(&federation).await.unwrap(), 1);
            node.clock.advance_secs(LEASE_SECS + 1);
            let left = node.queued().await;
            assert_eq!(left, [Job::LetGo { community: ActorId::new(2) }], "that one was in other hands");
        }
    }
}
