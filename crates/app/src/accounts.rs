//! Accounts: making one with its first public persona, signing in, and consent.

use crate::context::App;
use crate::passwords::{self, Stopped};
use crate::profiles;
use alongside_domain::account::{CONSENT_VERSION, Email, Password, Role};
use alongside_domain::actor::{ActorKind, Handle};
use alongside_domain::id::{AccountId, ActorId, MemberId};
use alongside_store::engine::Tx;
use alongside_store::error::Error;
use alongside_store::members::Member;
use alongside_store::{accounts, actors, audit, members};
use std::fmt;

/// What a new account begins with.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The name of its first persona.
    pub handle: Handle,
    /// Its address.
    pub email: Email,
    /// Its password.
    pub password: Password,
    /// What it may do on this node.
    pub role: Role,
}

/// A new account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Created {
    /// The private sign-in.
    pub account: AccountId,
    /// Its first persona.
    pub member: MemberId,
}

/// Why no account was made.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// Choose another name.
    #[error("this name is taken on this node")]
    HandleTaken,
    /// There is an account already.
    #[error("there is an account with this address already")]
    EmailTaken,
    /// Try again later.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// The store refused.
    #[error("the account was not made")]
    Store(#[from] Error),
}

/// Makes an account, already confirmed, with its first persona.
pub async fn create(app: &App, new: &NewAccount) -> Result<Created, CreateError> {
    let password_hash = passwords::hash(app, &new.password).await?;
    let mut tx = app.store().begin().await?;
    let created = write(&mut tx, app, new, &password_hash).await?;
    tx.commit().await?;
    Ok(created)
}

/// Why somebody was not let in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// It is not said which of the two is wrong.
    #[error("the e-mail address or the password is wrong")]
    Wrong,
    /// Both are right, and the address is not confirmed yet.
    #[error("please confirm your e-mail address first: open the link in the letter that we sent you")]
    Unconfirmed,
    /// Both are right, and nobody has let them in yet.
    #[error("somebody who looks after this node has to let you in first")]
    Waiting,
    /// Both are right, and staff keep them from signing in.
    #[error(
        "those who look after this node have closed this account for a time: what is public stays open to you, \
        and urgent help too"
    )]
    Kept,
    /// Try again later.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// The store refused.
    #[error("signing in is not possible right now")]
    Store(#[from] Error),
}

/// An account whose password was shown.
#[derive(Clone)]
pub struct Proven {
    /// The account.
    pub account: AccountId,
    password_hash: String,
}

impl Proven {
    /// Whether the password is still the one that was shown. It stays so until the transaction ends: whoever changes
    /// it finds what was given for it, and takes it back.
    pub(crate) async fn holds(&self, tx: &mut Tx) -> Result<bool, Error> {
        accounts::hold_password(tx, self.account, &self.password_hash).await
    }
}

impl fmt::Debug for Proven {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Proven({})", self.account)
    }
}

/// Finds the account with this address and password. An unknown address takes as long as a wrong password.
pub async fn sign_in(app: &App, email: &str, password: &str) -> Result<Proven, SignInError> {
    let found = match Email::parse(email) {
        Ok(email) => accounts::credentials(&mut app.reader(), &email).await?,
        Err(_) => None,
    };
    let open = found.filter(|found| found.disabled_at.is_none());
    let kept = open.as_ref().map(|found| found.password_hash.clone());
    let right = passwords::is_right(password, kept).await?;
    let found = open.filter(|_| right).ok_or(SignInError::Wrong)?;
    may_come_in(app, found.id).await?;
    Ok(Proven { account: found.id, password_hash: found.password_hash })
}

/// As [`sign_in`], where the account has to be that of whoever has a name here.
pub async fn sign_in_as(app: &App, email: &str, password: &str, handle: &str) -> Result<Member, SignInError> {
    let account = sign_in(app, email, password).await?.account;
    let member = members::find_by_handle(&mut app.reader(), handle).await?;
    member.filter(|member| member.account_id == account).ok_or(SignInError::Wrong)
}

/// Only whoever knows the password is told why it leads nowhere.
async fn may_come_in(app: &App, account: AccountId) -> Result<(), SignInError> {
    let mut reader = app.reader();
    let found = accounts::find(&mut reader, account).await?.ok_or(SignInError::Wrong)?;
    if found.confirm_by.is_some() {
        return Err(SignInError::Unconfirmed);
    }
    if found.approved_at.is_none() {
        return Err(SignInError::Waiting);
    }
    if members::of_account(&mut reader, account).await?.is_empty() {
        return Err(SignInError::Kept);
    }
    Ok(())
}

/// Notes that an account has agreed to the wording of today.
pub async fn consent(app: &App, account: AccountId) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    accounts::consent(&mut tx, account, CONSENT_VERSION, app.now()).await?;
    tx.commit().await
}

/// Writes an account and its first persona.
pub(crate) async fn write(
    tx: &mut Tx,
    app: &App,
    new: &NewAccount,
    password_hash: &str,
) -> Result<Created, CreateError> {
    let now = app.now();
    let account: AccountId = app.next_id();
    let inserted = accounts::insert(tx, account, &new.email, password_hash, new.role, now).await;
    inserted.map_err(|error| {
        if error.is_unique("account", "email") { CreateError::EmailTaken } else { error.into() }
    })?;
    let persona = fresh_persona_id(tx, app).await?;
    let profile = profiles::newcomer(app, ActorKind::Person, new.handle.as_str());
    let inserted = actors::insert(tx, persona, &profile, now.midnight()).await;
    inserted.map_err(|error| if is_address(&error) { CreateError::HandleTaken } else { error.into() })?;
    let member = MemberId::of(persona);
    members::insert(tx, member, account).await?;
    let subject = format!("account {account}");
    audit::append(tx, app.ids(), now, None, "account.create", &subject, new.role.as_str()).await?;
    Ok(Created { account, member })
}

/// A free id of today. Ids tell when they were made: this one tells the day alone, so that two
/// personas of one account made in one hour cannot be matched by them.
async fn fresh_persona_id(tx: &mut Tx, app: &App) -> Result<ActorId, Error> {
    const DAY_MILLIS: u64 = 86_400_000;
    loop {
        let millis = u64::from_le_bytes(app.random()) % DAY_MILLIS;
        let moment = app.now().midnight().plus_millis(i64::try_from(millis).unwrap_or_default());
        let id: ActorId = app.ids().by_chance(moment, u16::from_le_bytes(app.random()));
        if actors::find(tx, id).await?.is_none() {
            return Ok(id);
        }
    }
}

/// Whether it is the name on a node that is taken: the engines name the columns or the index.
pub(crate) fn is_address(error: &Error) -> bool {
    error.is_unique("actor", "host") || error.is_unique("actor", "address") || error.is_unique("actor", "uri")
}
