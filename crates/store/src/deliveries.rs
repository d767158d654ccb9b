//! Activities on their way: one row for each inbox, worked off host by host, gone when it has come to an end.
//!
//! Order is kept for each host and thread: nothing is sent while something earlier of the same
//! thread still waits for the same host. Who works off a host holds it ([`crate::held_hosts`]).

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use crate::value::numbers;
use crate::wake::Bell;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActivityId, ActorId, DeliveryId, ErasureId};
use std::collections::HashSet;

/// A delivery to be added.
#[derive(Debug, Clone, Copy)]
pub struct New<'a> {
    /// Its id.
    pub id: DeliveryId,
    /// What is delivered.
    pub activity: ActivityId,
    /// The host it goes to; the host's own row must exist ([`crate::hosts::wake`]).
    pub host: &'a str,
    /// The inbox there.
    pub inbox: &'a str,
    /// What it belongs to.
    pub thread: &'a str,
    /// The erasure it tells of, so that the answer to it is kept.
    pub erasure: Option<ErasureId>,
}

/// Adds a delivery, once for each activity and inbox; true if it was not there.
pub async fn push(tx: &mut Tx, new: New<'_>, now: Timestamp) -> Result<bool, Error> {
    let pushed = tx
        .query(
            "insert into delivery (id, activity_id, host, inbox, thread, due_at, erasure_id)
            values ($1, $2, $3, $4, $5, $6, $7) on conflict (activity_id, inbox) do nothing",
        )
        .bind(new.id)
        .bind(new.activity)
        .bind(new.host)
        .bind(new.inbox)
        .bind(new.thread)
        .bind(now)
        .bind(new.erasure)
        .execute()
        .await?;
    tx.ring(Bell::Deliveries);
    Ok(pushed > 0)
}

crate::row! {
    /// A delivery whose turn has come.
    pub struct Due {
        /// Its id.
        pub id: DeliveryId,
        /// Where to.
        pub host: String,
        /// What it belongs to.
        pub thread: String,
        /// How often it was tried before.
        pub attempts: i64,
        /// The erasure it tells of.
        pub erasure_id: Option<ErasureId>,
    }
}

/// What can be delivered to these hosts now, in order: some for each.
pub async fn due(
    session: &mut impl Session,
    hosts: &[String],
    now: Timestamp,
    each: i64,
) -> Result<Vec<Due>, Error> {
    if hosts.is_empty() {
        return Ok(Vec::new());
    }
    session
        .query(
            "select d.id, d.host, d.thread, d.attempts, d.erasure_id from host h join delivery d on d.host = h.name
                and d.id <= coalesce((select e.id from delivery e where e.host = h.name and e.due_at <= $2
                    order by e.id limit 1 offset $3), 9223372036854775807)
            where h.name in (select atom from json_tree($1)) and d.due_at <= $2
                and not exists (select 1 from delivery e where e.host = d.host and e.thread = d.thread
                    and e.id < d.id and e.due_at > $2)
            order by d.host, d.id",
        )
        .bind(&hosts.to_vec())
        .bind(now)
        .bind(each - 1)
        .all()
        .await
}

crate::row! {
    /// What is sent.
    pub struct Text {
        /// Who signs.
        pub actor_id: ActorId,
        /// Where to.
        pub inbox: String,
        /// The document.
        pub body: String,
        /// It is for the followers of who signs, and they alone.
        pub to_followers: bool,
        /// It is for the members of a community; what takes words back is not, because it goes wherever they went.
        pub members_only: bool,
        /// How often it was tried before.
        pub attempts: i64,
    }
}

/// What a delivery sends; none if it was taken back since it was looked up.
pub async fn text(session: &mut impl Session, id: DeliveryId) -> Result<Option<Text>, Error> {
    session
        .query(
            "select a.actor_id, d.inbox, a.body, a.to_followers, d.attempts,
                d.erasure_id is null and a.members_of is not null as members_only
            from delivery d join activity a on a.id = d.activity_id where d.id = $1",
        )
        .bind(id)
        .optional()
        .await
}

crate::row! {
    /// A delivery, and what it sends.
    pub struct OnItsWay {
        /// Its id.
        pub id: DeliveryId,
        /// The document.
        pub body: String,
    }
}

/// What waits for a host or is being sent to it, the oldest first. An erasure is not among it: whether a host has heard of one is
/// found out to the end.
pub async fn on_their_way(
    session: &mut impl Session,
    host: &str,
    limit: i64,
) -> Result<Vec<OnItsWay>, Error> {
    session
        .query(
            "select d.id, a.body from delivery d join activity a on a.id = d.activity_id
            where d.host = $1 and d.erasure_id is null order by d.id limit $2",
        )
        .bind(host)
        .bind(limit)
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

/// Removes deliveries that have come to their end, and says which were still there: what was taken back, or brought to its
/// end by somebody else, does not end twice.
pub async fn finish(tx: &mut Tx, ids: &[DeliveryId]) -> Result<HashSet<DeliveryId>, Error> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let ended: Vec<Id> = tx
        .query("delete from delivery where id in (select value from json_each($1)) returning id")
        .bind(numbers(ids.iter().map(|id| id.get())))
        .all()
        .await?;
    Ok(ended.into_iter().map(|row| row.id).collect())
}

/// Puts a delivery off after a try that failed.
pub async fn retry(tx: &mut Tx, id: DeliveryId, due_at: Timestamp, error: &str) -> Result<(), Error> {
    tx.query("update delivery set due_at = $2, attempts = attempts + 1, last_error = $3 where id = $1")
        .bind(id)
        .bind(due_at)
        .bind(error)
        .execute()
        .await?;
    Ok(())
}

/// Removes whatever waits for a host, or what waits since before an id was made; how many there were. What they
/// would have told of an erasure is written down by [`crate::erasures::close_host`] first.
pub async fn drop_all(tx: &mut Tx, host: &str, before: Option<DeliveryId>) -> Result<u64, Error> {
    tx.query("delete from delivery where host = $1 and id < coalesce($2, 9223372036854775807)")
        .bind(host)
        .bind(before)
        .execute()
        .await
}

/// Makes everything for a host due at once, because an operator says so.
pub async fn hurry(tx: &mut Tx, host: &str, now: Timestamp) -> Result<u64, Error> {
    let hurried = tx
        .query("update delivery set due_at = $2 where host = $1 and due_at > $2")
        .bind(host)
        .bind(now)
        .execute()
        .await?;
    tx.ring(Bell::Deliveries);
    Ok(hurried)
}

crate::row! {
    /// What waits for a host.
    pub struct Waiting {
        /// Which.
        pub host: String,
        /// How many deliveries.
        pub count: i64,
        /// The oldest of them.
        pub oldest_id: DeliveryId,
    }
}

/// How many deliveries wait for each of these hosts, where any do.
pub async fn waiting(session: &mut impl Session, hosts: &[String]) -> Result<Vec<Waiting>, Error> {
    session
        .query(
            "select host, count(*) as count, min(id) as oldest_id from delivery
            where host in (select atom from json_tree($1)) group by host",
        )
        .bind(&hosts.to_vec())
        .all()
        .await
}

/// The hosts that most waits for.
pub async fn longest(session: &mut impl Session, limit: i64) -> Result<Vec<Waiting>, Error> {
    session
        .query(
            "select host, count(*) as count, min(id) as oldest_id from delivery
            group by host order by count(*) desc, host limit $1",
        )
        .bind(limit)
        .all()
        .await
}
