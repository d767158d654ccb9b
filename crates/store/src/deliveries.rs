//! Activities on their way: one row for each inbox, worked off host by host.
//!
//! Order is kept for each host and thread: nothing is sent while something earlier of the same
//! thread still waits for the same host.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::{Session, Sql};
use crate::value::numbers;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActivityId, ActorId, DeliveryId};

crate::row! {
    /// A delivery that a worker has claimed, with what it needs.
    pub struct Claimed {
        /// Its id.
        pub id: DeliveryId,
        /// Who signs.
        pub actor_id: ActorId,
        /// Where to.
        pub inbox: String,
        /// What.
        pub body: String,
        /// What it belongs to.
        pub thread: String,
        /// It is for the followers of who signs, and they alone.
        pub to_followers: bool,
        /// How often it was tried before.
        pub attempts: i64,
        /// Since when it has waited.
        pub at: Timestamp,
    }
}

/// Adds a delivery, once for each activity and inbox; the host's own row must exist
/// ([`crate::hosts::ensure`]).
pub async fn push(
    tx: &mut Tx,
    id: DeliveryId,
    activity: ActivityId,
    host: &str,
    inbox: &str,
    thread: &str,
    now: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "insert into delivery (id, activity_id, host, inbox, thread, due_at) values ($1, $2, $3, $4, $5, $6)
        on conflict (activity_id, inbox) do nothing",
    )
    .bind(id)
    .bind(activity)
    .bind(host)
    .bind(inbox)
    .bind(thread)
    .bind(now)
    .execute()
    .await?;
    tx.ring();
    Ok(())
}

crate::row! {
    /// A host with something to deliver.
    pub struct DueHost {
        /// Its name.
        pub name: String,
    }
}

/// The hosts that something can be delivered to now: not blocked, their circuit closed.
pub async fn due_hosts(
    session: &mut impl Session,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<DueHost>, Error> {
    session
        .query(
            "select h.name from host h where h.open_at <= $1 and h.policy <> 'block' and exists (
                select 1 from delivery d where d.host = h.name and d.due_at <= $1 and d.leased_until < $1)
            limit $2",
        )
        .bind(now)
        .bind(limit)
        .all()
        .await
}

/// Claims what can be delivered to a host now, in order, for the process of this node number.
pub async fn claim(
    tx: &mut Tx,
    node_number: i64,
    host: &str,
    now: Timestamp,
    lease_until: Timestamp,
    limit: i64,
) -> Result<Vec<Claimed>, Error> {
    tx.query(HOLD_HOST).bind(host).execute().await?;
    let ids: Vec<Id> =
        tx.query(CLAIM).bind(host).bind(now).bind(limit).bind(lease_until).bind(node_number).all().await?;
    tx.query(
        "select d.id, a.actor_id, d.inbox, a.body, d.thread, a.to_followers, d.attempts, a.at from delivery d
        join activity a on a.id = d.activity_id where d.id in (select value from json_each($1)) order by d.id",
    )
    .bind(numbers(ids.iter().map(|row| row.id.get())))
    .all()
    .await
}

crate::row! {
    /// Names a delivery.
    pub struct Id {
        /// Its id.
        pub id: DeliveryId,
    }
}

/// On PostgreSQL several processes claim at once. One that did not see what the other is claiming would take
/// what comes after it in the same thread, so they wait for each other, for as long as a claim takes.
const HOLD_HOST: Sql = Sql {
    sqlite: "select name from host where name = $1",
    postgres: "select name from host where name = $1 for update",
};

/// On PostgreSQL others may have rows of this host in hand, to finish or to hurry them: these are passed over.
const CLAIM: Sql = Sql {
    sqlite: "update delivery set leased_until = $4, leased_by = $5 where id in (
            select d.id from delivery d where d.host = $1 and d.due_at <= $2 and d.leased_until < $2
                and not exists (select 1 from delivery e where e.host = d.host and e.thread = d.thread and e.id < d.id
                    and (e.due_at > $2 or e.leased_until >= $2))
            order by d.id limit $3)
        returning id",
    postgres: "update delivery set leased_until = $4, leased_by = $5 where id in (
            select d.id from delivery d where d.host = $1 and d.due_at <= $2 and d.leased_until < $2
                and not exists (select 1 from delivery e where e.host = d.host and e.thread = d.thread and e.id < d.id
                    and (e.due_at > $2 or e.leased_until >= $2))
            order by d.id limit $3 for update skip locked)
        returning id",
};

/// Removes deliveries that arrived, or that never will.
pub async fn finish(tx: &mut Tx, ids: &[DeliveryId]) -> Result<(), Error> {
    tx.query("delete from delivery where id in (select value from json_each($1))")
        .bind(numbers(ids.iter().map(|id| id.get())))
        .execute()
        .await?;
    Ok(())
}

/// Puts a delivery off after a try that failed.
pub async fn retry(tx: &mut Tx, id: DeliveryId, due_at: Timestamp, error: &str) -> Result<(), Error> {
    tx.query(
        "update delivery set due_at = $2, leased_until = 0, attempts = attempts + 1, last_error = $3 where id = $1",
    )
    .bind(id)
    .bind(due_at)
    .bind(error)
    .execute()
    .await?;
    Ok(())
}

/// Gives back deliveries that were claimed and not tried.
pub async fn release(tx: &mut Tx, ids: &[DeliveryId]) -> Result<(), Error> {
    tx.query("update delivery set leased_until = 0 where id in (select value from json_each($1))")
        .bind(numbers(ids.iter().map(|id| id.get())))
        .execute()
        .await?;
    Ok(())
}

/// Makes everything for a host due at once: after an outage, or because an operator says so.
pub async fn hurry(tx: &mut Tx, host: &str, now: Timestamp) -> Result<u64, Error> {
    let hurried = tx
        .query("update delivery set due_at = $2 where host = $1 and due_at > $2")
        .bind(host)
        .bind(now)
        .execute()
        .await?;
    tx.ring();
    Ok(hurried)
}

crate::row! {
    /// How much waits.
    pub struct Waiting {
        /// How many deliveries.
        pub count: i64,
    }
}

/// How many deliveries wait for a host.
pub async fn waiting(session: &mut impl Session, host: &str) -> Result<i64, Error> {
    let waiting: Waiting =
        session.query("select count(*) as count from delivery where host = $1").bind(host).one().await?;
    Ok(waiting.count)
}
