//! Lists of hosts that the operator follows, and what each says.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use alongside_domain::agreement::{Limits, Policy};
use alongside_domain::clock::Timestamp;

crate::row! {
    /// A list that is followed.
    pub struct HostList {
        /// Where it lies.
        pub url: String,
        /// How its server marks the text that was read last.
        pub etag: Option<String>,
        /// Since when that text is as it is, as its server says.
        pub modified: Option<String>,
        /// Since when it is followed.
        pub added_at: Timestamp,
        /// When it was asked for last.
        pub asked_at: Option<Timestamp>,
        /// Why it could not be read the last time.
        pub last_error: Option<String>,
    }
}

crate::row! {
    /// What a list says about a host.
    pub struct Line {
        /// The host.
        pub name: String,
        /// Whether it is blocked.
        pub policy: Policy,
        /// Its limits.
        pub limits: Limits,
        /// Why, for everybody to read.
        pub comment: String,
    }
}

/// Follows a list, if that is not done yet.
pub async fn ensure(tx: &mut Tx, url: &str, now: Timestamp) -> Result<(), Error> {
    tx.query("insert into host_list (url, added_at) values ($1, $2) on conflict (url) do nothing")
        .bind(url)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// Follows a list no more; true if it was followed.
pub async fn remove(tx: &mut Tx, url: &str) -> Result<bool, Error> {
    tx.query("delete from host_list_line where list_url = $1").bind(url).execute().await?;
    Ok(tx.query("delete from host_list where url = $1").bind(url).execute().await? > 0)
}

/// A list, if it is followed.
pub async fn find(session: &mut impl Session, url: &str) -> Result<Option<HostList>, Error> {
    session
        .query("select url, etag, modified, added_at, asked_at, last_error from host_list where url = $1")
        .bind(url)
        .optional()
        .await
}

/// Every list that is followed, by its address.
pub async fn all(session: &mut impl Session) -> Result<Vec<HostList>, Error> {
    session
        .query("select url, etag, modified, added_at, asked_at, last_error from host_list order by url")
        .all()
        .await
}

/// Writes down what came of asking for a list.
pub async fn asked(tx: &mut Tx, list: &HostList) -> Result<(), Error> {
    tx.query("update host_list set etag = $2, modified = $3, asked_at = $4, last_error = $5 where url = $1")
        .bind(&list.url)
        .bind(list.etag.clone())
        .bind(list.modified.clone())
        .bind(list.asked_at)
        .bind(list.last_error.clone())
        .execute()
        .await?;
    Ok(())
}

/// What a list says, by name.
pub async fn lines(session: &mut impl Session, url: &str) -> Result<Vec<Line>, Error> {
    session
        .query("select name, policy, limits, comment from host_list_line where list_url = $1 order by name")
        .bind(url)
        .all()
        .await
}

/// Writes what a list says about a host, in place of what it said before.
pub async fn put_line(tx: &mut Tx, url: &str, line: &Line) -> Result<(), Error> {
    tx.query(
        "insert into host_list_line (list_url, name, policy, limits, comment) values ($1, $2, $3, $4, $5)
        on conflict (list_url, name) do update set policy = excluded.policy, limits = excluded.limits,
            comment = excluded.comment",
    )
    .bind(url)
    .bind(&line.name)
    .bind(line.policy)
    .bind(line.limits)
    .bind(&line.comment)
    .execute()
    .await?;
    Ok(())
}

/// A list says nothing about a host any more.
pub async fn remove_line(tx: &mut Tx, url: &str, name: &str) -> Result<(), Error> {
    tx.query("delete from host_list_line where list_url = $1 and name = $2")
        .bind(url)
        .bind(name)
        .execute()
        .await?;
    Ok(())
}
