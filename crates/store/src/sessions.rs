//! Browsers that are signed in to the node's own pages. Only a hash of what the browser holds is kept.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use alongside_domain::account::Role;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::AccountId;

crate::row! {
    /// A browser that is signed in.
    pub struct SignedIn {
        /// As whom.
        pub account_id: AccountId,
        /// What that account may do on this node.
        pub role: Role,
        /// What a form must send back, so that another site cannot send it.
        pub csrf: String,
        /// When it has to sign in again.
        pub expires_at: Timestamp,
    }
}

/// The session a browser shows, if it is not over and its account is open.
pub async fn find(
    session: &mut impl Session,
    token_hash: &str,
    now: Timestamp,
) -> Result<Option<SignedIn>, Error> {
    session
        .query(
            "select s.account_id, c.role, s.csrf, s.expires_at from session s join account c on c.id = s.account_id
            where s.token_hash = $1 and s.expires_at > $2 and c.disabled_at is null",
        )
        .bind(token_hash)
        .bind(now)
        .optional()
        .await
}

crate::row! {
    /// Whose session it is.
    pub struct Owner {
        /// Their account.
        pub account_id: AccountId,
    }
}

/// Whose session this is, if it is not over and their account is open; if so it stays until the transaction ends.
pub async fn hold(tx: &mut Tx, token_hash: &str, now: Timestamp) -> Result<Option<AccountId>, Error> {
    // Nothing changes: a row that is written is held, on both engines.
    let held = tx.touching(&[]).query(
        "update session set csrf = csrf where token_hash = $1 and expires_at > $2
            and exists (select 1 from account c where c.id = session.account_id and c.disabled_at is null)
        returning account_id",
    );
    let owner: Option<Owner> = held.bind(token_hash).bind(now).optional().await?;
    Ok(owner.map(|owner| owner.account_id))
}

/// Writes a new session.
pub async fn insert(
    tx: &mut Tx,
    token_hash: &str,
    account: AccountId,
    csrf: &str,
    expires_at: Timestamp,
) -> Result<(), Error> {
    tx.query("insert into session (token_hash, account_id, csrf, expires_at) values ($1, $2, $3, $4)")
        .bind(token_hash)
        .bind(account)
        .bind(csrf)
        .bind(expires_at)
        .execute()
        .await?;
    Ok(())
}

/// Ends a session.
pub async fn remove(tx: &mut Tx, token_hash: &str) -> Result<(), Error> {
    tx.query("delete from session where token_hash = $1").bind(token_hash).execute().await?;
    Ok(())
}

/// Forgets the sessions that are over; says how many.
pub async fn sweep(tx: &mut Tx, now: Timestamp) -> Result<u64, Error> {
    tx.query("delete from session where expires_at <= $1").bind(now).execute().await
}
