//! `POST /oauth/token`: a token for a code, for the client itself, or (in trials) for a password.

use crate::address::ClientAddress;
use crate::entities::oauth::Token;
use crate::error::{Error, OAuthError};
use crate::json::Json;
use crate::oauth::credentials::Basic;
use crate::params::Params;
use crate::state::Web;
use alongside_app::oauth::grant::{self, Shown};
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// What a client shows.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Form {
    grant_type: String,
    client_id: String,
    client_secret: String,
    code: Option<String>,
    redirect_uri: Option<String>,
    code_verifier: Option<String>,
    scope: Option<String>,
    username: Option<String>,
    password: Option<String>,
}

/// Gives the token.
pub(crate) async fn give(
    State(web): State<Web>,
    ClientAddress(address): ClientAddress,
    basic: Basic,
    Params(form): Params<Form>,
) -> Result<Json<Token>, Error> {
    let (app, client) = (web.app(), basic.or(&form.client_id, &form.client_secret));
    let granted = match form.grant_type.as_str() {
        "authorization_code" => {
            let shown = Shown {
                code: needed(form.code.as_ref())?,
                redirect_uri: needed(form.redirect_uri.as_ref())?,
                verifier: form.code_verifier.as_deref(),
            };
            grant::for_code(app, client, shown).await?
        }
        "client_credentials" => grant::for_client(app, client, form.scope.as_deref()).await?,
        "password" if web.settings().password_grant => {
            web.rates().sign_in(address, app.now())?;
            let (email, password) = (needed(form.username.as_ref())?, needed(form.password.as_ref())?);
            grant::for_password(app, client, email, password, form.scope.as_deref()).await?
        }
        "" => return Err(OAuthError::InvalidRequest.into()),
        _ => return Err(OAuthError::UnsupportedGrantType.into()),
    };
    Ok(Json(Token::new(granted)))
}

fn needed(value: Option<&String>) -> Result<&str, OAuthError> {
    value.map(String::as_str).filter(|value| !value.is_empty()).ok_or(OAuthError::InvalidRequest)
}
