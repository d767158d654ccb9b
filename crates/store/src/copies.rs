//! Copies of files that lie elsewhere, kept for a while.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use alongside_domain::clock::Timestamp;

crate::row! {
    /// A copy, or that there is none to be had.
    pub struct Copy {
        /// The hash of where it lies.
        pub url_hash: String,
        /// The name of the file here; none if it could not be had.
        pub file: Option<String>,
        /// The name of its small version here, where it is a picture.
        pub preview: Option<String>,
        /// Bytes of both.
        pub bytes: i64,
        /// When it was asked for.
        pub fetched_at: Timestamp,
        /// When somebody looked at it, more or less.
        pub used_at: Timestamp,
    }
}

crate::row! {
    /// How much all copies take.
    pub struct Total {
        /// In bytes.
        pub bytes: i64,
    }
}

/// The copy of what lies there.
pub async fn find(session: &mut impl Session, url_hash: &str) -> Result<Option<Copy>, Error> {
    session
        .query(
            "select url_hash, file, preview, bytes, fetched_at, used_at from media_copy where url_hash = $1",
        )
        .bind(url_hash)
        .optional()
        .await
}

/// Holds what is known of the file that lies there until the transaction ends, so that what takes its place takes
/// the place of everything that was there.
pub async fn hold(tx: &mut Tx, url_hash: &str, now: Timestamp) -> Result<(), Error> {
    tx.query(
        "insert into media_copy (url_hash, bytes, fetched_at, used_at) values ($1, 0, $2, $2)
        on conflict (url_hash) do update set used_at = excluded.used_at",
    )
    .bind(url_hash)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Keeps a copy in place of the one before.
pub async fn put(tx: &mut Tx, copy: &Copy) -> Result<(), Error> {
    tx.query(
        "insert into media_copy (url_hash, file, preview, bytes, fetched_at, used_at) values ($1, $2, $3, $4, $5, $6)
        on conflict (url_hash) do update set file = excluded.file, preview = excluded.preview, bytes = excluded.bytes,
            fetched_at = excluded.fetched_at, used_at = excluded.used_at",
    )
    .bind(&copy.url_hash)
    .bind(copy.file.clone())
    .bind(copy.preview.clone())
    .bind(copy.bytes)
    .bind(copy.fetched_at)
    .bind(copy.used_at)
    .execute()
    .await?;
    Ok(())
}

/// Remembers that somebody looked at it.
pub async fn touch(tx: &mut Tx, url_hash: &str, now: Timestamp) -> Result<(), Error> {
    tx.query("update media_copy set used_at = $2 where url_hash = $1")
        .bind(url_hash)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// How many bytes all copies take.
pub async fn total(session: &mut impl Session) -> Result<i64, Error> {
    let total: Total = session
        .query("select cast(coalesce(sum(bytes), 0) as bigint) as bytes from media_copy")
        .one()
        .await?;
    Ok(total.bytes)
}

/// The copies that nobody has looked at since this moment, or longest, the longest first.
pub async fn unused(session: &mut impl Session, before: Timestamp, limit: i64) -> Result<Vec<Copy>, Error> {
    session
        .query(
            "select url_hash, file, preview, bytes, fetched_at, used_at from media_copy
            where used_at < $1 order by used_at, url_hash limit $2",
        )
        .bind(before)
        .bind(limit)
        .all()
        .await
}

/// Forgets a copy.
pub async fn remove(tx: &mut Tx, url_hash: &str) -> Result<(), Error> {
    tx.query("delete from media_copy where url_hash = $1").bind(url_hash).execute().await?;
    Ok(())
}
