//! Who was sent out of which community, until when and why.

use crate::engine::Tx;
use crate::error::Error;
use crate::page::Page;
use crate::session::Session;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, CommunityId};

crate::row! {
    /// Somebody was sent out.
    pub struct Ban {
        /// Who.
        pub actor_id: ActorId,
        /// Until when; without a moment, until it is lifted.
        pub expires_at: Option<Timestamp>,
        /// Why, in a moderator's words.
        pub reason: String,
    }
}

/// Sends somebody out of a community, for ever or until a moment. False if that was so before, to the letter.
pub async fn put(tx: &mut Tx, community: CommunityId, ban: &Ban, now: Timestamp) -> Result<bool, Error> {
    let changed = tx
        .query(
            "insert into community_ban (community_id, actor_id, created_at, expires_at, reason)
            values ($1, $2, $3, $4, $5)
            on conflict (community_id, actor_id) do update
                set created_at = excluded.created_at, expires_at = excluded.expires_at, reason = excluded.reason
                where coalesce(community_ban.expires_at, -1) <> coalesce(excluded.expires_at, -1)
                    or community_ban.reason <> excluded.reason",
        )
        .bind(community)
        .bind(ban.actor_id)
        .bind(now)
        .bind(ban.expires_at)
        .bind(&ban.reason)
        .execute()
        .await?;
    Ok(changed > 0)
}

/// Lets somebody come back; false if they were not sent out.
pub async fn lift(tx: &mut Tx, community: CommunityId, actor: ActorId) -> Result<bool, Error> {
    let lifted = tx
        .query("delete from community_ban where community_id = $1 and actor_id = $2")
        .bind(community)
        .bind(actor)
        .execute()
        .await?;
    Ok(lifted > 0)
}

/// That somebody was sent out of a community, if they were and the time is not over.
pub async fn find(
    session: &mut impl Session,
    community: CommunityId,
    actor: ActorId,
    now: Timestamp,
) -> Result<Option<Ban>, Error> {
    session
        .query(
            "select actor_id, expires_at, reason from community_ban
            where community_id = $1 and actor_id = $2 and (expires_at is null or expires_at > $3)",
        )
        .bind(community)
        .bind(actor)
        .bind(now)
        .optional()
        .await
}

/// Those who were sent out of a community and may not come back yet, by their ids, the newest first.
pub async fn page(
    session: &mut impl Session,
    community: CommunityId,
    page: &Page,
    now: Timestamp,
) -> Result<Vec<Ban>, Error> {
    let statement = if page.is_upward() {
        "select actor_id, expires_at, reason from community_ban
        where community_id = $1 and (expires_at is null or expires_at > $2) and actor_id < $3 and actor_id > $4
        order by actor_id limit $5"
    } else {
        "select actor_id, expires_at, reason from community_ban
        where community_id = $1 and (expires_at is null or expires_at > $2) and actor_id < $3 and actor_id > $4
        order by actor_id desc limit $5"
    };
    let rows = session.query(statement).bind(community).bind(now).bind_page(page).all().await?;
    Ok(page.newest_first(rows))
}
