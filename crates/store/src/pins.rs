//! Posts that stand first on their author's profile.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, PostId};

crate::row! {
    /// A post that is pinned.
    pub struct Pin {
        /// The post.
        pub post_id: PostId,
    }
}

/// Pins a post; false if it was pinned before.
pub async fn add(tx: &mut Tx, actor: ActorId, post: PostId, now: Timestamp) -> Result<bool, Error> {
    let pinned = tx.query("insert into pin (actor_id, post_id, at) values ($1, $2, $3) on conflict (actor_id, post_id) do nothing")
        .bind(actor)
        .bind(post)
        .bind(now)
        .execute()
        .await?;
    Ok(pinned > 0)
}

/// Takes a pin off; false if there was none.
pub async fn remove(tx: &mut Tx, actor: ActorId, post: PostId) -> Result<bool, Error> {
    let sql = "delete from pin where actor_id = $1 and post_id = $2";
    Ok(tx.query(sql).bind(actor).bind(post).execute().await? > 0)
}

/// What an actor has pinned and is still there, what was pinned last first.
pub async fn of_actor(session: &mut impl Session, actor: ActorId) -> Result<Vec<PostId>, Error> {
    let pins: Vec<Pin> = session
        .query(
            "select i.post_id from pin i join post p on p.id = i.post_id
            where i.actor_id = $1 and p.deleted_at is null and p.removed_at is null order by i.at desc, i.post_id desc",
        )
        .bind(actor)
        .all()
        .await?;
    Ok(pins.into_iter().map(|pin| pin.post_id).collect())
}
