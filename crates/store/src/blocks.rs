//! Blocks: neither sees the other, or can follow.

use crate::engine::Tx;
use crate::error::Error;
use crate::page::Page;
use crate::session::Session;
use alongside_domain::id::ActorId;

crate::row! {
    /// Somebody who is blocked.
    pub struct Block {
        /// Its place in the list.
        pub id: i64,
        /// Who is blocked.
        pub target_id: ActorId,
    }
}

/// Blocks somebody; false if they were blocked before.
pub async fn add(tx: &mut Tx, id: i64, actor: ActorId, target: ActorId) -> Result<bool, Error> {
    let blocked = tx
        .query(
            "insert into block (id, actor_id, target_id) values ($1, $2, $3) on conflict (actor_id, target_id) do nothing",
        )
        .bind(id)
        .bind(actor)
        .bind(target)
        .execute()
        .await?;
    Ok(blocked > 0)
}

/// Ends a block; false if there was none.
pub async fn remove(tx: &mut Tx, actor: ActorId, target: ActorId) -> Result<bool, Error> {
    let gone = tx
        .query("delete from block where actor_id = $1 and target_id = $2")
        .bind(actor)
        .bind(target)
        .execute()
        .await?;
    Ok(gone > 0)
}

/// Whether the first blocks the second.
pub async fn exists(session: &mut impl Session, actor: ActorId, target: ActorId) -> Result<bool, Error> {
    let found: Option<Block> = session
        .query("select id, target_id from block where actor_id = $1 and target_id = $2")
        .bind(actor)
        .bind(target)
        .optional()
        .await?;
    Ok(found.is_some())
}

/// Whom somebody blocks, who was blocked last first.
pub async fn page(session: &mut impl Session, actor: ActorId, page: &Page) -> Result<Vec<Block>, Error> {
    let rows = session
        .query("select id, target_id from block where actor_id = $1 and id < $2 and id > $3 order by id * $5 limit $4")
        .bind(actor)
        .bind_page(page)
        .bind(page.direction())
        .all()
        .await?;
    Ok(page.newest_first(rows))
}
