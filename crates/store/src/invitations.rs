//! Links that work once: the first administrator's. Only a hash of the link is kept.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use alongside_domain::account::Role;
use alongside_domain::clock::Timestamp;

crate::row! {
    /// What a link is good for.
    pub struct Invitation {
        /// The role of whoever uses it.
        pub role: Role,
    }
}

/// Writes a new link.
pub async fn insert(tx: &mut Tx, token_hash: &str, role: Role, expires_at: Timestamp) -> Result<(), Error> {
    tx.query("insert into invitation (token_hash, role, expires_at) values ($1, $2, $3)")
        .bind(token_hash)
        .bind(role)
        .bind(expires_at)
        .execute()
        .await?;
    Ok(())
}

/// The link, if it can still be used.
pub async fn find(
    session: &mut impl Session,
    token_hash: &str,
    now: Timestamp,
) -> Result<Option<Invitation>, Error> {
    session
        .query("select role from invitation where token_hash = $1 and used_at is null and expires_at > $2")
        .bind(token_hash)
        .bind(now)
        .optional()
        .await
}

/// Uses the link up; none if it cannot be used any more.
pub async fn redeem(tx: &mut Tx, token_hash: &str, now: Timestamp) -> Result<Option<Invitation>, Error> {
    tx.query(
        "update invitation set used_at = $2 where token_hash = $1 and used_at is null and expires_at > $2 returning role",
    )
    .bind(token_hash)
    .bind(now)
    .optional()
    .await
}

/// Takes back every link for a role that was not used, so that only the newest works.
pub async fn withdraw(tx: &mut Tx, role: Role) -> Result<(), Error> {
    tx.query("delete from invitation where role = $1 and used_at is null").bind(role).execute().await?;
    Ok(())
}
