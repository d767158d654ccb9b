//! The links that letters carry: each works once, for a time, and for the address that it was sent to, and only a hash of
//! it is kept.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use alongside_domain::account::Email;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::AccountId;
use alongside_domain::letter::LinkKind;

crate::row! {
    /// Whose link it is.
    pub struct Holder {
        /// The account.
        pub account_id: AccountId,
    }
}

/// A new link.
#[derive(Debug, Clone)]
pub struct NewLink<'a> {
    /// The hash of what stands in the letter.
    pub token_hash: &'a str,
    /// What it does.
    pub kind: LinkKind,
    /// Whose it is.
    pub account: AccountId,
    /// Where its letter goes. It works while the account has this address.
    pub email: &'a Email,
    /// When its letter is sent.
    pub sent_at: Timestamp,
    /// Until when it works.
    pub expires_at: Timestamp,
}

crate::row! {
    /// How many there are.
    pub struct Count {
        /// So many.
        pub count: i64,
    }
}

/// Writes a new link.
pub async fn insert(tx: &mut Tx, link: &NewLink<'_>) -> Result<(), Error> {
    tx.query(
        "insert into mail_link (token_hash, kind, account_id, email, sent_at, expires_at) values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(link.token_hash)
    .bind(link.kind)
    .bind(link.account)
    .bind(link.email)
    .bind(link.sent_at)
    .bind(link.expires_at)
    .execute()
    .await?;
    Ok(())
}

/// Whose link this is, if it can still be used.
pub async fn find(
    session: &mut impl Session,
    token_hash: &str,
    kind: LinkKind,
    now: Timestamp,
) -> Result<Option<AccountId>, Error> {
    let found: Option<Holder> = session
        .query(
            "select l.account_id from mail_link l join account a on a.id = l.account_id and a.email = l.email
            where l.token_hash = $1 and l.kind = $2 and l.expires_at > $3",
        )
        .bind(token_hash)
        .bind(kind)
        .bind(now)
        .optional()
        .await?;
    Ok(found.map(|found| found.account_id))
}

/// Uses a link up, and says whose it was; none if it cannot be used any more.
pub async fn redeem(
    tx: &mut Tx,
    token_hash: &str,
    kind: LinkKind,
    now: Timestamp,
) -> Result<Option<AccountId>, Error> {
    let found: Option<Holder> = tx
        .query(
            "delete from mail_link where token_hash = $1 and kind = $2 and expires_at > $3
                and email = (select a.email from account a where a.id = mail_link.account_id)
            returning account_id",
        )
        .bind(token_hash)
        .bind(kind)
        .bind(now)
        .optional()
        .await?;
    Ok(found.map(|found| found.account_id))
}

/// How many links of a kind were sent to an account since a moment, without those that were used or taken back.
pub async fn count_since(
    session: &mut impl Session,
    account: AccountId,
    kind: LinkKind,
    since: Timestamp,
) -> Result<i64, Error> {
    let found: Count = session
        .query("select count(*) as count from mail_link where account_id = $1 and kind = $2 and sent_at > $3")
        .bind(account)
        .bind(kind)
        .bind(since)
        .one()
        .await?;
    Ok(found.count)
}

/// Takes back a link whose letter was not sent.
pub async fn remove(tx: &mut Tx, token_hash: &str) -> Result<(), Error> {
    tx.query("delete from mail_link where token_hash = $1").bind(token_hash).execute().await?;
    Ok(())
}

/// Takes back every link of a kind that an account was sent.
pub async fn withdraw(tx: &mut Tx, account: AccountId, kind: LinkKind) -> Result<(), Error> {
    tx.query("delete from mail_link where account_id = $1 and kind = $2")
        .bind(account)
        .bind(kind)
        .execute()
        .await?;
    Ok(())
}

/// Ends every link of a kind that an account was sent. They still count among those.
pub async fn end(tx: &mut Tx, account: AccountId, kind: LinkKind, now: Timestamp) -> Result<(), Error> {
    tx.query("update mail_link set expires_at = $3 where account_id = $1 and kind = $2 and expires_at > $3")
        .bind(account)
        .bind(kind)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// Forgets the links that work no more, and were sent before a moment; says how many.
pub async fn sweep(tx: &mut Tx, now: Timestamp, sent_before: Timestamp) -> Result<u64, Error> {
    let swept = tx.query("delete from mail_link where expires_at <= $1 and sent_at < $2");
    swept.bind(now).bind(sent_before).execute().await
}
