//! Confirming an address: whoever signed up opens the link in a letter, and comes in if nothing else is missing.

use crate::context::App;
use crate::{attention, barriers, letters, secret};
use alongside_domain::account::Email;
use alongside_domain::barrier::Entrance;
use alongside_domain::id::{AccountId, MemberId};
use alongside_domain::letter::{Letter, LinkKind};
use alongside_domain::sanction::SanctionKind;
use alongside_store::{accounts, audit, error, mail_links, members, people, sanctions};
use std::net::IpAddr;

/// What became of somebody whose address is confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmed {
    /// They can sign in.
    LetIn,
    /// Somebody has to let them in.
    Waits,
}

/// Why nothing was confirmed, or no letter sent. The texts are shown to whoever asks.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The link was used, has expired, or never was.
    #[error(
        "This link was used already, or is too old. If you still need one, ask for another where you sign in."
    )]
    Closed,
    /// There is nothing to confirm.
    #[error("This method is only available while the e-mail is awaiting confirmation")]
    NotWaiting,
    /// There is an account with the new address.
    #[error("Validation failed: there is an account with this address already")]
    Taken,
    /// The new address is one that nobody signs up with.
    #[error("Validation failed: signing up is not possible with this address, or from where you are")]
    Barred,
    /// The store could not do it.
    #[error("this cannot be done right now")]
    Store(#[from] error::Error),
}

/// Whether a link can still be used.
pub async fn is_open(app: &App, token: &str) -> Result<bool, error::Error> {
    let hash = secret::hash(token);
    Ok(mail_links::find(&mut app.reader(), &hash, LinkKind::Confirm, app.now()).await?.is_some())
}

/// Uses a link: the address is its holder's. Its other links work no more.
pub async fn confirm(app: &App, token: &str) -> Result<Confirmed, Error> {
    let now = app.now();
    let mut tx = app.store().begin().await?;
    let redeemed = mail_links::redeem(&mut tx, &secret::hash(token), LinkKind::Confirm, now).await?;
    let account = redeemed.ok_or(Error::Closed)?;
    if !accounts::confirm(&mut tx, account, now).await? {
        return Err(Error::Closed);
    }
    mail_links::withdraw(&mut tx, account, LinkKind::Confirm).await?;
    let found = accounts::find(&mut tx, account).await?.ok_or(Error::Closed)?;
    let confirmed = if found.approved_at.is_some() { Confirmed::LetIn } else { Confirmed::Waits };
    if let Some(persona) = people::persona(&mut tx, account).await? {
        if confirmed == Confirmed::LetIn {
            sanctions::set(&mut tx, persona, SanctionKind::Suspend, None).await?;
        }
        attention::newcomer(&mut tx, app, persona, confirmed).await?;
    }
    let subject = format!("account {account}");
    audit::append(&mut tx, app.ids(), now, Some(account), "account.confirm", &subject, "").await?;
    tx.commit().await?;
    Ok(confirmed)
}

/// Sends the letter again to somebody who waits for it, to another address if they say so. Links to the address
/// before work no more.
pub async fn resend(app: &App, member: MemberId, address: Option<&Email>, from: IpAddr) -> Result<(), Error> {
    let entrance = match address {
        Some(address) => barriers::entrance(app, address, from).await?,
        None => Entrance::Free,
    };
    if entrance == Entrance::Barred {
        return Err(Error::Barred);
    }
    let mut tx = app.store().begin().await?;
    let account: AccountId = members::find(&mut tx, member).await?.ok_or(Error::NotWaiting)?.account_id;
    let found = accounts::find(&mut tx, account).await?.filter(|found| found.confirm_by.is_some());
    let found = found.ok_or(Error::NotWaiting)?;
    if let Some(address) = address.filter(|address| address.as_str() != found.email) {
        let changed = accounts::change_email(&mut tx, account, address).await;
        changed
            .map_err(|error| if error.is_unique("account", "email") { Error::Taken } else { error.into() })?;
        // Counted all the same: whoever changes it again and again is annoying somebody.
        mail_links::end(&mut tx, account, LinkKind::Confirm, app.now()).await?;
    }
    if entrance == Entrance::Watched {
        people::hold_back(&mut tx, account).await?;
    }
    letters::queue(&mut tx, app, account, Letter::Confirm).await?;
    tx.commit().await?;
    Ok(())
}
