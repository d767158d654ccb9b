//! Other addresses of somebody: those that a member here says are theirs, and where an actor has moved to.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::ActorId;

crate::row! {
    /// Where an actor has moved to.
    pub struct Moved {
        /// The address of the other actor.
        pub uri: String,
        /// When.
        pub at: Timestamp,
    }
}

crate::row! {
    /// Another address.
    pub struct Alias {
        /// Of an actor.
        pub uri: String,
    }
}

/// What there is to say of other addresses.
#[derive(Debug, Clone, Default)]
pub struct Moves {
    /// Those that a member says are theirs.
    pub aliases: Vec<String>,
    /// Where they have moved to.
    pub moved: Option<Moved>,
}

/// Everything about an actor.
pub async fn all(session: &mut impl Session, actor: ActorId) -> Result<Moves, Error> {
    Ok(Moves { aliases: aliases(session, actor).await?, moved: of(session, actor).await? })
}

/// Where an actor has moved to.
pub async fn of(session: &mut impl Session, actor: ActorId) -> Result<Option<Moved>, Error> {
    session.query("select uri, at from moved where actor_id = $1").bind(actor).optional().await
}

/// Notes that an actor has moved.
pub async fn put(tx: &mut Tx, actor: ActorId, uri: &str, now: Timestamp) -> Result<(), Error> {
    tx.query(
        "insert into moved (actor_id, uri, at) values ($1, $2, $3)
        on conflict (actor_id) do update set uri = excluded.uri, at = excluded.at",
    )
    .bind(actor)
    .bind(uri)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// The other addresses of an actor, oldest first.
pub async fn aliases(session: &mut impl Session, actor: ActorId) -> Result<Vec<String>, Error> {
    let found: Vec<Alias> =
        session.query("select uri from alias where actor_id = $1 order by at, uri").bind(actor).all().await?;
    Ok(found.into_iter().map(|alias| alias.uri).collect())
}

/// Adds another address of an actor.
pub async fn add_alias(tx: &mut Tx, actor: ActorId, uri: &str, now: Timestamp) -> Result<(), Error> {
    tx.query(
        "insert into alias (actor_id, uri, at) values ($1, $2, $3) on conflict (actor_id, uri) do nothing",
    )
    .bind(actor)
    .bind(uri)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Takes one away; true if it was there.
pub async fn remove_alias(tx: &mut Tx, actor: ActorId, uri: &str) -> Result<bool, Error> {
    let removed = tx
        .query("delete from alias where actor_id = $1 and uri = $2")
        .bind(actor)
        .bind(uri)
        .execute()
        .await?;
    Ok(removed > 0)
}
