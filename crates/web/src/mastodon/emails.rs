//! `/api/v1/emails`: whether the address of a newcomer is confirmed, and another letter that asks them to.

use crate::address::ClientAddress;
use crate::auth::{Newcomer, ReadAccounts, WriteAccounts};
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::params::Params;
use crate::routes::{Routes, get, post};
use crate::state::Web;
use alongside_app::confirmations::{self, Error as NotSent};
use alongside_domain::account::Email;
use alongside_domain::sign_up::Waits;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// The addresses of this family.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/api/v1/emails/check_confirmation", get(check))
        .route("/api/v1/emails/confirmations", post(resend))
}

/// Another address, where the first was mistyped.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Body {
    email: Option<String>,
}

async fn check(newcomer: Newcomer<ReadAccounts>) -> Json<bool> {
    Json(newcomer.waits != Some(Waits::Confirmation))
}

async fn resend(
    State(web): State<Web>,
    ClientAddress(address): ClientAddress,
    newcomer: Newcomer<WriteAccounts>,
    Params(body): Params<Body>,
) -> Result<Json<Empty>, Error> {
    if newcomer.waits != Some(Waits::Confirmation) {
        return Err(NotSent::NotWaiting.into());
    }
    web.rates().sign_in(address, web.app().now())?;
    let email = body.email.as_deref().filter(|email| !email.trim().is_empty()).map(Email::parse).transpose();
    let email = email.map_err(|error| Error::Unfit(format!("Validation failed: {error}")))?;
    confirmations::resend(web.app(), newcomer.member, email.as_ref(), address).await?;
    Ok(Json(Empty {}))
}

#[cfg(test)]
mod tests;
