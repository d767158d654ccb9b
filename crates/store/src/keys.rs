//! Keys that sign: public ones of everyone, private ones of those who live here.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::ActorId;

crate::row! {
    /// A key and whose it is.
    pub struct Key {
        /// Its address.
        pub uri: String,
        /// Whose it is.
        pub actor_id: ActorId,
        /// `rsa` or `ed25519`.
        pub algorithm: String,
        /// The public half: PEM.
        pub public_key: String,
        /// The private half (PKCS#8 PEM), for those who live here.
        pub private_key: Option<String>,
        /// When it was made, or last read at its origin.
        pub fetched_at: Timestamp,
        /// It was made in place of another.
        pub renewed: bool,
    }
}

/// The key with this address.
pub async fn find(session: &mut impl Session, uri: &str) -> Result<Option<Key>, Error> {
    session
        .query(
            "select uri, actor_id, algorithm, public_key, private_key, fetched_at, renewed from actor_key
            where uri = $1",
        )
        .bind(uri)
        .optional()
        .await
}

/// The keys of an actor.
pub async fn of_actor(session: &mut impl Session, actor: ActorId) -> Result<Vec<Key>, Error> {
    session
        .query(
            "select uri, actor_id, algorithm, public_key, private_key, fetched_at, renewed from actor_key
            where actor_id = $1 order by algorithm",
        )
        .bind(actor)
        .all()
        .await
}

/// The keys with which somebody who lives here signs.
pub async fn own(session: &mut impl Session, actor: ActorId) -> Result<Vec<Key>, Error> {
    let mut keys = of_actor(session, actor).await?;
    keys.retain(|key| key.private_key.is_some());
    Ok(keys)
}

/// Puts new keys of somebody who lives here in place of theirs.
pub async fn replace_own(tx: &mut Tx, actor: ActorId, keys: &[Key]) -> Result<(), Error> {
    tx.query("delete from actor_key where actor_id = $1").bind(actor).execute().await?;
    for key in keys {
        insert(tx, key).await?;
    }
    Ok(())
}

/// Keeps a key of somebody who lives here, unless it has one of this address already: whoever comes
/// first wins, and everybody uses that one.
pub async fn insert(tx: &mut Tx, key: &Key) -> Result<(), Error> {
    tx.query(
        "insert into actor_key (uri, actor_id, algorithm, public_key, private_key, fetched_at, renewed)
        values ($1, $2, $3, $4, $5, $6, $7) on conflict (uri) do nothing",
    )
    .bind(&key.uri)
    .bind(key.actor_id)
    .bind(&key.algorithm)
    .bind(&key.public_key)
    .bind(key.private_key.clone())
    .bind(key.fetched_at)
    .bind(key.renewed)
    .execute()
    .await?;
    Ok(())
}

/// Keeps the public keys an actor elsewhere lists now, in place of those it listed before.
pub async fn replace(tx: &mut Tx, actor: ActorId, keys: &[Key]) -> Result<(), Error> {
    tx.query("delete from actor_key where actor_id = $1 and private_key is null")
        .bind(actor)
        .execute()
        .await?;
    for key in keys {
        insert(tx, key).await?;
    }
    Ok(())
}
