//! `GET /api/v1/accounts/verify_credentials`: the member a token speaks for.

use crate::auth::{Author, OwnProfile};
use crate::entities::accounts::CredentialAccount;
use crate::error::Error;
use crate::json::Json;
use crate::render::accounts;
use alongside_app::context::App;
use axum::extract::State;

/// Shows them to themselves.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<OwnProfile>,
) -> Result<Json<CredentialAccount>, Error> {
    accounts::credentials(&app, author.member).await.map(Json)
}
