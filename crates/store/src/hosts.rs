//! Other nodes: what runs there, whether they may talk to us, and whether they can be reached.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use crate::wake::Bell;
use alongside_domain::agreement::{self, By, Decision, Limits, Policy, Standing};
use alongside_domain::clock::Timestamp;

crate::row! {
    /// What this node knows of another.
    pub struct Host {
        /// Its name, with its port where it has one.
        pub name: String,
        /// What the operator has decided about it.
        pub policy: Policy,
        /// Within which limits.
        pub limits: Limits,
        /// Why, for everybody to read.
        pub comment: String,
        /// The software that runs there.
        pub software: Option<String>,
        /// Its version.
        pub software_version: Option<String>,
        /// When we last looked what runs there.
        pub software_checked_at: Option<Timestamp>,
        /// The kind of signature it is known to accept.
        pub signature: Option<String>,
        /// Tries that failed since one last succeeded.
        pub failures: i64,
        /// Left alone until then.
        pub open_at: Timestamp,
        /// When something is next to be done for it; never, where nothing waits.
        pub next_at: Option<Timestamp>,
        /// When something was last delivered.
        pub succeeded_at: Option<Timestamp>,
        /// When something last was not.
        pub failed_at: Option<Timestamp>,
        /// Why not.
        pub last_error: Option<String>,
    }
}

/// Makes sure that a host has a row.
pub async fn ensure(tx: &mut Tx, name: &str) -> Result<(), Error> {
    tx.query("insert into host (name, policy) values ($1, 'open') on conflict (name) do nothing")
        .bind(name)
        .execute()
        .await?;
    Ok(())
}

/// Makes sure that hosts have their rows, and that it is looked what waits for them: at once, or when their
/// circuit closes.
pub async fn wake(tx: &mut Tx, names: &[String], now: Timestamp) -> Result<(), Error> {
    if names.is_empty() {
        return Ok(());
    }
    tx.query(
        "insert into host (name, policy, next_at)
            select atom, 'open', $2 from json_tree($1) where atom is not null order by atom
        on conflict (name) do update set next_at = case when host.open_at > $2 then host.open_at
            when host.next_at is null or host.next_at > $2 then $2 else host.next_at end",
    )
    .bind(&names.to_vec())
    .bind(now)
    .execute()
    .await?;
    tx.ring(Bell::Deliveries);
    Ok(())
}

/// What is known of a host.
pub async fn find(session: &mut impl Session, name: &str) -> Result<Option<Host>, Error> {
    session
        .query(
            "select name, policy, limits, comment, software, software_version, software_checked_at, signature, failures, open_at,
                next_at, succeeded_at, failed_at, last_error
            from host where name = $1",
        )
        .bind(name)
        .optional()
        .await
}

crate::row! {
    /// What was decided under a name.
    pub struct Decided {
        /// The name.
        pub name: String,
        /// Whether it is talked with.
        pub policy: Policy,
        /// Within which limits.
        pub limits: Limits,
        /// The operator decided it, and not a list.
        pub own: bool,
    }
}

/// What holds for a host: what was decided about it and the names it lies below, by the operator and by the
/// lists they follow.
pub async fn standing(session: &mut impl Session, host: &str) -> Result<Standing, Error> {
    let [own, first, second, third, fourth, last] = agreement::names(host);
    let decided: Vec<Decided> = session
        .query(
            "select name, policy, limits, true as own from host
            where name in ($1, $2, $3, $4, $5, $6) and (policy <> 'open' or limits <> '')
            union all select name, policy, limits, false as own from host_list_line
            where name in ($1, $2, $3, $4, $5, $6)",
        )
        .bind(own)
        .bind(first)
        .bind(second)
        .bind(third)
        .bind(fourth)
        .bind(last)
        .all()
        .await?;
    let decisions: Vec<Decision> = decided.into_iter().map(Decision::from).collect();
    Ok(Standing::of(host, &decisions))
}

impl From<Decided> for Decision {
    fn from(decided: Decided) -> Self {
        let by = if decided.own { By::Operator } else { By::List };
        Self { name: decided.name, by, policy: decided.policy, limits: decided.limits }
    }
}

/// Whether anything is decided about any host: where nothing is, nobody has to look further.
pub async fn any_decided(session: &mut impl Session) -> Result<bool, Error> {
    let found: Option<Named> = session
        .query(
            "select name from (select name from host where policy <> 'open' or limits <> ''
                union all select name from host_list_line) as decided limit 1",
        )
        .optional()
        .await?;
    Ok(found.is_some())
}

crate::row! {
    /// A host, by its name.
    pub struct Named {
        /// The name.
        pub name: String,
    }
}

/// Every host known, by name.
pub async fn list(session: &mut impl Session, after: &str, limit: i64) -> Result<Vec<Host>, Error> {
    session
        .query(
            "select name, policy, limits, comment, software, software_version, software_checked_at, signature, failures, open_at,
                next_at, succeeded_at, failed_at, last_error
            from host where name > $1 order by name limit $2",
        )
        .bind(after)
        .bind(limit)
        .all()
        .await
}

crate::row! {
    /// How many hosts there are of each standing.
    pub struct Counted {
        /// That took what was last sent to them, or were never sent anything.
        pub well: i64,
        /// That could not be reached last.
        pub unreachable: i64,
        /// That this node has nothing to do with.
        pub blocked: i64,
    }
}

/// How many hosts there are of each standing.
pub async fn counted(session: &mut impl Session) -> Result<Counted, Error> {
    session
        .query(
            "select count(case when policy <> 'block' and failures = 0 then 1 end) as well,
                count(case when policy <> 'block' and failures > 0 then 1 end) as unreachable,
                count(case when policy = 'block' then 1 end) as blocked from host",
        )
        .one()
        .await
}

/// Decides whether a host may talk to us.
pub async fn set_policy(tx: &mut Tx, name: &str, policy: Policy) -> Result<(), Error> {
    ensure(tx, name).await?;
    tx.touching_everything()
        .query("update host set policy = $2 where name = $1")
        .bind(name)
        .bind(policy)
        .execute()
        .await?;
    Ok(())
}

/// Decides within which limits a host is talked with.
pub async fn set_limits(tx: &mut Tx, name: &str, limits: Limits) -> Result<(), Error> {
    ensure(tx, name).await?;
    tx.touching_everything()
        .query("update host set limits = $2 where name = $1")
        .bind(name)
        .bind(limits)
        .execute()
        .await?;
    Ok(())
}

/// Says why something was decided about a host.
pub async fn set_comment(tx: &mut Tx, name: &str, comment: &str) -> Result<(), Error> {
    ensure(tx, name).await?;
    tx.query("update host set comment = $2 where name = $1").bind(name).bind(comment).execute().await?;
    Ok(())
}

/// The hosts about which the operator has decided something, by name, after one.
pub async fn decided(session: &mut impl Session, after: &str, limit: i64) -> Result<Vec<Host>, Error> {
    session
        .query(
            "select name, policy, limits, comment, software, software_version, software_checked_at, signature,
                failures, open_at, next_at, succeeded_at, failed_at, last_error
            from host where name > $1 and (policy <> 'open' or limits <> '') order by name limit $2",
        )
        .bind(after)
        .bind(limit)
        .all()
        .await
}

/// Remembers what runs on a host; nothing, if it would not say.
pub async fn remember_software(
    tx: &mut Tx,
    name: &str,
    software: Option<&str>,
    version: Option<&str>,
    now: Timestamp,
) -> Result<(), Error> {
    ensure(tx, name).await?;
    tx.query(
        "update host set software = coalesce($2, software), software_version = coalesce($3, software_version),
            software_checked_at = $4
        where name = $1",
    )
    .bind(name)
    .bind(software)
    .bind(version)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Remembers which kind of signature a host accepts.
pub async fn remember_signature(tx: &mut Tx, name: &str, signature: &str) -> Result<(), Error> {
    ensure(tx, name).await?;
    tx.query("update host set signature = $2 where name = $1").bind(name).bind(signature).execute().await?;
    Ok(())
}

/// Remembers which kind of signature a host says it accepts, unless it has shown which.
pub async fn learn_signature(tx: &mut Tx, name: &str, signature: &str) -> Result<(), Error> {
    ensure(tx, name).await?;
    tx.query("update host set signature = $2 where name = $1 and signature is null")
        .bind(name)
        .bind(signature)
        .execute()
        .await?;
    Ok(())
}

/// Something was delivered to each of these: their circuits close.
pub async fn succeeded(tx: &mut Tx, names: &[String], now: Timestamp) -> Result<(), Error> {
    if names.is_empty() {
        return Ok(());
    }
    tx.query(
        "update host set failures = 0, open_at = 0, succeeded_at = $2, last_error = null
        where name in (select atom from json_tree($1))",
    )
    .bind(&names.to_vec())
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// A host could not be reached: it is left alone until a moment.
pub async fn failed(
    tx: &mut Tx,
    name: &str,
    now: Timestamp,
    open_at: Timestamp,
    error: &str,
) -> Result<(), Error> {
    tx.query(
        "update host set failures = failures + 1, open_at = $3, failed_at = $2, last_error = $4,
            next_at = $3, leased_until = 0
        where name = $1",
    )
    .bind(name)
    .bind(now)
    .bind(open_at)
    .bind(error)
    .execute()
    .await?;
    Ok(())
}

/// A host did not take something, which says nothing of what else it takes; but an operator may want to know.
pub async fn refused(tx: &mut Tx, name: &str, now: Timestamp, error: &str) -> Result<(), Error> {
    tx.query("update host set failed_at = $2, last_error = $3 where name = $1")
        .bind(name)
        .bind(now)
        .bind(error)
        .execute()
        .await?;
    Ok(())
}

/// Closes a circuit because an operator says so.
pub async fn reset(tx: &mut Tx, name: &str, now: Timestamp) -> Result<(), Error> {
    tx.query("update host set failures = 0, open_at = 0, next_at = $2 where name = $1")
        .bind(name)
        .bind(now)
        .execute()
        .await?;
    tx.ring(Bell::Deliveries);
    Ok(())
}
