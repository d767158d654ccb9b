//! Requests that carry a key: the same one sent twice is done once.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{MemberId, PostId};

crate::row! {
    /// What a request led to.
    pub struct Done {
        /// The post it published.
        pub post_id: PostId,
    }
}

/// What the request with this key led to, if it was seen after a moment.
pub async fn find(
    session: &mut impl Session,
    member: MemberId,
    key: &str,
    since: Timestamp,
) -> Result<Option<PostId>, Error> {
    let done: Option<Done> = session
        .query("select post_id from idempotency where member_id = $1 and key = $2 and at > $3")
        .bind(member)
        .bind(key)
        .bind(since)
        .optional()
        .await?;
    Ok(done.map(|done| done.post_id))
}

/// Remembers what a request led to. False if the same request, seen after a moment, came first.
pub async fn put(
    tx: &mut Tx,
    member: MemberId,
    key: &str,
    post: PostId,
    now: Timestamp,
    since: Timestamp,
) -> Result<bool, Error> {
    let written = tx
        .query(
            "insert into idempotency (member_id, key, post_id, at) values ($1, $2, $3, $4)
            on conflict (member_id, key) do update set post_id = excluded.post_id, at = excluded.at
            where idempotency.at <= $5",
        )
        .bind(member)
        .bind(key)
        .bind(post)
        .bind(now)
        .bind(since)
        .execute()
        .await?;
    Ok(written > 0)
}

/// Forgets what is older than a moment; says how many.
pub async fn sweep(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.query("delete from idempotency where at < $1").bind(before).execute().await
}
