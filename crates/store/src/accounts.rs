//! Accounts: the private sign-ins. What they are in public is in [`crate::members`].

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use alongside_domain::account::{Email, Role};
use alongside_domain::clock::Timestamp;
use alongside_domain::id::AccountId;

crate::row! {
    /// A private sign-in.
    pub struct Account {
        /// Its id.
        pub id: AccountId,
        /// Its address, folded.
        pub email: String,
        /// What it may do on this node.
        pub role: Role,
        /// When it was made.
        pub created_at: Timestamp,
        /// When its address was confirmed.
        pub confirmed_at: Option<Timestamp>,
        /// By when its address has to be confirmed, if it still has to be.
        pub confirm_by: Option<Timestamp>,
        /// When somebody let it in.
        pub approved_at: Option<Timestamp>,
        /// When it was closed, by itself or by staff.
        pub disabled_at: Option<Timestamp>,
        /// The wording it consented to last.
        pub consent_version: Option<i64>,
        /// When it did.
        pub consented_at: Option<Timestamp>,
    }
}

crate::row! {
    /// What a password is checked against.
    pub struct Credentials {
        /// Whose it is.
        pub id: AccountId,
        /// The hash, in the format that names its own parameters.
        pub password_hash: String,
        /// When the account was closed.
        pub disabled_at: Option<Timestamp>,
    }
}

/// The account with this id.
pub async fn find(session: &mut impl Session, id: AccountId) -> Result<Option<Account>, Error> {
    session
        .query(
            "select id, email, role, created_at, confirmed_at, confirm_by, approved_at, disabled_at,
                consent_version, consented_at
            from account where id = $1",
        )
        .bind(id)
        .optional()
        .await
}

/// The account with this address.
pub async fn find_by_email(session: &mut impl Session, email: &Email) -> Result<Option<Account>, Error> {
    session
        .query(
            "select id, email, role, created_at, confirmed_at, confirm_by, approved_at, disabled_at,
                consent_version, consented_at
            from account where email = $1",
        )
        .bind(email)
        .optional()
        .await
}

/// What a sign-in with this address is checked against.
pub async fn credentials(session: &mut impl Session, email: &Email) -> Result<Option<Credentials>, Error> {
    session
        .query("select id, password_hash, disabled_at from account where email = $1")
        .bind(email)
        .optional()
        .await
}

/// Whether anybody has this role and can sign in.
pub async fn any(session: &mut impl Session, role: Role) -> Result<bool, Error> {
    let found: Option<Account> = session
        .query(
            "select id, email, role, created_at, confirmed_at, confirm_by, approved_at, disabled_at,
                consent_version, consented_at
            from account where role = $1 and disabled_at is null limit 1",
        )
        .bind(role)
        .optional()
        .await?;
    Ok(found.is_some())
}

crate::row! {
    /// How many there are.
    pub struct Count {
        /// So many.
        pub count: i64,
    }
}

/// How many have this role and can sign in.
pub async fn count(session: &mut impl Session, role: Role) -> Result<i64, Error> {
    let found: Count = session
        .query("select count(*) as count from account where role = $1 and disabled_at is null")
        .bind(role)
        .one()
        .await?;
    Ok(found.count)
}

/// Writes a new account, already confirmed.
pub async fn insert(
    tx: &mut Tx,
    id: AccountId,
    email: &Email,
    password_hash: &str,
    role: Role,
    now: Timestamp,
) -> Result<(), Error> {
    tx.query(
        "insert into account (id, email, password_hash, role, created_at, confirmed_at, approved_at)
        values ($1, $2, $3, $4, $5, $5, $5)",
    )
    .bind(id)
    .bind(email)
    .bind(password_hash)
    .bind(role)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Notes that the account has agreed to a wording.
pub async fn consent(tx: &mut Tx, id: AccountId, version: i64, now: Timestamp) -> Result<(), Error> {
    tx.query("update account set consent_version = $2, consented_at = $3 where id = $1")
        .bind(id)
        .bind(version)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// Notes that the address of an account is its holder's; false if that was not waited for.
pub async fn confirm(tx: &mut Tx, id: AccountId, now: Timestamp) -> Result<bool, Error> {
    let confirmed = tx
        .query(
            "update account set confirmed_at = $2, confirm_by = null
            where id = $1 and confirm_by is not null and disabled_at is null",
        )
        .bind(id)
        .bind(now)
        .execute()
        .await?;
    Ok(confirmed > 0)
}

/// Changes an address that is not confirmed yet; false if that is not waited for.
pub async fn change_email(tx: &mut Tx, id: AccountId, email: &Email) -> Result<bool, Error> {
    let changed = tx
        .query("update account set email = $2 where id = $1 and confirm_by is not null")
        .bind(id)
        .bind(email)
        .execute()
        .await?;
    Ok(changed > 0)
}

/// Whether a password is still this one and the account open; if so it stays until the transaction ends.
pub async fn hold_password(tx: &mut Tx, id: AccountId, hash: &str) -> Result<bool, Error> {
    // Nothing changes: a row that is written is held, on both engines.
    let held = tx.touching(&[]).query(
        "update account set password_hash = $2 where id = $1 and password_hash = $2 and disabled_at is null",
    );
    Ok(held.bind(id).bind(hash).execute().await? > 0)
}

/// Sets a new password, for whoever has shown that the address is theirs; false if the account is closed.
pub async fn set_password(tx: &mut Tx, id: AccountId, hash: &str, now: Timestamp) -> Result<bool, Error> {
    let set = tx
        .query(
            "update account set password_hash = $2, confirmed_at = coalesce(confirmed_at, $3)
            where id = $1 and disabled_at is null and confirm_by is null",
        )
        .bind(id)
        .bind(hash)
        .bind(now)
        .execute()
        .await?;
    Ok(set > 0)
}

/// Ends every way in that an account was given before: sessions, codes, tokens, and what was to be pushed to them.
pub async fn lock_out(tx: &mut Tx, id: AccountId, now: Timestamp) -> Result<(), Error> {
    for statement in [
        "delete from session where account_id = $1",
        "delete from oauth_code where member_id in (select actor_id from member where account_id = $1)",
        "delete from push_subscription where token_id in (select t.id from oauth_token t
            join member m on m.actor_id = t.member_id where m.account_id = $1)",
    ] {
        tx.query(statement).bind(id).execute().await?;
    }
    tx.query(
        "update oauth_token set revoked_at = $2
        where revoked_at is null and member_id in (select actor_id from member where account_id = $1)",
    )
    .bind(id)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Empties an account that nobody acts through any more: its address can be used anew, and nobody can sign in.
pub async fn close(tx: &mut Tx, id: AccountId, now: Timestamp) -> Result<(), Error> {
    for statement in
        ["delete from session where account_id = $1", "delete from mail_link where account_id = $1"]
    {
        tx.query(statement).bind(id).execute().await?;
    }
    tx.query(
        "update account set email = 'closed:' || id, password_hash = '', role = 'member',
            disabled_at = coalesce(disabled_at, $2)
        where id = $1",
    )
    .bind(id)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}
