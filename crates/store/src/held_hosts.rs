//! Hosts in the hands of a process that delivers to them: no two work off the same one, and when a process
//! dies its hosts are free again after a while. One that has only been asleep may have lost them to another, so it looks
//! again ([`hold`]) before it writes down what became of its deliveries.
//!
//! `next_at` is when there is something to do for a host: at once, when its circuit closes, or when what was
//! put off is due; nothing, where nothing waits.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::{Session, Sql};
use alongside_domain::clock::Timestamp;

crate::row! {
    /// A host that this process may deliver to.
    pub struct Held {
        /// Its name.
        pub name: String,
        /// The kind of signature it is known to accept.
        pub signature: Option<String>,
        /// Tries that failed since one last succeeded.
        pub failures: i64,
    }
}

crate::row! {
    /// Names a host.
    pub struct Name {
        /// Its name.
        pub name: String,
    }
}

/// Whether there is anything to do for any host. A quick look, without a transaction.
pub async fn is_any_due(session: &mut impl Session, now: Timestamp) -> Result<bool, Error> {
    let due: Option<Name> = session
        .query(
            "select name from host where next_at <= $1 and open_at <= $1 and leased_until < $1 and policy <> 'block'
            limit 1",
        )
        .bind(now)
        .optional()
        .await?;
    Ok(due.is_some())
}

/// What is wanted of the hosts that are taken in hand.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Those in good standing; or else those that failed last.
    pub healthy: bool,
    /// How many.
    pub limit: i64,
}

/// Takes hosts in hand that there is something to do for, for the process of this node number.
pub async fn claim(
    tx: &mut Tx,
    node_number: i64,
    wanted: Wanted,
    now: Timestamp,
    until: Timestamp,
) -> Result<Vec<Held>, Error> {
    tx.query(CLAIM)
        .bind(now)
        .bind(wanted.healthy)
        .bind(wanted.limit)
        .bind(until)
        .bind(node_number)
        .all()
        .await
}

/// On PostgreSQL others may hold the row of a host for a moment: it is passed over.
const CLAIM: Sql = Sql {
    sqlite: "update host set leased_until = $4, leased_by = $5 where name in (
            select name from host where next_at <= $1 and open_at <= $1 and leased_until < $1 and policy <> 'block'
                and (failures = 0) = $2
            order by next_at limit $3)
        returning name, signature, failures",
    postgres: "update host set leased_until = $4, leased_by = $5 where name in (
            select name from host where next_at <= $1 and open_at <= $1 and leased_until < $1 and policy <> 'block'
                and (failures = 0) = $2
            order by next_at limit $3 for update skip locked)
        returning name, signature, failures",
};

crate::row! {
    /// A host, and who had it last.
    pub struct Holder {
        /// Its name.
        pub name: String,
        /// The node number of the process that took it in hand last.
        pub leased_by: i64,
    }
}

/// Waits for whoever is adding deliveries for these hosts, and keeps others from it until the transaction ends,
/// so that nothing is added between looking what waits and writing down that nothing does. Says who took each of them in
/// hand last: until the transaction ends nobody else does.
pub async fn hold(tx: &mut Tx, hosts: &[String]) -> Result<Vec<Holder>, Error> {
    if hosts.is_empty() {
        return Ok(Vec::new());
    }
    tx.query(HOLD).bind(&hosts.to_vec()).all().await
}

/// SQLite has one writer. On PostgreSQL rows are held in the order of their names, as those who add hold them.
const HOLD: Sql = Sql {
    sqlite: "select name, leased_by from host where name in (select atom from json_tree($1)) order by name",
    postgres: "select name, leased_by from host where name in (select atom from json_tree($1)) order by name for update",
};

/// Keeps hosts in hand for longer.
pub async fn keep(tx: &mut Tx, hosts: &[String], until: Timestamp) -> Result<(), Error> {
    if hosts.is_empty() {
        return Ok(());
    }
    tx.query("update host set leased_until = $2 where name in (select atom from json_tree($1))")
        .bind(&hosts.to_vec())
        .bind(until)
        .execute()
        .await?;
    Ok(())
}

/// Gives back hosts that nothing is due for: their turn comes with what was put off, if anything was.
pub async fn release(tx: &mut Tx, hosts: &[String], now: Timestamp) -> Result<(), Error> {
    if hosts.is_empty() {
        return Ok(());
    }
    tx.query(
        "update host set leased_until = 0, next_at = (
            select min(d.due_at) from delivery d where d.host = host.name and d.due_at > $2)
        where name in (select atom from json_tree($1))",
    )
    .bind(&hosts.to_vec())
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Gives back hosts that what is due still waits for.
pub async fn put_back(tx: &mut Tx, hosts: &[String], now: Timestamp) -> Result<(), Error> {
    if hosts.is_empty() {
        return Ok(());
    }
    tx.query(
        "update host set leased_until = 0, next_at = case when open_at > $2 then open_at else $2 end
        where name in (select atom from json_tree($1))",
    )
    .bind(&hosts.to_vec())
    .bind(now)
    .execute()
    .await?;
    Ok(())
}
