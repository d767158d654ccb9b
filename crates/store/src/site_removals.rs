//! What went when whoever runs a server sent somebody out of it, so that it can be brought back.

use crate::engine::Tx;
use crate::error::Error;
use crate::posts::Id;
use crate::session::Session;
use crate::value::numbers;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, CommunityId, PostId};

crate::row! {
    /// What somebody wrote was taken away.
    pub struct Removal {
        /// When: everything that went then has this moment.
        pub at: Timestamp,
    }
}

/// Begins to take away what somebody wrote, or goes on with it: at one moment, that of the first time.
pub async fn begin(tx: &mut Tx, host: &str, actor: ActorId, now: Timestamp) -> Result<Timestamp, Error> {
    tx.query("insert into site_removal (host, actor_id, at) values ($1, $2, $3) on conflict (host, actor_id) do nothing")
        .bind(host)
        .bind(actor)
        .bind(now)
        .execute()
        .await?;
    Ok(find(tx, host, actor).await?.map_or(now, |removal| removal.at))
}

/// That what somebody wrote was taken away by their server, or by one on which they wrote it.
pub async fn find(session: &mut impl Session, host: &str, actor: ActorId) -> Result<Option<Removal>, Error> {
    session
        .query("select at from site_removal where host = $1 and actor_id = $2")
        .bind(host)
        .bind(actor)
        .optional()
        .await
}

/// It is brought back.
pub async fn end(tx: &mut Tx, host: &str, actor: ActorId) -> Result<(), Error> {
    tx.query("delete from site_removal where host = $1 and actor_id = $2")
        .bind(host)
        .bind(actor)
        .execute()
        .await?;
    Ok(())
}

/// The communities on a server, whose addresses all begin so, that somebody wrote in or belongs to, or that they were sent
/// out of.
pub async fn communities_of(
    session: &mut impl Session,
    origin: &str,
    actor: ActorId,
    limit: i64,
) -> Result<Vec<CommunityId>, Error> {
    let rows: Vec<Found> = session
        .query(
            "select a.id from actor a join community c on c.actor_id = a.id
            where a.id in (select community_id from post where author_id = $1 and community_id is not null
                    union select target_id from follow where follower_id = $1
                    union select community_id from community_ban where actor_id = $1)
                and a.host <> '' and a.deleted_at is null and substr(a.uri, 1, length($2)) = $2
            order by a.id limit $3",
        )
        .bind(actor)
        .bind(origin)
        .bind(limit)
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

crate::row! {
    /// Names a community.
    pub struct Found {
        /// Its id.
        pub id: CommunityId,
    }
}

/// What somebody wrote in these communities and is there; newest first.
pub async fn posts_in(
    session: &mut impl Session,
    communities: &[CommunityId],
    author: ActorId,
    limit: i64,
) -> Result<Vec<PostId>, Error> {
    let rows: Vec<Id> = session
        .query(
            "select id from post where author_id = $1 and community_id in (select value from json_each($2))
                and deleted_at is null and removed_at is null order by id desc limit $3",
        )
        .bind(author)
        .bind(numbers(communities.iter().map(|community| community.get())))
        .bind(limit)
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// What somebody wrote, wherever, and is there, but for letters: these are for whoever got them; newest first.
pub async fn posts_of(session: &mut impl Session, author: ActorId, limit: i64) -> Result<Vec<PostId>, Error> {
    let rows: Vec<Id> = session
        .query(
            "select id from post where author_id = $1 and visibility <> 'direct'
                and deleted_at is null and removed_at is null order by id desc limit $2",
        )
        .bind(author)
        .bind(limit)
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// What of somebody's went at one moment; newest first.
pub async fn removed_at(
    session: &mut impl Session,
    author: ActorId,
    at: Timestamp,
    limit: i64,
) -> Result<Vec<PostId>, Error> {
    let rows: Vec<Id> = session
        .query("select id from post where author_id = $1 and removed_at = $2 and deleted_at is null order by id desc limit $3")
        .bind(author)
        .bind(at)
        .bind(limit)
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
