//! One-time links: how the first administrator comes in.

use crate::accounts::{self, CreateError, Created, NewAccount};
use crate::context::App;
use crate::passwords::{self, Stopped};
use crate::secret;
use alongside_domain::account::{Email, Password, Role};
use alongside_domain::actor::Handle;
use alongside_domain::limits::INVITATION_SECS_MAX;
use alongside_store::error::Error;
use alongside_store::{accounts as stored, invitations};

/// A link for the first administrator, if there is none yet. Links given before stop working.
pub async fn for_first_admin(app: &App) -> Result<Option<String>, Error> {
    if stored::any(&mut app.reader(), Role::Admin).await? {
        return Ok(None);
    }
    let token = secret::fresh(app);
    let mut tx = app.store().begin().await?;
    invitations::withdraw(&mut tx, Role::Admin).await?;
    let expires_at = app.now().plus_secs(INVITATION_SECS_MAX);
    invitations::insert(&mut tx, &secret::hash(&token), Role::Admin, expires_at).await?;
    tx.commit().await?;
    Ok(Some(token))
}

/// Whether a link can still be used.
pub async fn is_open(app: &App, token: &str) -> Result<bool, Error> {
    Ok(invitations::find(&mut app.reader(), &secret::hash(token), app.now()).await?.is_some())
}

/// Why a link led to nothing.
#[derive(Debug, thiserror::Error)]
pub enum RedeemError {
    /// It was used, has expired, or never was.
    #[error("this link cannot be used any more")]
    Closed,
    /// The account was not made; the link still works.
    #[error(transparent)]
    Create(#[from] CreateError),
}

/// Uses a link: makes the account it is for.
pub async fn redeem(
    app: &App,
    token: &str,
    handle: Handle,
    email: Email,
    password: Password,
) -> Result<Created, RedeemError> {
    if !is_open(app, token).await? {
        return Err(RedeemError::Closed);
    }
    let password_hash = passwords::hash(app, &password).await?;
    let mut tx = app.store().begin().await?;
    let Some(invitation) = invitations::redeem(&mut tx, &secret::hash(token), app.now()).await? else {
        return Err(RedeemError::Closed);
    };
    let new = NewAccount { handle, email, password, role: invitation.role };
    let created = accounts::write(&mut tx, app, &new, &password_hash).await?;
    tx.commit().await?;
    Ok(created)
}

impl From<Error> for RedeemError {
    fn from(error: Error) -> Self {
        Self::Create(error.into())
    }
}

impl From<Stopped> for RedeemError {
    fn from(stopped: Stopped) -> Self {
        Self::Create(stopped.into())
    }
}
