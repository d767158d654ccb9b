//! What arrived from elsewhere, kept as it came before anything is made of it.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::InboxId;

crate::row! {
    /// An activity that arrived, its signature verified.
    pub struct Arrival {
        /// Its id here.
        pub id: InboxId,
        /// Its address at its origin.
        pub uri: String,
        /// Who signed it, which is who acts in it.
        pub actor_uri: String,
        /// Its text, word for word.
        pub body: String,
        /// When it arrived.
        pub received_at: Timestamp,
    }
}

/// Keeps an activity; false if one of this address has arrived before.
pub async fn insert(tx: &mut Tx, arrival: &Arrival) -> Result<bool, Error> {
    let inserted = tx
        .query(
            "insert into inbox (id, uri, actor_uri, body, received_at) values ($1, $2, $3, $4, $5)
            on conflict (uri) do nothing",
        )
        .bind(arrival.id)
        .bind(&arrival.uri)
        .bind(&arrival.actor_uri)
        .bind(&arrival.body)
        .bind(arrival.received_at)
        .execute()
        .await?;
    Ok(inserted > 0)
}

/// The activity that arrived under this id.
pub async fn find(session: &mut impl Session, id: InboxId) -> Result<Option<Arrival>, Error> {
    session
        .query("select id, uri, actor_uri, body, received_at from inbox where id = $1")
        .bind(id)
        .optional()
        .await
}

/// Writes down what became of it.
pub async fn finish(tx: &mut Tx, id: InboxId, outcome: &str, now: Timestamp) -> Result<(), Error> {
    tx.query("update inbox set done_at = $2, outcome = $3 where id = $1")
        .bind(id)
        .bind(now)
        .bind(outcome)
        .execute()
        .await?;
    Ok(())
}

/// Forgets what an actor did under this address, once it is dealt with.
pub async fn forget_one(tx: &mut Tx, uri: &str, actor_uri: &str) -> Result<(), Error> {
    tx.query("delete from inbox where uri = $1 and actor_uri = $2 and done_at is not null")
        .bind(uri)
        .bind(actor_uri)
        .execute()
        .await?;
    Ok(())
}

/// Forgets what was dealt with before a moment, some at a time; how many there were.
pub async fn forget(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Error> {
    tx.query(
        "delete from inbox where id in (select id from inbox where done_at < $1 order by done_at limit $2)",
    )
    .bind(before)
    .bind(limit)
    .execute()
    .await
}
