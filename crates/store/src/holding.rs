//! Holding on to what is there: until the transaction ends, nobody else changes it or takes it away.
//!
//! SQLite has one writer, so nobody could anyway. On PostgreSQL rows are held in one order, so that no two transactions
//! wait for each other: hosts by their names, then actors, then posts.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::{Session as _, Sql};
use crate::{actors, posts};
use alongside_domain::actor::Actor;
use alongside_domain::id::{ActorId, PostId};
use alongside_domain::post::Post;

/// Holds an actor, as it is once whoever had it in hand has done with it.
pub async fn actor(tx: &mut Tx, id: ActorId) -> Result<Option<Actor>, Error> {
    tx.query(ACTOR).bind(id).execute().await?;
    actors::find(tx, id).await
}

/// Only PostgreSQL knows of holding rows. Others may go on naming the actor in rows of their own.
const ACTOR: Sql = Sql {
    sqlite: "select id from actor where id = $1",
    postgres: "select id from actor where id = $1 for no key update",
};

/// Holds a post, as it is once whoever had it in hand has done with it. Several may hold it at once, and none of them
/// may change it.
pub async fn post(tx: &mut Tx, id: PostId) -> Result<Option<Post>, Error> {
    tx.query(POST).bind(id).execute().await?;
    posts::find(tx, id).await
}

/// Only PostgreSQL knows of holding rows.
const POST: Sql = Sql {
    sqlite: "select id from post where id = $1",
    postgres: "select id from post where id = $1 for share",
};
