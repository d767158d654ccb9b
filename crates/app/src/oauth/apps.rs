//! Registering client applications.

use super::OUT_OF_BAND;
use crate::context::App;
use crate::secret;
use alongside_domain::limits::{APP_NAME_CHARS_MAX, REDIRECT_URI_CHARS_MAX, REDIRECT_URIS_MAX};
use alongside_domain::scope::{Scopes, UnknownScope};
use alongside_store::error::Error;
use alongside_store::oauth::{self, ClientApp};
use url::Url;

/// What a client says of itself.
#[derive(Debug, Clone)]
pub struct NewApp {
    /// Its name.
    pub name: String,
    /// Its website.
    pub website: Option<String>,
    /// Where answers may be sent.
    pub redirect_uris: Vec<String>,
    /// What it may ask for, separated by spaces.
    pub scopes: String,
}

/// A registered application and its secret, which is not seen again.
#[derive(Debug, Clone)]
pub struct Registered {
    /// The application.
    pub client: ClientApp,
    /// Its secret.
    pub secret: String,
}

/// Why an application was not registered. The texts are shown to its developer.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// It needs a name.
    #[error("Validation failed: the name must have 1 to {APP_NAME_CHARS_MAX} characters")]
    Name,
    /// An address cannot be used.
    #[error("Validation failed: the redirect URI must be an absolute URI that can be redirected to")]
    RedirectUri,
    /// The website is not one.
    #[error("Validation failed: the website must be an http or https address")]
    Website,
    /// There is no such scope.
    #[error("Validation failed: {0}")]
    Scope(#[from] UnknownScope),
    /// The store refused.
    #[error("the application was not registered")]
    Store(#[from] Error),
}

/// Registers an application.
pub async fn register(app: &App, new: NewApp) -> Result<Registered, RegisterError> {
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > APP_NAME_CHARS_MAX {
        return Err(RegisterError::Name);
    }
    let fits = (1..=REDIRECT_URIS_MAX).contains(&new.redirect_uris.len());
    if !fits || !new.redirect_uris.iter().all(|uri| can_be_answered(uri)) {
        return Err(RegisterError::RedirectUri);
    }
    let website = new.website.filter(|website| !website.trim().is_empty());
    if website.as_deref().is_some_and(|website| !is_page(website)) {
        return Err(RegisterError::Website);
    }
    let secret = secret::fresh(app);
    let client = ClientApp {
        id: app.next_id(),
        name: name.to_owned(),
        website,
        client_id: secret::fresh(app),
        secret_hash: secret::hash(&secret),
        redirect_uris: new.redirect_uris,
        scopes: Scopes::parse(&new.scopes)?,
        created_at: app.now(),
    };
    let mut tx = app.store().begin().await?;
    oauth::insert_app(&mut tx, &client).await?;
    tx.commit().await?;
    Ok(Registered { client, secret })
}

/// Clients on a telephone have schemes of their own; those that a browser would run are refused.
fn can_be_answered(uri: &str) -> bool {
    const RUN: [&str; 5] = ["javascript", "data", "vbscript", "file", "blob"];
    uri == OUT_OF_BAND
        || (uri.len() <= REDIRECT_URI_CHARS_MAX
            && Url::parse(uri).is_ok_and(|url| !RUN.contains(&url.scheme()) && url.fragment().is_none()))
}

fn is_page(website: &str) -> bool {
    website.len() <= REDIRECT_URI_CHARS_MAX
        && Url::parse(website).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_sent_only_where_nothing_is_run() {
        for uri in [OUT_OF_BAND, "https://client.example/cb", "http://localhost:5173/", "tusky://auth"] {
            assert!(can_be_answered(uri), "{uri}");
        }
        for uri in [
            "icecubesapp://",
            "mastodon://joinmastodon.org/oauth",
            "org.joinmastodon.android-auth://callback",
        ] {
            assert!(can_be_answered(uri), "{uri}");
        }
        for uri in ["", "/relative", "javascript:alert(1)", "data:text/html,x", "https://a.example/#part"] {
            assert!(!can_be_answered(uri), "{uri}");
        }
    }
}
