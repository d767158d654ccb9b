//! Signing up: an account that somebody opens for themselves, and that waits until staff let it in.
//!
//! While it waits nothing of it is seen, its name included, and nobody signs in with it. This node sends no mail, so
//! an address that was typed at a sign-up stays unconfirmed, and whoever lets somebody in is told so.

use crate::accounts::{self, CreateError, Created, NewAccount};
use crate::context::App;
use crate::passwords::{self, Stopped};
use crate::{barriers, staff};
use alongside_domain::account::{Email, Password, Role};
use alongside_domain::actor::Handle;
use alongside_domain::id::{ActorId, MemberId};
use alongside_domain::limits::SIGN_UP_REASON_CHARS_MAX;
use alongside_domain::policy::Refusal;
use alongside_domain::sanction::SanctionKind;
use alongside_domain::staff::Duty;
use alongside_store::engine::Tx;
use alongside_store::people::{self, Person};
use alongside_store::{audit, error, sanctions};
use std::net::IpAddr;

/// What somebody gives who would like to come in.
#[derive(Debug, Clone)]
pub struct SignUp {
    /// The name of their first persona.
    pub handle: Handle,
    /// Their address.
    pub email: Email,
    /// Their password.
    pub password: Password,
    /// Why they would like to.
    pub reason: Option<String>,
    /// Where they come from. It is compared and never kept.
    pub address: IpAddr,
}

/// Why nobody came in. The texts are shown to them.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is too long.
    #[error("Validation failed: the reason may have {SIGN_UP_REASON_CHARS_MAX} characters")]
    Reason,
    /// It is not said what keeps them: whoever means harm would go around it.
    #[error("Signing up is not possible with this address, or from where you are")]
    Barred,
    /// The account was not opened.
    #[error(transparent)]
    Create(#[from] CreateError),
}

/// Opens an account that waits to be let in.
pub async fn apply(app: &App, new: SignUp) -> Result<Created, Error> {
    let reason = new.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    if reason.is_some_and(|reason| reason.chars().count() > SIGN_UP_REASON_CHARS_MAX) {
        return Err(Error::Reason);
    }
    if !barriers::lets_sign_up(app, &new.email, new.address).await? {
        return Err(Error::Barred);
    }
    let password_hash = passwords::hash(app, &new.password).await?;
    let account =
        NewAccount { handle: new.handle, email: new.email, password: new.password, role: Role::Member };
    let mut tx = app.store().begin().await?;
    let created = accounts::write(&mut tx, app, &account, &password_hash).await?;
    people::wait(&mut tx, created.account, reason).await?;
    // Until then nothing of it is shown.
    sanctions::set(&mut tx, created.member.actor(), SanctionKind::Suspend, Some(app.now())).await?;
    tx.commit().await?;
    Ok(created)
}

/// Why nobody was let in or turned away. The texts are shown to staff.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// The policy said no, or nobody of that id waits.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store could not do it.
    #[error("the decision could not be kept")]
    Store(#[from] error::Error),
}

/// Lets somebody in who waits.
pub async fn approve(app: &App, by: MemberId, who: ActorId) -> Result<(), DecideError> {
    let mut tx = app.store().begin().await?;
    let by = staff::acting(&mut tx, by, Duty::People).await??;
    let waiting = waiting(&mut tx, who).await?;
    if !people::approve(&mut tx, waiting.account_id, app.now()).await? {
        return Err(Refusal::Forbidden.into());
    }
    sanctions::set(&mut tx, who, SanctionKind::Suspend, None).await?;
    let subject = format!("account {}", waiting.account_id);
    audit::append(&mut tx, app.ids(), app.now(), Some(by.account), "account.approve", &subject, "").await?;
    tx.commit().await?;
    Ok(())
}

/// Turns somebody away who waits: the account is forgotten, and whoever it was may ask again.
pub async fn reject(app: &App, by: MemberId, who: ActorId) -> Result<(), DecideError> {
    let mut tx = app.store().begin().await?;
    let by = staff::acting(&mut tx, by, Duty::People).await??;
    let waiting = waiting(&mut tx, who).await?;
    if !people::turn_away(&mut tx, who, waiting.account_id).await? {
        return Err(Refusal::Forbidden.into());
    }
    let subject = format!("account {}", waiting.account_id);
    audit::append(&mut tx, app.ids(), app.now(), Some(by.account), "account.reject", &subject, "").await?;
    tx.commit().await?;
    Ok(())
}

/// Somebody who waits; whoever was let in before does so no more. Another of the staff may decide at this moment, so
/// what is written asks again.
async fn waiting(tx: &mut Tx, who: ActorId) -> Result<Person, DecideError> {
    let found = people::behind(tx, &[who]).await?.pop().ok_or(Refusal::Hidden)?;
    Ok(Some(found).filter(|person| person.approved_at.is_none()).ok_or(Refusal::Forbidden)?)
}

impl From<error::Error> for Error {
    fn from(error: error::Error) -> Self {
        Self::Create(error.into())
    }
}

impl From<Stopped> for Error {
    fn from(stopped: Stopped) -> Self {
        Self::Create(stopped.into())
    }
}
