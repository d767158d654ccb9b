//! OAuth 2: client applications act for a member with a token, within its scopes.

pub mod apps;
pub mod authorise;
pub mod grant;

use crate::context::App;
use crate::secret;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{AppId, MemberId, TokenId};
use alongside_domain::scope::Scopes;
use alongside_store::engine::Tx;
use alongside_store::error::Error;
use alongside_store::members;
use alongside_store::oauth::{self, Bearer, ClientApp, NewToken};

/// Where the code is to be shown on a page instead of being sent.
pub const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";

/// The application that the command line's tokens belong to.
const COMMAND_LINE: &str = "alongside-command-line";

/// Whom a token speaks for, if it is good.
pub async fn bearer(app: &App, token: &str) -> Result<Option<Bearer>, Error> {
    bearer_of(app, &fingerprint(token)).await
}

/// By what a token is known again. It says nothing of the token.
pub fn fingerprint(token: &str) -> String {
    secret::hash(token)
}

/// Whom the token with this fingerprint speaks for, if it is good.
pub async fn bearer_of(app: &App, fingerprint: &str) -> Result<Option<Bearer>, Error> {
    oauth::bearer(&mut app.reader(), fingerprint).await
}

/// Gives a member a token without a client, for the command line. None where no member who can act has this name.
pub async fn issue(app: &App, handle: &str, scopes: Scopes) -> Result<Option<String>, Error> {
    let Some(member) = members::find_by_handle(&mut app.reader(), handle).await? else { return Ok(None) };
    let mut tx = app.store().begin().await?;
    let client = command_line(&mut tx, app).await?;
    let granted = write_token(&mut tx, app, client, Some(member.id), scopes).await?;
    tx.commit().await?;
    Ok(Some(granted.token))
}

/// Gives a client the token of somebody who has just signed up through it. Until they are in, it is good for nothing but
/// asking for another letter.
pub async fn for_newcomer(app: &App, client: AppId, member: MemberId) -> Result<Granted, Error> {
    let mut tx = app.store().begin().await?;
    let scopes = oauth::find_app_by_id(&mut tx, client).await?.map(|client| client.scopes);
    let scopes = scopes.unwrap_or_else(|| Scopes::parse("read").expect("reading is a scope"));
    let granted = write_token(&mut tx, app, client, Some(member), scopes).await?;
    tx.commit().await?;
    Ok(granted)
}

/// A token on its way to the client: the only time it is seen.
#[derive(Debug, Clone)]
pub struct Granted {
    /// Its id.
    pub id: TokenId,
    /// What the client holds.
    pub token: String,
    /// What it allows.
    pub scopes: Scopes,
    /// When it was given.
    pub created_at: Timestamp,
}

async fn write_token(
    tx: &mut Tx,
    app: &App,
    client: AppId,
    member: Option<MemberId>,
    scopes: Scopes,
) -> Result<Granted, Error> {
    let granted = Granted { id: app.next_id(), token: secret::fresh(app), scopes, created_at: app.now() };
    let token = NewToken {
        id: granted.id,
        token_hash: secret::hash(&granted.token),
        app_id: client,
        member_id: member,
        scopes: granted.scopes.clone(),
        created_at: granted.created_at,
    };
    oauth::insert_token(tx, &token).await?;
    Ok(granted)
}

async fn command_line(tx: &mut Tx, app: &App) -> Result<AppId, Error> {
    if let Some(known) = oauth::find_app(tx, COMMAND_LINE).await? {
        return Ok(known.id);
    }
    let client = ClientApp {
        id: app.next_id(),
        name: "Command line".to_owned(),
        website: None,
        client_id: COMMAND_LINE.to_owned(),
        // No secret hashes to this: nobody can ask in its name.
        secret_hash: String::new(),
        redirect_uris: Vec::new(),
        scopes: Scopes::umbrellas(),
        created_at: app.now(),
    };
    oauth::insert_app(tx, &client).await?;
    Ok(client.id)
}

/// What was asked for, if the application may have it; nothing asked means reading.
fn within(client: &ClientApp, asked: Option<&str>) -> Option<Scopes> {
    let asked = asked.map(str::trim).filter(|asked| !asked.is_empty());
    let wanted = match asked {
        Some(asked) => Scopes::parse(asked).ok()?,
        None if client.scopes.grants("read") => Scopes::parse("read").ok()?,
        None => client.scopes.clone(),
    };
    client.scopes.contains(&wanted).then_some(wanted)
}
