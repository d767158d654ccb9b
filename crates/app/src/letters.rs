//! Letters on their way: decided with what caused them, written when they are carried, and carried by whom the settings
//! say.
//!
//! A job names an account and which letter. Address and link are put in when it runs, so neither lies in the queue, and
//! none is sent about what no longer holds. Nothing here, and no carrier, writes an address or a word of a letter to
//! the log.

use crate::context::App;
use crate::secret;
use alongside_domain::account::{Email, Role};
use alongside_domain::id::AccountId;
use alongside_domain::job::Job;
use alongside_domain::letter::{Letter, LinkKind};
use alongside_domain::limits::LETTERS_PER_HOUR_MAX;
use alongside_domain::place::Place;
use alongside_store::accounts::Account;
use alongside_store::engine::Tx;
use alongside_store::jobs::{self, FROM_OTHERS};
use alongside_store::mail_links::NewLink;
use alongside_store::{accounts, error, mail_links, members, people, reports};
use std::collections::BTreeSet;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

/// For how long letters are counted.
pub(crate) const HOUR_SECS: i64 = 3_600;
/// How long a letter to staff waits for more to be about.
const STAFF_LETTER_SECS: i64 = 300;

/// A letter, ready to be carried.
pub struct Envelope {
    /// Whose it is.
    pub to: Email,
    /// What it is about.
    pub subject: &'static str,
    /// What it says.
    pub text: String,
}

impl fmt::Debug for Envelope {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Envelope(…)")
    }
}

/// Carries letters: to a mail server, or into the hands of a test.
pub trait Carrier: fmt::Debug + Send + Sync {
    /// Carries one. It waits for the network, so never while a transaction is open.
    fn carry<'a>(&'a self, letter: &'a Envelope) -> Carrying<'a>;
}

/// A letter being carried.
pub type Carrying<'a> = Pin<Box<dyn Future<Output = Result<(), NotCarried>> + Send + 'a>>;

/// Why a letter was not carried, in words that name neither whom it is for nor what it says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotCarried {
    /// Trying later may help.
    #[error("a letter was not sent: {0}")]
    Later(String),
    /// It never will be.
    #[error("a letter cannot be sent: {0}")]
    Never(String),
}

/// Why a letter was not sent.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It was not carried.
    #[error(transparent)]
    NotCarried(#[from] NotCarried),
    /// The store could not do it.
    #[error("a letter could not be written")]
    Store(#[from] error::Error),
}

/// Lets a letter be sent, once what it is about is committed. A node without mail sends none.
pub(crate) async fn queue(
    tx: &mut Tx,
    app: &App,
    account: AccountId,
    letter: Letter,
) -> Result<(), error::Error> {
    if !app.sends_mail() {
        return Ok(());
    }
    let sequence = format!("{FROM_OTHERS}letter:{account}");
    jobs::push(tx, app.next_id(), &Job::Letter { account, letter }, &sequence, app.now()).await
}

/// Lets everybody be written to who looks after the node: once about all that comes within a while, and not at all
/// about what was dealt with by then. In their apps they are told at once.
pub(crate) async fn queue_for_staff(tx: &mut Tx, app: &App, letter: Letter) -> Result<(), error::Error> {
    if !app.sends_mail() {
        return Ok(());
    }
    let staff = members::staff(tx).await?;
    let accounts: BTreeSet<AccountId> = staff.iter().map(|member| member.account_id).collect();
    for account in accounts {
        let (job, sequence) =
            (Job::Letter { account, letter }, format!("{FROM_OTHERS}letter-to-staff:{account}"));
        if !jobs::is_waiting(tx, &job, &sequence).await? {
            let due = app.now().plus_secs(STAFF_LETTER_SECS);
            jobs::push(tx, app.next_id(), &job, &sequence, due).await?;
        }
    }
    Ok(())
}

/// Sends a letter, if what it is about still holds. Sent twice, each has a link of its own that works.
pub async fn send(app: &App, account: AccountId, letter: Letter) -> Result<(), Error> {
    let Some(carrier) = &app.settings().mail else { return Ok(()) };
    let found = accounts::find(&mut app.reader(), account).await?;
    let concerned = found.filter(|account| concerns(account, letter));
    if !is_open(app, letter).await? {
        return Ok(());
    }
    // What stands in place of the address of a closed account is none.
    let Some(to) = concerned.and_then(|account| Email::parse(&account.email).ok()) else { return Ok(()) };
    let token = match letter.link() {
        None => None,
        Some(kind) => match new_link(app, account, kind, &to).await? {
            // They were sent enough of these.
            None => return Ok(()),
            token => token,
        },
    };
    let place = place(letter, token.as_deref().unwrap_or_default());
    let written = letter.write(app.places().host(), &app.places().of(place));
    let envelope = Envelope { to, subject: written.subject, text: written.text };
    let carried = carrier.carry(&envelope).await;
    settle(app, account, letter, carried.is_ok(), token.as_deref()).await?;
    Ok(carried?)
}

/// Whether a letter says the truth about an account.
fn concerns(account: &Account, letter: Letter) -> bool {
    let open = account.disabled_at.is_none();
    match letter {
        Letter::Confirm => open && account.confirm_by.is_some(),
        Letter::NewPassword | Letter::PasswordChanged => open && account.confirm_by.is_none(),
        Letter::Approved => open && account.approved_at.is_some(),
        Letter::Rejected => !open && account.approved_at.is_none(),
        Letter::SomebodyWaits | Letter::Reported => open && account.role != Role::Member,
    }
}

/// Whether staff still have something to do that they are written to about.
async fn is_open(app: &App, letter: Letter) -> Result<bool, error::Error> {
    match letter {
        Letter::SomebodyWaits => people::is_anybody_waiting(&mut app.reader()).await,
        Letter::Reported => reports::is_any_open(&mut app.reader()).await,
        Letter::Confirm
        | Letter::Approved
        | Letter::Rejected
        | Letter::NewPassword
        | Letter::PasswordChanged => Ok(true),
    }
}

fn place(letter: Letter, token: &str) -> Place<'_> {
    match letter {
        Letter::Confirm => Place::Confirm(token),
        Letter::NewPassword => Place::NewPassword(token),
        Letter::Approved | Letter::SomebodyWaits | Letter::Reported => Place::Node,
        Letter::Rejected => Place::UrgentHelp,
        Letter::PasswordChanged => Place::Forgotten,
    }
}

/// What the link of a new letter ends with; none if there were enough of them within an hour.
async fn new_link(
    app: &App,
    account: AccountId,
    kind: LinkKind,
    email: &Email,
) -> Result<Option<String>, error::Error> {
    let (now, token) = (app.now(), secret::fresh(app));
    let mut tx = app.store().begin().await?;
    let sent = mail_links::count_since(&mut tx, account, kind, now.plus_secs(-HOUR_SECS)).await?;
    if sent >= LETTERS_PER_HOUR_MAX {
        return Ok(None);
    }
    let link = NewLink {
        token_hash: &secret::hash(&token),
        kind,
        account,
        email,
        sent_at: now,
        expires_at: now.plus_secs(kind.secs_max()),
    };
    mail_links::insert(&mut tx, &link).await?;
    tx.commit().await?;
    Ok(Some(token))
}

/// What follows: a link that nobody was sent is taken back, and whoever was told that they were turned away is
/// forgotten.
async fn settle(
    app: &App,
    account: AccountId,
    letter: Letter,
    was_carried: bool,
    token: Option<&str>,
) -> Result<(), error::Error> {
    let mut tx = app.store().begin().await?;
    match (was_carried, letter, token) {
        (false, _, Some(token)) => mail_links::remove(&mut tx, &secret::hash(token)).await?,
        (true, Letter::Rejected, _) => people::forget_dismissed(&mut tx, account).await?,
        (_, _, _) => return Ok(()),
    }
    tx.commit().await
}
