//! A member allows a client to act for them: what is asked, and the code that answers it.

use super::within;
use crate::context::App;
use crate::secret;
use alongside_domain::account::CONSENT_VERSION;
use alongside_domain::id::MemberId;
use alongside_domain::limits::CODE_SECS_MAX;
use alongside_domain::scope::Scopes;
use alongside_store::error::Error;
use alongside_store::oauth::{self, ClientApp, Code};
use alongside_store::{accounts, members, sessions};

/// What a client asks, as it arrives.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Which client.
    pub client_id: String,
    /// Where the answer is to be sent.
    pub redirect_uri: String,
    /// What it would like to do, separated by spaces.
    pub scopes: Option<String>,
    /// PKCE: the hash of what it will show with the code.
    pub challenge: Option<String>,
    /// PKCE: how it was hashed.
    pub challenge_method: Option<String>,
}

/// A request that can be put to the member.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Who asks.
    pub client: ClientApp,
    /// Where the answer goes: one of the client's addresses.
    pub redirect_uri: String,
    /// What is asked for.
    pub scopes: Scopes,
    challenge: Option<String>,
}

/// Why a request is not put to the member.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// Nobody has registered this client. The answer goes to nobody but the browser.
    #[error("this client is not registered on this node")]
    UnknownClient,
    /// The client did not register this address. The answer goes to nobody but the browser.
    #[error("the client has not registered this redirect address")]
    RedirectUri,
    /// The client may not ask for this: `invalid_scope`.
    #[error("the requested scope is invalid, unknown, or more than the client registered")]
    Scope,
    /// PKCE with S256, or none: `invalid_request`.
    #[error("code_challenge_method must be S256, and code_challenge a SHA-256 hash in base64url")]
    Challenge,
    /// The store refused.
    #[error("this cannot be answered right now")]
    Store(#[from] Error),
}

/// Checks what a client asks.
pub async fn ask(app: &App, request: Request) -> Result<Ask, AskError> {
    let client =
        oauth::find_app(&mut app.reader(), &request.client_id).await?.ok_or(AskError::UnknownClient)?;
    if !client.redirect_uris.contains(&request.redirect_uri) {
        return Err(AskError::RedirectUri);
    }
    let scopes = within(&client, request.scopes.as_deref()).ok_or(AskError::Scope)?;
    let challenge = request.challenge.filter(|challenge| !challenge.is_empty());
    let method = request.challenge_method.as_deref().filter(|method| !method.is_empty());
    let is_s256 = match (&challenge, method) {
        (None, None) => true,
        (Some(challenge), Some("S256")) => is_hash(challenge),
        (Some(_) | None, _) => false,
    };
    if !is_s256 {
        return Err(AskError::Challenge);
    }
    Ok(Ask { client, redirect_uri: request.redirect_uri, scopes, challenge })
}

/// Why a yes did not count.
#[derive(Debug, thiserror::Error)]
pub enum ApproveError {
    /// Nobody is signed in any more who could say yes.
    #[error("nobody is signed in here")]
    SignedOut,
    /// The persona does not belong to the account that says yes.
    #[error("this is not a persona of the account")]
    NotYours,
    /// The store refused.
    #[error("this cannot be answered right now")]
    Store(#[from] Error),
}

/// The member whose browser shows this session says yes, and with it agrees to the wording on the page. Gives the code
/// for the client. What ends every session of an account ends the codes that were given in them, this one too.
pub async fn approve(app: &App, ask: &Ask, session: &str, member: MemberId) -> Result<String, ApproveError> {
    let (now, code) = (app.now(), secret::fresh(app));
    let mut tx = app.store().begin().await?;
    let owner = sessions::hold(&mut tx, &secret::hash(session), now).await?;
    let account = owner.ok_or(ApproveError::SignedOut)?;
    let personas = members::of_account(&mut tx, account).await?;
    if !personas.iter().any(|persona| persona.id == member) {
        return Err(ApproveError::NotYours);
    }
    let row = Code {
        app_id: ask.client.id,
        member_id: member,
        scopes: ask.scopes.clone(),
        redirect_uri: ask.redirect_uri.clone(),
        challenge: ask.challenge.clone(),
        expires_at: now.plus_secs(CODE_SECS_MAX),
        used_by: None,
    };
    oauth::insert_code(&mut tx, &secret::hash(&code), &row).await?;
    accounts::consent(&mut tx, account, CONSENT_VERSION, now).await?;
    tx.commit().await?;
    Ok(code)
}

fn is_hash(challenge: &str) -> bool {
    challenge.len() == 43 && challenge.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}
