//! Reactions to posts: one for each actor and post.

use crate::engine::Tx;
use crate::error::Error;
use crate::page::Page;
use crate::session::Session;
use crate::touched::Topic;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, PostId, ReactionId};
use alongside_domain::reaction::Reaction;

crate::row! {
    /// Somebody's reaction to a post.
    pub struct Given {
        /// Its id.
        pub id: ReactionId,
        /// To what.
        pub post_id: PostId,
        /// Whose.
        pub actor_id: ActorId,
        /// What it says.
        pub kind: Reaction,
        /// Its address in the protocol.
        pub uri: String,
        /// When.
        pub at: Timestamp,
    }
}

/// Writes a reaction; false if the actor has one on that post, or its address is known.
pub async fn insert(tx: &mut Tx, given: &Given) -> Result<bool, Error> {
    let inserted = tx
        .touching(&[Topic::Deeds(given.actor_id)])
        .query(
            "insert into reaction (id, post_id, actor_id, kind, uri, at) values ($1, $2, $3, $4, $5, $6)
            on conflict do nothing",
        )
        .bind(given.id)
        .bind(given.post_id)
        .bind(given.actor_id)
        .bind(given.kind)
        .bind(&given.uri)
        .bind(given.at)
        .execute()
        .await?;
    Ok(inserted > 0)
}

/// The reaction with this id.
pub async fn find(session: &mut impl Session, id: ReactionId) -> Result<Option<Given>, Error> {
    session
        .query("select id, post_id, actor_id, kind, uri, at from reaction where id = $1")
        .bind(id)
        .optional()
        .await
}

/// The reaction with this address in the protocol.
pub async fn find_by_uri(session: &mut impl Session, uri: &str) -> Result<Option<Given>, Error> {
    session
        .query("select id, post_id, actor_id, kind, uri, at from reaction where uri = $1")
        .bind(uri)
        .optional()
        .await
}

/// How an actor reacted to a post.
pub async fn between(
    session: &mut impl Session,
    actor: ActorId,
    post: PostId,
) -> Result<Option<Given>, Error> {
    session
        .query(
            "select id, post_id, actor_id, kind, uri, at from reaction where post_id = $1 and actor_id = $2",
        )
        .bind(post)
        .bind(actor)
        .optional()
        .await
}

/// Takes a reaction back; true if it was there.
pub async fn remove(tx: &mut Tx, id: ReactionId) -> Result<bool, Error> {
    Ok(tx.query("delete from reaction where id = $1").bind(id).execute().await? > 0)
}

/// Who reacted to a post, newest first.
pub async fn on_post(session: &mut impl Session, post: PostId, page: &Page) -> Result<Vec<Given>, Error> {
    let rows = session
        .query(
            "select id, post_id, actor_id, kind, uri, at from reaction
            where post_id = $1 and id < $2 and id > $3 order by id * $5 limit $4",
        )
        .bind(post)
        .bind_page(page)
        .bind(page.direction())
        .all()
        .await?;
    Ok(page.newest_first(rows))
}

/// What an actor reacted to, newest first.
pub async fn by_actor(session: &mut impl Session, actor: ActorId, page: &Page) -> Result<Vec<Given>, Error> {
    let statement = if page.is_upward() {
        "select id, post_id, actor_id, kind, uri, at from reaction
        where actor_id = $1 and id < $2 and id > $3 order by id limit $4"
    } else {
        "select id, post_id, actor_id, kind, uri, at from reaction
        where actor_id = $1 and id < $2 and id > $3 order by id desc limit $4"
    };
    let rows = session.query(statement).bind(actor).bind_page(page).all().await?;
    Ok(page.newest_first(rows))
}
