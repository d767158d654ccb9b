//! Giving tokens for codes, for an application's own secret, and (in trials) for a password; and
//! taking them back.

use super::{Granted, within, write_token};
use crate::accounts::{self, SignInError};
use crate::context::App;
use crate::passwords::Stopped;
use crate::secret;
use alongside_domain::clock::Timestamp;
use alongside_store::error::Error;
use alongside_store::members;
use alongside_store::oauth::{self, ClientApp, Code};

/// How a client says who it is.
#[derive(Debug, Clone, Copy)]
pub struct Client<'a> {
    /// Its name.
    pub id: &'a str,
    /// Its secret.
    pub secret: &'a str,
}

/// Why no token was given: the words of RFC 6749.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// `invalid_client`.
    #[error(
        "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method."
    )]
    Client,
    /// `invalid_grant`.
    #[error(
        "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client."
    )]
    Grant,
    /// `invalid_scope`.
    #[error("The requested scope is invalid, unknown, or malformed.")]
    Scope,
    /// Try again later.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// The store refused.
    #[error("no token can be given right now")]
    Store(#[from] Error),
}

/// What a client shows to get the token that a member has allowed.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The code.
    pub code: &'a str,
    /// Where the code was sent.
    pub redirect_uri: &'a str,
    /// PKCE: what hashes to the challenge.
    pub verifier: Option<&'a str>,
}

/// A token for a code. A code works once. What it gave before stays good when it is shown again: clients
/// repeat a request whose answer was lost, and a thief who shows a used code learns nothing.
pub async fn for_code(app: &App, client: Client<'_>, shown: Shown<'_>) -> Result<Granted, GrantError> {
    let client = authenticate(app, client).await?;
    let code_hash = secret::hash(shown.code);
    let mut tx = app.store().begin().await?;
    let code = oauth::find_code(&mut tx, &code_hash).await?.ok_or(GrantError::Grant)?;
    if !fits(&code, &client, shown, app.now()) {
        return Err(GrantError::Grant);
    }
    let granted = write_token(&mut tx, app, client.id, Some(code.member_id), code.scopes).await?;
    if !oauth::use_code(&mut tx, &code_hash, granted.id).await? {
        return Err(GrantError::Grant);
    }
    tx.commit().await?;
    Ok(granted)
}

/// A token for the application alone.
pub async fn for_client(app: &App, client: Client<'_>, scopes: Option<&str>) -> Result<Granted, GrantError> {
    let client = authenticate(app, client).await?;
    let scopes = within(&client, scopes).ok_or(GrantError::Scope)?;
    let mut tx = app.store().begin().await?;
    let granted = write_token(&mut tx, app, client.id, None, scopes).await?;
    tx.commit().await?;
    Ok(granted)
}

/// A token for an address and a password. Only a node whose operator switched this on for a trial calls it.
pub async fn for_password(
    app: &App,
    client: Client<'_>,
    email: &str,
    password: &str,
    scopes: Option<&str>,
) -> Result<Granted, GrantError> {
    let client = authenticate(app, client).await?;
    let scopes = within(&client, scopes).ok_or(GrantError::Scope)?;
    let proven = accounts::sign_in(app, email, password).await.map_err(|error| match error {
        SignInError::Wrong | SignInError::Unconfirmed | SignInError::Waiting | SignInError::Kept => {
            GrantError::Grant
        }
        SignInError::Stopped(stopped) => stopped.into(),
        SignInError::Store(error) => error.into(),
    })?;
    let personas = members::of_account(&mut app.reader(), proven.account).await?;
    let member = personas.first().ok_or(GrantError::Grant)?.id;
    let mut tx = app.store().begin().await?;
    if !proven.holds(&mut tx).await? {
        return Err(GrantError::Grant);
    }
    let granted = write_token(&mut tx, app, client.id, Some(member), scopes).await?;
    tx.commit().await?;
    Ok(granted)
}

/// Takes a token back. One that is not this client's, or not a token, is left as it is.
pub async fn revoke(app: &App, client: Client<'_>, token: &str) -> Result<(), GrantError> {
    let client = authenticate(app, client).await?;
    let mut tx = app.store().begin().await?;
    oauth::revoke(&mut tx, &secret::hash(token), client.id, app.now()).await?;
    tx.commit().await?;
    Ok(())
}

async fn authenticate(app: &App, client: Client<'_>) -> Result<ClientApp, GrantError> {
    let known = oauth::find_app(&mut app.reader(), client.id).await?.ok_or(GrantError::Client)?;
    // Hashes are compared, so the time this takes tells nothing about the secret.
    if known.secret_hash == secret::hash(client.secret) { Ok(known) } else { Err(GrantError::Client) }
}

fn fits(code: &Code, client: &ClientApp, shown: Shown<'_>, now: Timestamp) -> bool {
    let proven = match (&code.challenge, shown.verifier) {
        (Some(challenge), Some(verifier)) => *challenge == secret::pkce_challenge(verifier),
        (Some(_), None) => false,
        // A verifier without a challenge means that somebody took the challenge away on its way here.
        (None, verifier) => verifier.is_none_or(str::is_empty),
    };
    proven && code.app_id == client.id && code.redirect_uri == shown.redirect_uri && code.expires_at > now
}
