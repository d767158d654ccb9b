//! Signing up: an account that somebody opens for themselves.
//!
//! While it waits, nothing of it is seen, its name included. A node that sends mail waits first until the address is
//! confirmed; then, unless it is open to everybody, until staff let it in. Without mail an address stays unconfirmed,
//! and whoever lets somebody in is told so.

use crate::accounts::{self, CreateError, Created, NewAccount};
use crate::confirmations::Confirmed;
use crate::context::App;
use crate::passwords::{self, Stopped};
use crate::{attention, barriers, letters, staff};
use alongside_domain::account::{Email, Password, Role};
use alongside_domain::actor::{Actor, Handle};
use alongside_domain::barrier::Entrance;
use alongside_domain::id::{AccountId, ActorId, MemberId};
use alongside_domain::letter::Letter;
use alongside_domain::limits::{SIGN_UP_REASON_CHARS_MAX, TURNED_AWAY_SECS_MAX, UNCONFIRMED_SECS_MAX};
use alongside_domain::policy::Refusal;
use alongside_domain::sanction::SanctionKind;
use alongside_domain::sign_up::{self, AgeError, Registrations};
use alongside_domain::staff::Duty;
use alongside_store::engine::Tx;
use alongside_store::people::{self, Person};
use alongside_store::session::Session;
use alongside_store::{accounts as stored, actors, audit, error, mail_links, sanctions};
use std::net::IpAddr;

/// Accounts that are forgotten in one transaction.
const AT_ONCE: i64 = 100;

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
    /// When they were born, as they typed it. It is looked at and never kept.
    pub born: Option<String>,
    /// Where they come from. It is compared and never kept.
    pub address: IpAddr,
}

/// Why nobody came in. The texts are shown to them.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is too long.
    #[error("Validation failed: the reason may have {SIGN_UP_REASON_CHARS_MAX} characters")]
    Reason,
    /// They are not old enough, or did not say so.
    #[error("Validation failed: {0}")]
    Age(#[from] AgeError),
    /// It is not said what keeps them: whoever means harm would go around it.
    #[error("Signing up is not possible with this address, or from where you are")]
    Barred,
    /// The account was not opened.
    #[error(transparent)]
    Create(#[from] CreateError),
}

/// Opens an account that waits: for its address to be confirmed, to be let in, or for the one and then the other.
pub async fn apply(app: &App, new: SignUp) -> Result<Created, Error> {
    let reason = new.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    if reason.is_some_and(|reason| reason.chars().count() > SIGN_UP_REASON_CHARS_MAX) {
        return Err(Error::Reason);
    }
    if let Some(years_min) = app.settings().min_age {
        sign_up::check_age(new.born.as_deref(), app.now(), years_min)?;
    }
    let entrance = barriers::entrance(app, &new.email, new.address).await?;
    if entrance == Entrance::Barred {
        return Err(Error::Barred);
    }
    let password_hash = passwords::hash(app, &new.password).await?;
    let account =
        NewAccount { handle: new.handle, email: new.email, password: new.password, role: Role::Member };
    let mut tx = app.store().begin().await?;
    make_room(&mut tx, &account.email).await?;
    let created = accounts::write(&mut tx, app, &account, &password_hash).await?;
    wait(&mut tx, app, created, reason, entrance).await?;
    tx.commit().await?;
    Ok(created)
}

/// Whoever was turned away may ask again, though their letter about it is still on its way.
async fn make_room(tx: &mut Tx, email: &Email) -> Result<(), error::Error> {
    match stored::find_by_email(tx, email).await? {
        Some(before) => people::forget_dismissed(tx, before.id).await,
        None => Ok(()),
    }
}

async fn wait(
    tx: &mut Tx,
    app: &App,
    created: Created,
    reason: Option<&str>,
    entrance: Entrance,
) -> Result<(), error::Error> {
    people::wait(tx, created.account, reason).await?;
    // Until then nothing of it is shown.
    sanctions::set(tx, created.member.actor(), SanctionKind::Suspend, Some(app.now())).await?;
    if !app.sends_mail() {
        return attention::newcomer(tx, app, created.member.actor(), Confirmed::Waits).await;
    }
    people::await_confirmation(tx, created.account, app.now().plus_secs(UNCONFIRMED_SECS_MAX)).await?;
    if app.settings().registrations == Registrations::Open && entrance == Entrance::Free {
        people::approve(tx, created.account, app.now()).await?;
    }
    letters::queue(tx, app, created.account, Letter::Confirm).await
}

/// Somebody whom others may know of, which is nobody who waits.
pub(crate) async fn known(session: &mut impl Session, id: ActorId) -> Result<Option<Actor>, error::Error> {
    let Some(found) = actors::find(session, id).await? else { return Ok(None) };
    Ok((!people::waits(session, &found).await?).then_some(found))
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
    // Somebody who has not confirmed their address comes in when they do.
    if waiting.confirm_by.is_none() {
        sanctions::set(&mut tx, who, SanctionKind::Suspend, None).await?;
    }
    if waiting.confirmed_at.is_some() {
        letters::queue(&mut tx, app, waiting.account_id, Letter::Approved).await?;
    }
    let subject = format!("account {}", waiting.account_id);
    audit::append(&mut tx, app.ids(), app.now(), Some(by.account), "account.approve", &subject, "").await?;
    tx.commit().await?;
    Ok(())
}

/// Turns somebody away who waits: the account is forgotten, and whoever it was may ask again. An address that is known
/// to be theirs is kept until they were told.
pub async fn reject(app: &App, by: MemberId, who: ActorId) -> Result<(), DecideError> {
    let mut tx = app.store().begin().await?;
    let by = staff::acting(&mut tx, by, Duty::People).await??;
    let waiting = waiting(&mut tx, who).await?;
    let is_told = app.sends_mail() && waiting.confirmed_at.is_some();
    let is_gone = if is_told {
        people::dismiss(&mut tx, who, waiting.account_id, app.now()).await?
    } else {
        people::turn_away(&mut tx, who, waiting.account_id).await?
    };
    if !is_gone {
        return Err(Refusal::Forbidden.into());
    }
    if is_told {
        letters::queue(&mut tx, app, waiting.account_id, Letter::Rejected).await?;
    }
    let subject = format!("account {}", waiting.account_id);
    audit::append(&mut tx, app.ids(), app.now(), Some(by.account), "account.reject", &subject, "").await?;
    tx.commit().await?;
    Ok(())
}

/// Forgets the accounts whose address nobody confirmed in time, those that were turned away, and links that work no
/// more; says how many accounts there were.
pub async fn sweep(app: &App) -> Result<u64, error::Error> {
    let now = app.now();
    let mut tx = app.store().begin().await?;
    let mut forgotten = people::sweep_dismissed(&mut tx, now.plus_secs(-TURNED_AWAY_SECS_MAX)).await?;
    mail_links::sweep(&mut tx, now, now.plus_secs(-letters::HOUR_SECS)).await?;
    let overdue: Vec<AccountId> = people::overdue(&mut tx, now, AT_ONCE).await?;
    for account in overdue {
        if let Some(persona) = people::persona(&mut tx, account).await? {
            people::turn_away(&mut tx, persona, account).await?;
            forgotten += 1;
        }
    }
    tx.commit().await?;
    Ok(forgotten)
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
