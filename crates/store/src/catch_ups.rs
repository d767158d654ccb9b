//! How far catching up with a thread from elsewhere has come, for the client that waits for it.

use crate::engine::Tx;
use crate::error::Error;
use crate::posts::Id;
use crate::session::Session;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::PostId;

crate::row! {
    /// One time of catching up with the thread around a post.
    pub struct CatchUp {
        /// The post that was opened.
        pub post_id: PostId,
        /// When it began.
        pub began_at: Timestamp,
        /// When it ended; nothing while it goes on.
        pub ended_at: Option<Timestamp>,
        /// Posts that have landed.
        pub found: i64,
    }
}

/// Catching up begins, for the first time or again.
pub async fn begin(tx: &mut Tx, post: PostId, now: Timestamp) -> Result<(), Error> {
    tx.query(
        "insert into catch_up (post_id, began_at) values ($1, $2)
        on conflict (post_id) do update set began_at = excluded.began_at, ended_at = null, found = 0",
    )
    .bind(post)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// One more post has landed.
pub async fn count(tx: &mut Tx, post: PostId) -> Result<(), Error> {
    tx.query("update catch_up set found = found + 1 where post_id = $1 and ended_at is null")
        .bind(post)
        .execute()
        .await?;
    Ok(())
}

/// Nothing more will land of what was begun.
pub async fn end(tx: &mut Tx, post: PostId, now: Timestamp) -> Result<(), Error> {
    tx.query("update catch_up set ended_at = $2 where post_id = $1 and ended_at is null")
        .bind(post)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// The last time of catching up with the thread around a post.
pub async fn find(session: &mut impl Session, post: PostId) -> Result<Option<CatchUp>, Error> {
    session
        .query("select post_id, began_at, ended_at, found from catch_up where post_id = $1")
        .bind(post)
        .optional()
        .await
}

/// Forgets what began before a moment; how many there were.
pub async fn sweep(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.query("delete from catch_up where began_at < $1").bind(before).execute().await
}

/// Whether the replies under a post from elsewhere were not asked for since then.
pub async fn awaits_replies(session: &mut impl Session, id: PostId, since: Timestamp) -> Result<bool, Error> {
    let waiting: Option<Id> = session
        .query(
            "select id from post
            where id = $1 and not local and (replies_fetched_at is null or replies_fetched_at < $2)",
        )
        .bind(id)
        .bind(since)
        .optional()
        .await?;
    Ok(waiting.is_some())
}

/// Marks that the replies under a post from elsewhere were asked for; false if that was after `since`.
pub async fn claim_replies(tx: &mut Tx, id: PostId, now: Timestamp, since: Timestamp) -> Result<bool, Error> {
    // When that was shows nowhere.
    let claimed = tx
        .touching(&[])
        .query(
            "update post set replies_fetched_at = $2
            where id = $1 and not local and (replies_fetched_at is null or replies_fetched_at < $3)",
        )
        .bind(id)
        .bind(now)
        .bind(since)
        .execute()
        .await?;
    Ok(claimed > 0)
}
