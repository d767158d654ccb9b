//! `token create`.

use crate::cli::token::NewToken;
use alongside_app::context::App;
use alongside_app::oauth;
use alongside_store::{error, members};

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It would act as nobody.
    #[error(
        "no member of this node who can sign in is called {0}; `alongside account create` opens an account"
    )]
    Nobody(String),
    /// It could do nothing with these scopes.
    #[error(
        "{0} does not look after this node, so a token of theirs cannot be good for admin:read or admin:write"
    )]
    NotStaff(String),
    /// The store could not do it.
    #[error("the token could not be kept")]
    Store(#[from] error::Error),
}

/// Makes an access token, and gives it and nothing else.
pub async fn create(app: &App, new: NewToken) -> Result<String, Error> {
    if new.scopes.iter().any(|scope| scope.starts_with("admin:")) {
        let member = members::find_by_handle(&mut app.reader(), new.handle.as_str()).await?;
        if member.is_some_and(|member| !member.role.is_staff()) {
            return Err(Error::NotStaff(new.handle.to_string()));
        }
    }
    let token = oauth::issue(app, new.handle.as_str(), new.scopes).await?;
    token.ok_or_else(|| Error::Nobody(new.handle.to_string()))
}
