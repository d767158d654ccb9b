//! Whom one can meet: members who want to be found, and communities.

use crate::actors::Id;
use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use alongside_domain::id::{ActorId, MemberId};

/// In which order people are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Who wrote last, first.
    Active,
    /// Who came last, first.
    New,
}

/// Those who want to be found, without those the viewer blocks or mutes or who block the viewer.
pub async fn page(
    session: &mut impl Session,
    viewer: Option<ActorId>,
    order: Order,
    only_local: bool,
    limit: i64,
    offset: i64,
) -> Result<Vec<ActorId>, Error> {
    let sql = match order {
        Order::Active => {
            "select a.id from actor a
            where a.discoverable and a.kind <> 'application' and a.deleted_at is null and a.suspended_at is null
                and a.last_post_at is not null and (a.host = '' or not $2)
                and not exists (select 1 from block b where (b.actor_id = $1 and b.target_id = a.id)
                    or (b.actor_id = a.id and b.target_id = $1))
                and not exists (select 1 from mute m where m.member_id = $1 and m.target_id = a.id)
                and not exists (select 1 from member_host_block h where h.member_id = $1 and h.host = a.host)
            order by a.last_post_at desc, a.id desc limit $3 offset $4"
        }
        Order::New => {
            "select a.id from actor a
            where a.discoverable and a.kind <> 'application' and a.deleted_at is null and a.suspended_at is null
                and (a.host = '' or not $2)
                and not exists (select 1 from block b where (b.actor_id = $1 and b.target_id = a.id)
                    or (b.actor_id = a.id and b.target_id = $1))
                and not exists (select 1 from mute m where m.member_id = $1 and m.target_id = a.id)
                and not exists (select 1 from member_host_block h where h.member_id = $1 and h.host = a.host)
            order by a.id desc limit $3 offset $4"
        }
    };
    let found: Vec<Id> = session
        .query(sql)
        .bind(viewer.map_or(-1, ActorId::get))
        .bind(only_local)
        .bind(limit)
        .bind(offset)
        .all()
        .await?;
    Ok(found.into_iter().map(|found| found.id).collect())
}

/// Communities of this node that a member is not in, where something was written last first: not those they
/// turned down, block or mute, were sent out of, or wait for.
pub async fn suggested(
    session: &mut impl Session,
    member: MemberId,
    limit: i64,
) -> Result<Vec<ActorId>, Error> {
    let found: Vec<Id> = session
        .query(
            "select a.id from community c join actor a on a.id = c.actor_id
            where a.host = '' and a.deleted_at is null and a.suspended_at is null and c.join_policy <> 'invitation'
                and not exists (select 1 from follow f where f.follower_id = $1 and f.target_id = a.id)
                and not exists (select 1 from suggestion_dismissal d where d.member_id = $1 and d.target_id = a.id)
                and not exists (select 1 from block b where b.actor_id = $1 and b.target_id = a.id)
                and not exists (select 1 from mute m where m.member_id = $1 and m.target_id = a.id)
                and not exists (select 1 from community_ban n where n.community_id = a.id and n.actor_id = $1)
            order by coalesce(a.last_post_at, 0) desc, a.id limit $2",
        )
        .bind(member)
        .bind(limit)
        .all()
        .await?;
    Ok(found.into_iter().map(|found| found.id).collect())
}

/// Suggests somebody to a member no more.
pub async fn turn_down(tx: &mut Tx, member: MemberId, target: ActorId) -> Result<(), Error> {
    tx.query(
        "insert into suggestion_dismissal (member_id, target_id) values ($1, $2)
        on conflict (member_id, target_id) do nothing",
    )
    .bind(member)
    .bind(target)
    .execute()
    .await?;
    Ok(())
}
