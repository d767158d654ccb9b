//! Being signed in to the node's own pages.

use crate::accounts::Proven;
use crate::context::App;
use crate::secret;
use alongside_domain::clock::Timestamp;
use alongside_domain::limits::SESSION_SECS_MAX;
use alongside_store::error::Error;
use alongside_store::sessions::{self, SignedIn};

/// What the browser is given.
#[derive(Debug, Clone)]
pub struct Started {
    /// What it shows with every request.
    pub token: String,
    /// When it has to sign in again.
    pub expires_at: Timestamp,
}

/// Signs a browser in, as an account whose password was right; not if it was changed meanwhile. What it was signed in
/// with before ends.
pub async fn start(app: &App, proven: &Proven, before: Option<&str>) -> Result<Option<Started>, Error> {
    let (token, csrf) = (secret::fresh(app), secret::fresh(app));
    let expires_at = app.now().plus_secs(SESSION_SECS_MAX);
    let mut tx = app.store().begin().await?;
    if !proven.holds(&mut tx).await? {
        return Ok(None);
    }
    if let Some(before) = before {
        sessions::remove(&mut tx, &secret::hash(before)).await?;
    }
    sessions::insert(&mut tx, &secret::hash(&token), proven.account, &csrf, expires_at).await?;
    tx.commit().await?;
    Ok(Some(Started { token, expires_at }))
}

/// Who a browser is signed in as.
pub async fn find(app: &App, token: &str) -> Result<Option<SignedIn>, Error> {
    sessions::find(&mut app.reader(), &secret::hash(token), app.now()).await
}

/// Signs a browser out.
pub async fn end(app: &App, token: &str) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    sessions::remove(&mut tx, &secret::hash(token)).await?;
    tx.commit().await
}
