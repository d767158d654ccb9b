//! Signing out on the way to a client, to sign in as somebody else.

use crate::browser::Browser;
use crate::error::Error;
use crate::oauth::ask::Asked;
use crate::params::{Params, Query};
use alongside_app::context::App;
use alongside_app::sessions;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::header::SET_COOKIE;
use serde::Deserialize;

/// What the form carries.
#[derive(Debug, Deserialize)]
pub(crate) struct Form {
    csrf: String,
}

/// Signs the browser out and asks anew.
pub(crate) async fn sign_out(
    State(app): State<App>,
    browser: Browser,
    Query(asked): Query<Asked>,
    Params(form): Params<Form>,
) -> Result<Response, Error> {
    browser.check(&form.csrf)?;
    if let Some(token) = browser.session_token() {
        sessions::end(&app, token).await?;
    }
    let mut response = Redirect::to(&asked.at("/oauth/authorize")).into_response();
    response.headers_mut().extend(browser.sign_out_cookie().map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}
