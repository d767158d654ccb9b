//! Hosts that a member does not want to see anything from.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use alongside_domain::id::MemberId;

crate::row! {
    /// A host that is blocked.
    pub struct HostBlock {
        /// Its name.
        pub host: String,
    }
}

/// Blocks a host.
pub async fn add(tx: &mut Tx, member: MemberId, host: &str) -> Result<(), Error> {
    tx.query("insert into member_host_block (member_id, host) values ($1, $2) on conflict (member_id, host) do nothing")
        .bind(member)
        .bind(host)
        .execute()
        .await?;
    Ok(())
}

/// Whether a member blocks a host.
pub async fn exists(session: &mut impl Session, member: MemberId, host: &str) -> Result<bool, Error> {
    let found: Option<HostBlock> = session
        .query("select host from member_host_block where member_id = $1 and host = $2")
        .bind(member)
        .bind(host)
        .optional()
        .await?;
    Ok(found.is_some())
}

/// Ends the block of a host.
pub async fn remove(tx: &mut Tx, member: MemberId, host: &str) -> Result<(), Error> {
    tx.query("delete from member_host_block where member_id = $1 and host = $2")
        .bind(member)
        .bind(host)
        .execute()
        .await?;
    Ok(())
}

/// The hosts a member blocks, by name, after one.
pub async fn after(
    session: &mut impl Session,
    member: MemberId,
    host: &str,
    limit: i64,
) -> Result<Vec<String>, Error> {
    let blocks: Vec<HostBlock> = session
        .query("select host from member_host_block where member_id = $1 and host > $2 order by host limit $3")
        .bind(member)
        .bind(host)
        .bind(limit)
        .all()
        .await?;
    Ok(blocks.into_iter().map(|block| block.host).collect())
}

crate::row! {
    /// How many of a host a member has to do with.
    pub struct Ties {
        /// Those the member follows.
        pub following: i64,
        /// Those who follow the member.
        pub followers: i64,
    }
}

/// How many of a host a member follows, and is followed by: whom a block would keep away.
pub async fn ties(session: &mut impl Session, member: MemberId, host: &str) -> Result<Ties, Error> {
    session
        .query(
            "select (select count(*) from follow f join actor a on a.id = f.target_id
                    where f.follower_id = $1 and f.accepted and a.host = $2 and a.deleted_at is null) as following,
                (select count(*) from follow f join actor a on a.id = f.follower_id
                    where f.target_id = $1 and f.accepted and a.host = $2 and a.deleted_at is null) as followers",
        )
        .bind(member)
        .bind(host)
        .one()
        .await
}
