//! What is still known of a post that is gone: who was named in it, so that those who had it are told, here and elsewhere.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session as _;
use alongside_domain::clock::Timestamp;

/// Forgets who was named in posts that were deleted between two moments, some at a time; how many names there were. Not of
/// one whose deletion other servers have still to be told of.
pub async fn forget_names(
    tx: &mut Tx,
    after: Timestamp,
    before: Timestamp,
    limit: i64,
) -> Result<u64, Error> {
    // No answer shows what is gone.
    tx.touching(&[])
        .query(
            "delete from post_mention where post_id in (
                select p.id from post p where p.deleted_at > $1 and p.deleted_at < $2
                    and exists (select 1 from post_mention m where m.post_id = p.id)
                    and not exists (select 1 from erasure e where e.post_id = p.id and e.told_at is null) limit $3)",
        )
        .bind(after)
        .bind(before)
        .bind(limit)
        .execute()
        .await
}
