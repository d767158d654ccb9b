//! `POST /oauth/revoke`: a client gives a token back.

use crate::error::{Error, OAuthError};
use crate::json::{Empty, Json};
use crate::oauth::credentials::Basic;
use crate::params::Params;
use alongside_app::context::App;
use alongside_app::oauth::grant::{self, GrantError};
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// What a client shows.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Form {
    client_id: String,
    client_secret: String,
    token: String,
}

/// Revokes it.
pub(crate) async fn revoke(
    State(app): State<App>,
    basic: Basic,
    Params(form): Params<Form>,
) -> Result<Json<Empty>, Error> {
    match grant::revoke(&app, basic.or(&form.client_id, &form.client_secret), &form.token).await {
        Ok(()) => Ok(Json(Empty {})),
        Err(GrantError::Client) => Err(OAuthError::UnauthorizedClient.into()),
        Err(error) => Err(error.into()),
    }
}
