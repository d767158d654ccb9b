//! Background work waiting to be done.
//!
//! Jobs of the same named sequence are done one after the other, in the order they were pushed;
//! an empty name means that the job waits for no other. A worker claims jobs for a while (a lease);
//! if it dies, they are claimed again when the lease has run out.
//!
//! A job that is pushed behind another of its sequence is marked, until nothing is before it any more: a worker
//! that looks for work passes over it without a look, however many wait. The mark saves time alone. What may begin
//! is decided by what waits.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::{Session, Sql};
use crate::value::numbers;
use crate::wake::Bell;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::JobId;
use alongside_domain::job::Job;
use std::collections::BTreeSet;

/// What the name of a sequence begins with whose jobs wait for other nodes, or take long for another reason.
pub const FROM_OTHERS: &str = "from:";

/// Which jobs a worker does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// All that are due.
    Anybodys,
    /// Those that are done soon, because they need no other node.
    Own,
}

impl Whose {
    /// The bell that is rung for such a worker.
    pub const fn bell(self) -> Bell {
        match self {
            Self::Anybodys => Bell::AllJobs,
            Self::Own => Bell::OwnJobs,
        }
    }
}

crate::row! {
    /// A job that a worker has claimed.
    pub struct Claimed {
        /// Its id.
        pub id: JobId,
        /// The job, as JSON.
        pub body: String,
        /// Its sequence.
        pub sequence: String,
        /// How often it was claimed, this time included.
        pub attempts: i64,
    }
}

impl Claimed {
    /// The job itself.
    pub fn job(&self) -> Result<Job, Error> {
        serde_json::from_str(&self.body).map_err(|error| Error::Inconsistent {
            column: "body",
            reason: format!("job {}: {error}", self.id),
        })
    }
}

/// Adds a job, and wakes a worker of each kind that may do it when the transaction is committed.
pub async fn push(tx: &mut Tx, id: JobId, job: &Job, sequence: &str, due_at: Timestamp) -> Result<(), Error> {
    let body = text(job)?;
    tx.query(PUSH).bind(id).bind(body).bind(sequence).bind(due_at).execute().await?;
    tx.ring(Bell::AllJobs);
    if !sequence.starts_with(FROM_OTHERS) {
        tx.ring(Bell::OwnJobs);
    }
    Ok(())
}

/// On PostgreSQL the job before it is held, so that whoever ends that one meanwhile waits, and then sees the new one.
const PUSH: Sql = Sql {
    sqlite: "insert into job (id, body, sequence, due_at, behind) select $1, $2, $3, $4,
            $3 <> '' and exists (select 1 from job where sequence = $3 and id < $1)",
    postgres: "insert into job (id, body, sequence, due_at, behind)
        with before (id) as (select id from job where sequence = $3 and $3 <> '' and id < $1
            order by id desc limit 1 for key share)
        select $1, $2, $3, $4, exists (select 1 from before)",
};

/// Whether the same job is there already, in this sequence.
pub async fn is_waiting(session: &mut impl Session, job: &Job, sequence: &str) -> Result<bool, Error> {
    let found: Option<Head> = session
        .query("select id, sequence from job where sequence = $1 and body = $2 limit 1")
        .bind(sequence)
        .bind(text(job)?)
        .optional()
        .await?;
    Ok(found.is_some())
}

/// Whether there is anything that such a worker may claim now. Asked first, because looking costs no write.
pub async fn is_any_due(session: &mut impl Session, whose: Whose, now: Timestamp) -> Result<bool, Error> {
    let found: Option<Head> = session.query(NEXT).bind(now).bind(whose == Whose::Own).optional().await?;
    Ok(found.is_some())
}

/// The job that has waited longest of those that may be claimed.
const NEXT: &str = "select j.id, j.sequence from job j where not j.behind and j.due_at <= $1 and j.leased_until < $1
        and (j.sequence = '' or not exists (select 1 from job e where e.sequence = j.sequence and e.id < j.id))
        and not ($2 and substr(j.sequence, 1, 5) = 'from:')
    order by j.due_at, j.id limit 1";

/// Claims the job that has waited longest, and those that follow it in its sequence, for the process of
/// this node number.
///
/// A worker that only does our own work leaves alone what waits for other nodes: [`FROM_OTHERS`].
pub async fn claim(
    tx: &mut Tx,
    node_number: i64,
    whose: Whose,
    now: Timestamp,
    lease_until: Timestamp,
    limit: i64,
) -> Result<Vec<Claimed>, Error> {
    let Some(head): Option<Head> = tx.query(HEAD).bind(now).bind(whose == Whose::Own).optional().await?
    else {
        return Ok(Vec::new());
    };
    let limit = if head.sequence.is_empty() { 1 } else { limit };
    let mut claimed: Vec<Claimed> = tx
        .query(
            "update job set leased_until = $1, leased_by = $6, attempts = attempts + 1
            where id in (select id from job where sequence = $2 and ($2 <> '' or id = $3) and due_at <= $4
                and leased_until < $4 order by id limit $5)
            returning id, body, sequence, attempts",
        )
        .bind(lease_until)
        .bind(head.sequence)
        .bind(head.id)
        .bind(now)
        .bind(limit)
        .bind(node_number)
        .all()
        .await?;
    claimed.sort_by_key(|job| job.id);
    Ok(claimed)
}

crate::row! {
    /// The job that is next.
    pub struct Head {
        /// Its id.
        pub id: JobId,
        /// Its sequence.
        pub sequence: String,
    }
}

/// On PostgreSQL several workers claim at once, so each passes over what another has in hand.
const HEAD: Sql = Sql {
    sqlite: NEXT,
    postgres: "select j.id, j.sequence from job j where not j.behind and j.due_at <= $1 and j.leased_until < $1
            and (j.sequence = '' or not exists (select 1 from job e where e.sequence = j.sequence and e.id < j.id))
            and not ($2 and substr(j.sequence, 1, 5) = 'from:')
        order by j.due_at, j.id limit 1 for update skip locked",
};

/// Forgets what waits in a sequence, because it is not to be done any more.
pub async fn forget(tx: &mut Tx, sequence: &str) -> Result<(), Error> {
    tx.query("delete from job where sequence = $1").bind(sequence).execute().await?;
    move_up(tx, &[sequence.to_owned()]).await
}

/// Lets claims hold until this moment.
pub async fn hold(tx: &mut Tx, ids: &[JobId], until: Timestamp) -> Result<(), Error> {
    tx.query("update job set leased_until = $2 where id in (select value from json_each($1))")
        .bind(numbers(ids.iter().map(|id| id.get())))
        .bind(until)
        .execute()
        .await?;
    Ok(())
}

/// Removes jobs that are done, or that will never be.
pub async fn finish(tx: &mut Tx, ids: &[JobId]) -> Result<(), Error> {
    let done: Vec<Sequence> = tx
        .query("delete from job where id in (select value from json_each($1)) returning sequence as name")
        .bind(numbers(ids.iter().map(|id| id.get())))
        .all()
        .await?;
    move_up(tx, &done.into_iter().map(|done| done.name).collect::<Vec<_>>()).await
}

/// Puts a job off. It leaves its place in the sequence, so that the others need not wait for it.
pub async fn retry(tx: &mut Tx, id: JobId, due_at: Timestamp, error: &str) -> Result<(), Error> {
    let Some(left): Option<Sequence> = tx.query(SEQUENCE_OF).bind(id).optional().await? else {
        return Ok(());
    };
    tx.query(
        "update job set due_at = $2, leased_until = 0, last_error = $3, behind = false, sequence = case
            when substr(sequence, 1, 5) = 'from:' then 'from:' || id else '' end
        where id = $1",
    )
    .bind(id)
    .bind(due_at)
    .bind(error)
    .execute()
    .await?;
    move_up(tx, &[left.name]).await
}

crate::row! {
    /// What a job waits in.
    pub struct Sequence {
        /// Its name.
        pub name: String,
    }
}

/// Held as in [`PUSH`], because it leaves the sequence as one that is done does.
const SEQUENCE_OF: Sql = Sql {
    sqlite: "select sequence as name from job where id = $1",
    postgres: "select sequence as name from job where id = $1 for update",
};

/// Takes the mark from the jobs that nothing of their sequence is before any more.
async fn move_up(tx: &mut Tx, sequences: &[String]) -> Result<(), Error> {
    let names: BTreeSet<&str> =
        sequences.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return Ok(());
    }
    tx.query(
        "update job set behind = false where behind and id in (
            select min(id) from job where sequence in (select atom from json_tree($1)) group by sequence)",
    )
    .bind(&names.into_iter().map(str::to_owned).collect::<Vec<_>>())
    .execute()
    .await?;
    Ok(())
}

/// Gives back jobs that were claimed and not begun.
pub async fn release(tx: &mut Tx, ids: &[JobId]) -> Result<(), Error> {
    tx.query(
        "update job set leased_until = 0, attempts = attempts - 1 where id in (select value from json_each($1))",
    )
    .bind(numbers(ids.iter().map(|id| id.get())))
    .execute()
    .await?;
    Ok(())
}

/// Gives back everything that the process of this node number had in hand when it ended.
pub async fn release_of(tx: &mut Tx, node_number: i64) -> Result<(), Error> {
    for statement in [
        "update job set leased_until = 0 where leased_until > 0 and leased_by = $1",
        "update host set leased_until = 0 where leased_until > 0 and leased_by = $1",
    ] {
        tx.query(statement).bind(node_number).execute().await?;
    }
    Ok(())
}

crate::row! {
    /// How much is waiting.
    pub struct Backlog {
        /// Jobs.
        pub jobs: i64,
        /// Deliveries.
        pub deliveries: i64,
    }
}

/// How much is waiting to be done and delivered.
pub async fn backlog(session: &mut impl Session) -> Result<Backlog, Error> {
    session
        .query("select (select count(*) from job) as jobs, (select count(*) from delivery) as deliveries")
        .one()
        .await
}

fn text(job: &Job) -> Result<String, Error> {
    serde_json::to_string(job)
        .map_err(|error| Error::Inconsistent { column: "body", reason: error.to_string() })
}
