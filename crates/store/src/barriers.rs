//! From where nobody signs up: hosts of e-mail addresses, networks, and single addresses by their hash.

use crate::engine::Tx;
use crate::error::Error;
use crate::page::Page;
use crate::session::Session;
use crate::touched::Topic;
use crate::value::numbers;
use alongside_domain::barrier::{Network, Severity};
use alongside_domain::clock::Timestamp;
use alongside_domain::id::BarrierId;

crate::row! {
    /// A host whose addresses nobody signs up with.
    pub struct MailHost {
        /// Its id.
        pub id: BarrierId,
        /// Its name. What lies below it is meant too.
        pub domain: String,
        /// Whoever has such an address is not refused, and waits to be let in.
        pub lets_wait: bool,
        /// Since when.
        pub created_at: Timestamp,
    }
}

crate::row! {
    /// How many tried to sign up on a day.
    pub struct Attempts {
        /// What kept them.
        pub block_id: BarrierId,
        /// The day, counted from 1970.
        pub day: i64,
        /// How often.
        pub attempts: i64,
    }
}

crate::row! {
    /// A network that is kept out.
    pub struct Kept {
        /// Its id.
        pub id: BarrierId,
        /// The network.
        pub network: Network,
        /// What is kept from whoever comes from there.
        pub severity: Severity,
        /// Why.
        pub comment: String,
        /// Since when.
        pub created_at: Timestamp,
        /// Until when.
        pub expires_at: Option<Timestamp>,
    }
}

crate::row! {
    /// A single address, of which only the hash is kept.
    pub struct Hashed {
        /// Its id.
        pub id: BarrierId,
        /// The hash.
        pub hash: String,
    }
}

/// Hosts of addresses, the newest first.
pub async fn mail_hosts(session: &mut impl Session, page: &Page) -> Result<Vec<MailHost>, Error> {
    let statement = if page.is_upward() {
        "select id, domain, lets_wait, created_at from email_domain_block where id < $1 and id > $2
        order by id limit $3"
    } else {
        "select id, domain, lets_wait, created_at from email_domain_block where id < $1 and id > $2
        order by id desc limit $3"
    };
    let rows = session.query(statement).bind_page(page).all().await?;
    Ok(page.newest_first(rows))
}

/// The host of addresses with this id.
pub async fn mail_host(session: &mut impl Session, id: BarrierId) -> Result<Option<MailHost>, Error> {
    session
        .query("select id, domain, lets_wait, created_at from email_domain_block where id = $1")
        .bind(id)
        .optional()
        .await
}

/// Which of these names is a host whose addresses are kept out.
pub async fn mail_hosts_among(session: &mut impl Session, names: &[String]) -> Result<Vec<MailHost>, Error> {
    session
        .query(
            "select id, domain, lets_wait, created_at from email_domain_block
            where domain in (select atom from json_tree($1) where atom is not null) order by id",
        )
        .bind(&names.to_vec())
        .all()
        .await
}

/// Keeps out the addresses of a host; false if they were before.
pub async fn insert_mail_host(tx: &mut Tx, host: &MailHost) -> Result<bool, Error> {
    let written = tx
        .query(
            "insert into email_domain_block (id, domain, lets_wait, created_at) values ($1, $2, $3, $4)
            on conflict (domain) do nothing",
        )
        .bind(host.id)
        .bind(&host.domain)
        .bind(host.lets_wait)
        .bind(host.created_at)
        .execute()
        .await?;
    Ok(written > 0)
}

/// Lets the addresses of a host in again; false if they were not kept out.
pub async fn remove_mail_host(tx: &mut Tx, id: BarrierId) -> Result<bool, Error> {
    tx.query("delete from email_domain_attempt where block_id = $1").bind(id).execute().await?;
    Ok(tx.query("delete from email_domain_block where id = $1").bind(id).execute().await? > 0)
}

/// Counts somebody who tried to sign up, and forgets the counts of days before.
pub async fn count_attempt(tx: &mut Tx, id: BarrierId, day: i64, oldest: i64) -> Result<(), Error> {
    tx.query("delete from email_domain_attempt where block_id = $1 and day < $2")
        .bind(id)
        .bind(oldest)
        .execute()
        .await?;
    tx.query(
        "insert into email_domain_attempt (block_id, day, attempts) values ($1, $2, 1)
        on conflict (block_id, day) do update set attempts = email_domain_attempt.attempts + 1",
    )
    .bind(id)
    .bind(day)
    .execute()
    .await?;
    Ok(())
}

/// How many tried, for each of these hosts and each day since one.
pub async fn attempts(
    session: &mut impl Session,
    ids: &[BarrierId],
    oldest: i64,
) -> Result<Vec<Attempts>, Error> {
    session
        .query(
            "select block_id, day, attempts from email_domain_attempt
            where block_id in (select value from json_each($1)) and day >= $2 order by block_id, day",
        )
        .bind(numbers(ids.iter().map(|id| id.get())))
        .bind(oldest)
        .all()
        .await
}

/// Networks that are kept out, the newest first.
pub async fn networks(session: &mut impl Session, page: &Page, now: Timestamp) -> Result<Vec<Kept>, Error> {
    let statement = if page.is_upward() {
        "select id, network, severity, comment, created_at, expires_at from ip_block
        where id < $1 and id > $2 and (expires_at is null or expires_at > $4) order by id limit $3"
    } else {
        "select id, network, severity, comment, created_at, expires_at from ip_block
        where id < $1 and id > $2 and (expires_at is null or expires_at > $4) order by id desc limit $3"
    };
    let query = session.query(statement).bind_page(page);
    Ok(page.newest_first(query.bind(now).all().await?))
}

/// The network with this id.
pub async fn network(session: &mut impl Session, id: BarrierId) -> Result<Option<Kept>, Error> {
    session
        .query("select id, network, severity, comment, created_at, expires_at from ip_block where id = $1")
        .bind(id)
        .optional()
        .await
}

/// Writes a network, new or changed; false if another line has the same.
pub async fn put_network(tx: &mut Tx, kept: &Kept) -> Result<bool, Error> {
    let written = tx
        .touching(&[Topic::Networks])
        .query(
            "insert into ip_block (id, network, severity, comment, created_at, expires_at)
            select $1, $2, $3, $4, $5, $6
            where not exists (select 1 from ip_block other where other.network = $2 and other.id <> $1)
            on conflict (id) do update set network = excluded.network, severity = excluded.severity,
                comment = excluded.comment, expires_at = excluded.expires_at",
        )
        .bind(kept.id)
        .bind(&kept.network)
        .bind(kept.severity)
        .bind(&kept.comment)
        .bind(kept.created_at)
        .bind(kept.expires_at)
        .execute()
        .await?;
    Ok(written > 0)
}

/// Lets a network in again; false if it was not kept out.
pub async fn remove_network(tx: &mut Tx, id: BarrierId) -> Result<bool, Error> {
    let removed = tx.touching(&[Topic::Networks]).query("delete from ip_block where id = $1").bind(id);
    Ok(removed.execute().await? > 0)
}

/// Forgets the networks whose time is over; says how many.
pub async fn sweep(tx: &mut Tx, now: Timestamp) -> Result<u64, Error> {
    let swept = tx.touching(&[Topic::Networks]).query("delete from ip_block where expires_at <= $1");
    swept.bind(now).execute().await
}

/// Single addresses, the newest first.
pub async fn addresses(session: &mut impl Session, page: &Page) -> Result<Vec<Hashed>, Error> {
    let statement = if page.is_upward() {
        "select id, hash from canonical_email_block where id < $1 and id > $2 order by id limit $3"
    } else {
        "select id, hash from canonical_email_block where id < $1 and id > $2 order by id desc limit $3"
    };
    let rows = session.query(statement).bind_page(page).all().await?;
    Ok(page.newest_first(rows))
}

/// The address with this id.
pub async fn address(session: &mut impl Session, id: BarrierId) -> Result<Option<Hashed>, Error> {
    session.query("select id, hash from canonical_email_block where id = $1").bind(id).optional().await
}

/// The address with this hash.
pub async fn address_of(session: &mut impl Session, hash: &str) -> Result<Option<Hashed>, Error> {
    session.query("select id, hash from canonical_email_block where hash = $1").bind(hash).optional().await
}

/// Keeps out an address; false if it was before.
pub async fn insert_address(tx: &mut Tx, address: &Hashed) -> Result<bool, Error> {
    let written = tx
        .query("insert into canonical_email_block (id, hash) values ($1, $2) on conflict (hash) do nothing")
        .bind(address.id)
        .bind(&address.hash)
        .execute()
        .await?;
    Ok(written > 0)
}

/// Lets an address in again; false if it was not kept out.
pub async fn remove_address(tx: &mut Tx, id: BarrierId) -> Result<bool, Error> {
    Ok(tx.query("delete from canonical_email_block where id = $1").bind(id).execute().await? > 0)
}
