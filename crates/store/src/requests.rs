//! Those who wait to be let in: to follow a member, or to join a community of this node that the member
//! looks after. Who waits at a community elsewhere is its own node's business.

use crate::error::Error;
use crate::follows::Follow;
use crate::page::Page;
use crate::session::Session;
use alongside_domain::id::ActorId;

/// Those who wait for a member to decide, newest first.
pub async fn page(session: &mut impl Session, decider: ActorId, page: &Page) -> Result<Vec<Follow>, Error> {
    let rows = session
        .query(
            "select id, follower_id, target_id, accepted, uri, show_boosts, notify, at from follow
            where not accepted and id < $2 and id > $3
                and (target_id = $1 or target_id in (select r.community_id from community_role r
                join actor c on c.id = r.community_id where r.actor_id = $1 and c.host = ''))
            order by id * $5 limit $4",
        )
        .bind(decider)
        .bind_page(page)
        .bind(page.direction())
        .all()
        .await?;
    Ok(page.newest_first(rows))
}

/// What somebody waits for that a member decides, the longest-waiting first.
pub async fn of_follower(
    session: &mut impl Session,
    decider: ActorId,
    follower: ActorId,
) -> Result<Vec<Follow>, Error> {
    session
        .query(
            "select id, follower_id, target_id, accepted, uri, show_boosts, notify, at from follow
            where not accepted and follower_id = $2
                and (target_id = $1 or target_id in (select r.community_id from community_role r
                join actor c on c.id = r.community_id where r.actor_id = $1 and c.host = ''))
            order by id",
        )
        .bind(decider)
        .bind(follower)
        .all()
        .await
}

crate::row! {
    /// How many wait.
    pub struct Waiting {
        /// As counted.
        pub waiting: i64,
    }
}

/// How many wait for a member to decide.
pub async fn count(session: &mut impl Session, decider: ActorId) -> Result<i64, Error> {
    let counted: Waiting = session
        .query(
            "select count(*) as waiting from follow
            where not accepted
                and (target_id = $1 or target_id in (select r.community_id from community_role r
                join actor c on c.id = r.community_id where r.actor_id = $1 and c.host = ''))",
        )
        .bind(decider)
        .one()
        .await?;
    Ok(counted.waiting)
}
