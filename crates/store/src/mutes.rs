//! Mutes: a member does not see somebody, for ever or for a while, and nobody is told. Of threads too.

use crate::engine::Tx;
use crate::error::Error;
use crate::page::Page;
use crate::session::Session;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, MemberId, PostId};

crate::row! {
    /// Somebody who is muted.
    pub struct Mute {
        /// Its place in the list.
        pub id: i64,
        /// Who is muted.
        pub target_id: ActorId,
        /// Nothing is told of them either.
        pub notifications: bool,
        /// Until when.
        pub expires_at: Option<Timestamp>,
    }
}

/// Mutes somebody, or changes how.
pub async fn put(tx: &mut Tx, member: MemberId, mute: &Mute) -> Result<(), Error> {
    tx.query(
        "insert into mute (id, member_id, target_id, notifications, expires_at) values ($1, $2, $3, $4, $5)
        on conflict (member_id, target_id) do update set notifications = excluded.notifications,
            expires_at = excluded.expires_at",
    )
    .bind(mute.id)
    .bind(member)
    .bind(mute.target_id)
    .bind(mute.notifications)
    .bind(mute.expires_at)
    .execute()
    .await?;
    Ok(())
}

/// Ends a mute.
pub async fn remove(tx: &mut Tx, member: MemberId, target: ActorId) -> Result<(), Error> {
    tx.query("delete from mute where member_id = $1 and target_id = $2")
        .bind(member)
        .bind(target)
        .execute()
        .await?;
    Ok(())
}

/// Whom a member mutes, who was muted last first.
pub async fn page(
    session: &mut impl Session,
    member: MemberId,
    page: &Page,
    now: Timestamp,
) -> Result<Vec<Mute>, Error> {
    let rows = session
        .query(
            "select id, target_id, notifications, expires_at from mute
            where member_id = $1 and id < $2 and id > $3 and (expires_at is null or expires_at > $4)
            order by id * $6 limit $5",
        )
        .bind(member)
        .bind(page.below())
        .bind(page.above())
        .bind(now)
        .bind(page.limit)
        .bind(page.direction())
        .all()
        .await?;
    Ok(page.newest_first(rows))
}

/// Forgets the mutes that are over; says how many.
pub async fn sweep(tx: &mut Tx, now: Timestamp) -> Result<u64, Error> {
    tx.query("delete from mute where expires_at <= $1").bind(now).execute().await
}

/// Mutes a thread: a member is told of nothing in it.
pub async fn add_thread(tx: &mut Tx, member: MemberId, root: PostId) -> Result<(), Error> {
    tx.query("insert into thread_mute (member_id, root_id) values ($1, $2) on conflict (member_id, root_id) do nothing")
        .bind(member)
        .bind(root)
        .execute()
        .await?;
    Ok(())
}

/// Ends the mute of a thread.
pub async fn remove_thread(tx: &mut Tx, member: MemberId, root: PostId) -> Result<(), Error> {
    tx.query("delete from thread_mute where member_id = $1 and root_id = $2")
        .bind(member)
        .bind(root)
        .execute()
        .await?;
    Ok(())
}
