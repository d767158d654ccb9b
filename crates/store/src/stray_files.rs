//! The names of files that no row refers to: they are about to be written, or to go.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session as _;
use alongside_domain::clock::Timestamp;

crate::row! {
    /// A file that is to go.
    pub struct Stray {
        /// Its name.
        pub name: String,
    }
}

/// Expects these files to be kept until a moment; then they are to go.
pub async fn expect(tx: &mut Tx, names: &[String], until: Timestamp) -> Result<(), Error> {
    put(tx, names, true, until).await
}

/// Keeps files that are expected, because something refers to them from now on; how many of them are.
pub async fn keep(tx: &mut Tx, names: &[String]) -> Result<u64, Error> {
    if names.is_empty() {
        return Ok(0);
    }
    tx.query("delete from stray_file where expected and name in (select atom from json_tree($1))")
        .bind(&names.to_vec())
        .execute()
        .await
}

/// Lets go of these files: from now on they are to go.
pub async fn let_go(tx: &mut Tx, names: &[String], now: Timestamp) -> Result<(), Error> {
    put(tx, names, false, now).await
}

async fn put(tx: &mut Tx, names: &[String], expected: bool, remove_at: Timestamp) -> Result<(), Error> {
    if names.is_empty() {
        return Ok(());
    }
    tx.query(
        "insert into stray_file (name, expected, remove_at)
            select atom, $2, $3 from json_tree($1) where atom is not null
        on conflict (name) do update set expected = excluded.expected, remove_at = excluded.remove_at",
    )
    .bind(&names.to_vec())
    .bind(expected)
    .bind(remove_at)
    .execute()
    .await?;
    Ok(())
}

/// Takes the names of some files that are to go by now, and puts them off until later, should they not be removed. Nobody
/// can keep one of them any more.
pub async fn claim(tx: &mut Tx, now: Timestamp, later: Timestamp, limit: i64) -> Result<Vec<String>, Error> {
    let claimed: Vec<Stray> = tx
        .query(
            "update stray_file set expected = false, remove_at = $2 where name in (
                select name from stray_file where remove_at <= $1 order by remove_at limit $3)
            returning name",
        )
        .bind(now)
        .bind(later)
        .bind(limit)
        .all()
        .await?;
    Ok(claimed.into_iter().map(|stray| stray.name).collect())
}

/// Forgets files that are removed.
pub async fn forget(tx: &mut Tx, names: &[String]) -> Result<(), Error> {
    tx.query("delete from stray_file where name in (select atom from json_tree($1))")
        .bind(&names.to_vec())
        .execute()
        .await?;
    Ok(())
}
