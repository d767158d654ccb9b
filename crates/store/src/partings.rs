//! What ends when a host is blocked or limited: the follows across, what waits for it, and its pictures.
//!
//! A host here is every host below the name as well, and the same host on other ports, but for those that are allowed.

use crate::engine::Tx;
use crate::error::Error;
use crate::hosts::Named;
use crate::session::Session as _;
use alongside_domain::id::MemberId;

crate::row! {
    /// A member who follows somebody on a host, or is followed from there.
    pub struct Crossing {
        /// Who.
        pub member_id: MemberId,
        /// Those there who follow them.
        pub followers: i64,
        /// Those there whom they follow.
        pub following: i64,
    }
}

/// The members whose follows a block of a host ends.
pub async fn crossing(tx: &mut Tx, host: &str, limit: i64) -> Result<Vec<Crossing>, Error> {
    let hosts = concerned(tx, host).await?;
    tx.query(
        "select m.actor_id as member_id,
            (select count(*) from follow f join actor a on a.id = f.follower_id
                where f.target_id = m.actor_id and f.accepted and a.host in (select atom from json_tree($1)))
                as followers,
            (select count(*) from follow f join actor a on a.id = f.target_id
                where f.follower_id = m.actor_id and f.accepted and a.host in (select atom from json_tree($1)))
                as following
        from member m where m.actor_id in (
            select f.target_id from follow f join actor a on a.id = f.follower_id
                where f.accepted and a.host in (select atom from json_tree($1))
            union select f.follower_id from follow f join actor a on a.id = f.target_id
                where f.accepted and a.host in (select atom from json_tree($1)))
        order by m.actor_id limit $2",
    )
    .bind(&hosts)
    .bind(limit)
    .all()
    .await
}

/// Ends every follow between a host and this node, and takes it off the counts that profiles here show; says how
/// many follows that were.
pub async fn end_follows(tx: &mut Tx, host: &str) -> Result<u64, Error> {
    let hosts = concerned(tx, host).await?;
    for statement in [
        "update actor set followers_count = followers_count - (select count(*) from follow f
                join actor a on a.id = f.follower_id
                where f.target_id = actor.id and f.accepted and a.host in (select atom from json_tree($1)))
        where host = '' and id in (select f.target_id from follow f join actor a on a.id = f.follower_id
            where a.host in (select atom from json_tree($1)))",
        "update actor set following_count = following_count - (select count(*) from follow f
                join actor a on a.id = f.target_id
                where f.follower_id = actor.id and f.accepted and a.host in (select atom from json_tree($1)))
        where host = '' and id in (select f.follower_id from follow f join actor a on a.id = f.target_id
            where a.host in (select atom from json_tree($1)))",
        "delete from list_entry where actor_id in (
            select id from actor where host in (select atom from json_tree($1)))",
    ] {
        tx.query(statement).bind(&hosts).execute().await?;
    }
    tx.query(
        "delete from follow where id in (
            select f.id from actor a join follow f on f.follower_id = a.id
                where a.host in (select atom from json_tree($1))
            union select f.id from actor a join follow f on f.target_id = a.id
                where a.host in (select atom from json_tree($1)))",
    )
    .bind(&hosts)
    .execute()
    .await
}

/// Forgets what waits to be delivered to a host; says how much that was. Of erasures it is kept that the host was
/// not told.
pub async fn drop_deliveries(tx: &mut Tx, host: &str) -> Result<u64, Error> {
    let hosts = concerned(tx, host).await?;
    tx.query(
        "update receipt set open = 0, state = 'cancelled'
        where state = 'waiting' and host in (select atom from json_tree($1))",
    )
    .bind(&hosts)
    .execute()
    .await?;
    tx.query("delete from delivery where host in (select atom from json_tree($1))")
        .bind(&hosts)
        .execute()
        .await
}

/// Forgets the pictures, films and sounds of a host, and the portraits of those who live there.
pub async fn forget_media(tx: &mut Tx, host: &str) -> Result<u64, Error> {
    let hosts = concerned(tx, host).await?;
    tx.query("update actor set avatar = null, header = null where host in (select atom from json_tree($1))")
        .bind(&hosts)
        .execute()
        .await?;
    tx.query(
        "delete from media where owner_id in (
            select id from actor where host in (select atom from json_tree($1)))",
    )
    .bind(&hosts)
    .execute()
    .await
}

/// The hosts that a decision about one reaches, those that are known.
async fn concerned(tx: &mut Tx, host: &str) -> Result<Vec<String>, Error> {
    let plain = host.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    let names: Vec<Named> = tx
        .query(
            "select k.name from (select name from host union select host as name from actor where host <> '') as k
            where k.name = $1 or ((k.name like $2 escape '!' or k.name like $3 escape '!')
                and not exists (select 1 from host h where h.name = k.name and h.policy = 'allow'))",
        )
        .bind(host)
        .bind(format!("%.{plain}"))
        .bind(format!("{plain}:%"))
        .all()
        .await?;
    Ok(names.into_iter().map(|host| host.name).collect())
}
