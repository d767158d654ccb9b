//! The one-time link of a new node: it makes the first account, which runs the node.

use crate::browser::Browser;
use crate::error::Error;
use crate::pages::Page;
use crate::pages::contexts::{Frame, Welcome, Welcomed};
use crate::params::Params;
use crate::path::Path;
use alongside_app::context::App;
use alongside_app::invitations::{self, RedeemError};
use alongside_domain::account::{Email, Password};
use alongside_domain::actor::Handle;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;

/// What is typed.
#[derive(Debug, Deserialize)]
pub(crate) struct Typed {
    csrf: String,
    handle: String,
    email: String,
    password: String,
}

/// Asks for the first account.
pub(crate) async fn show(
    State(app): State<App>,
    Path(token): Path<String>,
    browser: Browser,
) -> Result<Page<Welcome>, Error> {
    if !invitations::is_open(&app, &token).await? {
        return Err(RedeemError::Closed.into());
    }
    Ok(form(&app, &token, &browser, None, ("", "")))
}

/// Makes it.
pub(crate) async fn accept(
    State(app): State<App>,
    Path(token): Path<String>,
    browser: Browser,
    Params(typed): Params<Typed>,
) -> Result<Response, Error> {
    browser.check(&typed.csrf)?;
    match redeem(&app, &token, &typed).await {
        Ok(()) => {
            let host = app.places().host().to_owned();
            Ok(Page::new(Welcomed { frame: Frame::of(&app), handle: typed.handle, host }).into_response())
        }
        Err(Error::Unfit(problem)) => {
            let again = form(&app, &token, &browser, Some(problem), (&typed.handle, &typed.email));
            Ok(again.with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
        }
        Err(error) => Err(error),
    }
}

async fn redeem(app: &App, token: &str, typed: &Typed) -> Result<(), Error> {
    let unfit = |problem: &dyn std::fmt::Display| Error::Unfit(problem.to_string());
    let handle = Handle::new(&typed.handle).map_err(|error| unfit(&error))?;
    let email = Email::parse(&typed.email).map_err(|error| unfit(&error))?;
    let password = Password::new(typed.password.clone()).map_err(|error| unfit(&error))?;
    invitations::redeem(app, token, handle, email, password).await?;
    Ok(())
}

fn form(
    app: &App,
    token: &str,
    browser: &Browser,
    problem: Option<String>,
    typed: (&str, &str),
) -> Page<Welcome> {
    let (handle, email) = typed;
    Page::new(Welcome {
        frame: Frame::of(app),
        problem,
        action: format!("/welcome/{token}"),
        csrf: browser.csrf().to_owned(),
        handle: handle.to_owned(),
        email: email.to_owned(),
    })
    .with_form(browser)
}
