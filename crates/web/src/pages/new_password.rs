//! Where the link in a letter leads with which somebody chooses a new password.

use crate::address::ClientAddress;
use crate::browser::Browser;
use crate::error::Error;
use crate::pages::Page;
use crate::pages::contexts::{Frame, NewPassword, Told};
use crate::params::Params;
use crate::path::Path;
use crate::state::Web;
use alongside_app::context::App;
use alongside_app::new_passwords::{self, Error as NotSet};
use alongside_domain::account::Password;
use alongside_domain::place::Place;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde::Deserialize;

/// What is typed.
#[derive(Deserialize)]
pub(crate) struct Typed {
    csrf: String,
    password: String,
}

/// Asks for it.
pub(crate) async fn show(
    State(app): State<App>,
    Path(token): Path<String>,
    browser: Browser,
) -> Result<Page<NewPassword>, Error> {
    if !new_passwords::is_open(&app, &token).await? {
        return Err(NotSet::Closed.into());
    }
    Ok(form(&app, &token, &browser, None))
}

/// Sets it.
pub(crate) async fn choose(
    State(web): State<Web>,
    ClientAddress(address): ClientAddress,
    Path(token): Path<String>,
    browser: Browser,
    Params(typed): Params<Typed>,
) -> Result<Response, Error> {
    let app = web.app();
    web.rates().sign_in(address, app.now())?;
    browser.check(&typed.csrf)?;
    let password = match Password::new(typed.password) {
        Ok(password) => password,
        Err(unusable) => {
            let again = form(app, &token, &browser, Some(unusable.to_string()));
            return Ok(again.with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response());
        }
    };
    new_passwords::choose(app, &token, &password).await?;
    Ok(Page::new(Told {
        frame: Frame::of(app),
        heading: "Your password is changed",
        says: "Every app and browser was signed out. Sign in again with the new one.".to_owned(),
    })
    .into_response())
}

fn form(app: &App, token: &str, browser: &Browser, problem: Option<String>) -> Page<NewPassword> {
    Page::new(NewPassword {
        frame: Frame::of(app),
        problem,
        action: Place::NewPassword(token).to_string(),
        csrf: browser.csrf().to_owned(),
    })
    .with_form(browser)
}
