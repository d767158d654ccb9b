//! What ends when a host is blocked or limited: the follows across, what waits for it, and its pictures.
//!
//! A host here is every host below the name as well, but for those that are allowed.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session as _;

/// Ends every follow between a host and this node, and takes it off the counts that profiles here show; says how
/// many follows that were.
pub async fn end_follows(tx: &mut Tx, host: &str) -> Result<u64, Error> {
    let (below, ports) = patterns(host);
    tx.query(
        "update actor set followers_count = followers_count - (select count(*) from follow f
                join actor a on a.id = f.follower_id
                where f.target_id = actor.id and f.accepted
                    and (a.host = $1 or a.host like $2 escape '!' or a.host like $3 escape '!')
                    and not exists (select 1 from host h where h.name = a.host and h.policy = 'allow'))
        where host = '' and id in (select f.target_id from follow f join actor a on a.id = f.follower_id
            where a.host = $1 or a.host like $2 escape '!' or a.host like $3 escape '!')",
    )
    .bind(host)
    .bind(&below)
    .bind(&ports)
    .execute()
    .await?;
    tx.query(
        "update actor set following_count = following_count - (select count(*) from follow f
                join actor a on a.id = f.target_id
                where f.follower_id = actor.id and f.accepted
                    and (a.host = $1 or a.host like $2 escape '!' or a.host like $3 escape '!')
                    and not exists (select 1 from host h where h.name = a.host and h.policy = 'allow'))
        where host = '' and id in (select f.follower_id from follow f join actor a on a.id = f.target_id
            where a.host = $1 or a.host like $2 escape '!' or a.host like $3 escape '!')",
    )
    .bind(host)
    .bind(&below)
    .bind(&ports)
    .execute()
    .await?;
    tx.query(
        "delete from list_entry where actor_id in (select a.id from actor a
            where (a.host = $1 or a.host like $2 escape '!' or a.host like $3 escape '!')
                and not exists (select 1 from host h where h.name = a.host and h.policy = 'allow'))",
    )
    .bind(host)
    .bind(&below)
    .bind(&ports)
    .execute()
    .await?;
    tx.query(
        "delete from follow where id in (select f.id from follow f
            join actor a on a.id in (f.follower_id, f.target_id)
            where (a.host = $1 or a.host like $2 escape '!' or a.host like $3 escape '!')
                and not exists (select 1 from host h where h.name = a.host and h.policy = 'allow'))",
    )
    .bind(host)
    .bind(&below)
    .bind(&ports)
    .execute()
    .await
}

/// Forgets what waits to be delivered to a host; says how much that was. Of erasures it is kept that the host was
/// not told.
pub async fn drop_deliveries(tx: &mut Tx, host: &str) -> Result<u64, Error> {
    let (below, ports) = patterns(host);
    tx.query(
        "update receipt set open = 0, state = 'cancelled'
        where state = 'waiting' and (host = $1 or host like $2 escape '!' or host like $3 escape '!')
            and not exists (select 1 from host h where h.name = receipt.host and h.policy = 'allow')",
    )
    .bind(host)
    .bind(&below)
    .bind(&ports)
    .execute()
    .await?;
    tx.query(
        "delete from delivery where (host = $1 or host like $2 escape '!' or host like $3 escape '!')
            and not exists (select 1 from host h where h.name = delivery.host and h.policy = 'allow')",
    )
    .bind(host)
    .bind(below)
    .bind(ports)
    .execute()
    .await
}

/// Forgets the pictures, films and sounds of a host, and the portraits of those who live there.
pub async fn forget_media(tx: &mut Tx, host: &str) -> Result<u64, Error> {
    let (below, ports) = patterns(host);
    tx.query(
        "update actor set avatar = null, header = null
        where (host = $1 or host like $2 escape '!' or host like $3 escape '!')
            and not exists (select 1 from host h where h.name = actor.host and h.policy = 'allow' and h.name <> $1)",
    )
    .bind(host)
    .bind(&below)
    .bind(&ports)
    .execute()
    .await?;
    tx.query(
        "delete from media where owner_id in (select a.id from actor a
            where (a.host = $1 or a.host like $2 escape '!' or a.host like $3 escape '!')
                and not exists (select 1 from host h where h.name = a.host and h.policy = 'allow' and h.name <> $1))",
    )
    .bind(host)
    .bind(below)
    .bind(ports)
    .execute()
    .await
}

/// What the names below a host look like, and the host on other ports.
fn patterns(host: &str) -> (String, String) {
    let plain = host.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    (format!("%.{plain}"), format!("{plain}:%"))
}
