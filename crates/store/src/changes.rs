//! What changed a moment ago, for those who listen. It is written in the transaction that changed it; every
//! process that has listeners reads it, and nobody needs it for long.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use crate::wake::Bell;
use alongside_domain::change::Change;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::first_at;

crate::row! {
    /// A change as it is kept.
    pub struct Kept {
        /// Its id.
        pub id: i64,
        /// The change, as JSON.
        pub body: String,
    }
}

impl Kept {
    /// The change itself.
    pub fn change(&self) -> Result<Change, Error> {
        serde_json::from_str(&self.body).map_err(|error| Error::Inconsistent {
            column: "body",
            reason: format!("change {}: {error}", self.id),
        })
    }
}

/// Notes a change, and wakes those who tell of it when the transaction is committed.
pub async fn insert(tx: &mut Tx, id: i64, change: &Change) -> Result<(), Error> {
    let body = serde_json::to_string(change)
        .map_err(|error| Error::Inconsistent { column: "body", reason: error.to_string() })?;
    tx.query("insert into change (id, body) values ($1, $2)").bind(id).bind(body).execute().await?;
    tx.ring(Bell::Changes);
    Ok(())
}

/// The changes above this id, oldest first.
pub async fn above(session: &mut impl Session, id: i64, limit: i64) -> Result<Vec<Kept>, Error> {
    session
        .query("select id, body from change where id > $1 order by id limit $2")
        .bind(id)
        .bind(limit)
        .all()
        .await
}

/// Forgets what changed before this moment; says how much.
pub async fn sweep(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.query("delete from change where id < $1").bind(first_at(before)).execute().await
}
