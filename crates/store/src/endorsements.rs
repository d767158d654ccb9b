//! Whom a member recommends on their profile. A recommendation holds while the member follows.

use crate::engine::Tx;
use crate::error::Error;
use crate::page::Page;
use crate::session::Session;
use alongside_domain::id::{ActorId, MemberId};

crate::row! {
    /// Somebody who is recommended.
    pub struct Endorsement {
        /// The number that a list of them is cut by.
        pub id: i64,
        /// Who.
        pub target_id: ActorId,
    }
}

/// Recommends somebody; they may be recommended already.
pub async fn add(tx: &mut Tx, member: MemberId, target: ActorId, id: i64) -> Result<(), Error> {
    tx.query(
        "insert into endorsement (member_id, target_id, id) values ($1, $2, $3)
        on conflict (member_id, target_id) do nothing",
    )
    .bind(member)
    .bind(target)
    .bind(id)
    .execute()
    .await?;
    Ok(())
}

/// Recommends somebody no more.
pub async fn remove(tx: &mut Tx, member: MemberId, target: ActorId) -> Result<(), Error> {
    tx.query("delete from endorsement where member_id = $1 and target_id = $2")
        .bind(member)
        .bind(target)
        .execute()
        .await?;
    Ok(())
}

/// Whom somebody recommends and still follows, who was recommended last first. Communities for their members
/// are left out, though they may have become so later.
pub async fn page(
    session: &mut impl Session,
    member: ActorId,
    page: &Page,
) -> Result<Vec<Endorsement>, Error> {
    let rows = session
        .query(
            "select e.id, e.target_id from endorsement e
            join follow f on f.follower_id = e.member_id and f.target_id = e.target_id and f.accepted
            where e.member_id = $1 and e.id < $2 and e.id > $3
                and not exists (select 1 from community c where c.actor_id = e.target_id and c.audience = 'members')
            order by e.id * $5 limit $4",
        )
        .bind(member)
        .bind_page(page)
        .bind(page.direction())
        .all()
        .await?;
    Ok(page.newest_first(rows))
}
