//! A new password for whoever has forgotten theirs: by a link that is sent to the address they sign in with.

use crate::context::App;
use crate::passwords::{self, Stopped};
use crate::{letters, secret};
use alongside_domain::account::{Email, Password};
use alongside_domain::id::AccountId;
use alongside_domain::letter::{Letter, LinkKind};
use alongside_store::accounts::Account;
use alongside_store::{accounts, audit, error, mail_links, members};

/// No account has this id: what is asked for about nobody takes as long, and leads to nothing.
const NOBODY: AccountId = AccountId::new(0);

/// Why no password was set, or no link sent.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The link was used, has expired, or never was.
    #[error(
        "This link was used already, or is too old. If you still need one, ask for another where you sign in."
    )]
    Closed,
    /// There is no such member.
    #[error("there is no member of that name here")]
    Nobody,
    /// There is nothing to send it with.
    #[error("this node sends no mail: set `mail.server` first")]
    NoMail,
    /// Try again later.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// The store could not do it.
    #[error("this cannot be done right now")]
    Store(#[from] error::Error),
}

/// Sends a link to this address, if somebody signs in with it; to whoever has not confirmed theirs, the link for that.
/// What is written, and so the time it takes, is the same for an address that nobody has.
pub async fn ask(app: &App, email: &str) -> Result<(), error::Error> {
    let Ok(email) = Email::parse(email) else { return Ok(()) };
    let mut tx = app.store().begin().await?;
    let found = accounts::find_by_email(&mut tx, &email).await?;
    let account = found.as_ref().map_or(NOBODY, |found| found.id);
    letters::queue(&mut tx, app, account, letter_for(found.as_ref())).await?;
    tx.commit().await
}

/// Sends a link to a member, because whoever runs the node says so.
pub async fn send_link(app: &App, handle: &str) -> Result<(), Error> {
    if !app.sends_mail() {
        return Err(Error::NoMail);
    }
    let mut tx = app.store().begin().await?;
    let account = members::find_by_handle(&mut tx, handle).await?.ok_or(Error::Nobody)?.account_id;
    letters::queue(&mut tx, app, account, Letter::NewPassword).await?;
    // Whoever keeps the trail can see that a way in was made, and by the command line.
    let subject = format!("account {account}");
    audit::append(&mut tx, app.ids(), app.now(), None, "account.send_link", &subject, "").await?;
    tx.commit().await?;
    Ok(())
}

/// Whether a link can still be used.
pub async fn is_open(app: &App, token: &str) -> Result<bool, error::Error> {
    let hash = secret::hash(token);
    Ok(mail_links::find(&mut app.reader(), &hash, LinkKind::NewPassword, app.now()).await?.is_some())
}

/// Uses a link: sets the password, and ends every session and token there was.
pub async fn choose(app: &App, token: &str, password: &Password) -> Result<(), Error> {
    if !is_open(app, token).await? {
        return Err(Error::Closed);
    }
    let password_hash = passwords::hash(app, password).await?;
    let now = app.now();
    let mut tx = app.store().begin().await?;
    let redeemed = mail_links::redeem(&mut tx, &secret::hash(token), LinkKind::NewPassword, now).await?;
    let account = redeemed.ok_or(Error::Closed)?;
    if !accounts::set_password(&mut tx, account, &password_hash, now).await? {
        return Err(Error::Closed);
    }
    mail_links::withdraw(&mut tx, account, LinkKind::NewPassword).await?;
    accounts::lock_out(&mut tx, account, now).await?;
    letters::queue(&mut tx, app, account, Letter::PasswordChanged).await?;
    let subject = format!("account {account}");
    audit::append(&mut tx, app.ids(), now, Some(account), "account.password", &subject, "").await?;
    tx.commit().await?;
    Ok(())
}

fn letter_for(account: Option<&Account>) -> Letter {
    match account {
        Some(account) if account.confirm_by.is_some() => Letter::Confirm,
        Some(_) | None => Letter::NewPassword,
    }
}
