//! Where a member deletes themselves, with the password they sign in with.

use crate::address::ClientAddress;
use crate::browser::Browser;
use crate::error::Error;
use crate::pages::contexts::{Frame, Gone, Goodbye};
use crate::pages::{Page, by_password};
use crate::params::Params;
use crate::state::Web;
use alongside_app::context::App;
use alongside_app::departures::{self, Error as NotGone};
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

/// What is typed.
#[derive(Deserialize)]
pub(crate) struct Typed {
    csrf: String,
    handle: String,
    email: String,
    password: String,
}

/// Asks for it.
pub(crate) async fn show(State(app): State<App>, browser: Browser) -> Page<Goodbye> {
    form(&app, &browser, ("", ""), None)
}

/// Does it.
pub(crate) async fn leave(
    State(web): State<Web>,
    ClientAddress(address): ClientAddress,
    browser: Browser,
    Params(typed): Params<Typed>,
) -> Result<Response, Error> {
    let app = web.app();
    web.rates().sign_in(address, app.now())?;
    browser.check(&typed.csrf)?;
    let handle = by_password::handle(&typed.handle);
    match departures::delete_own(app, &typed.email, &typed.password, handle).await {
        Ok(_) => {
            let host = app.places().host().to_owned();
            Ok(Page::new(Gone { frame: Frame::of(app), handle: handle.to_owned(), host }).into_response())
        }
        Err(no @ (NotGone::Wrong | NotGone::Kept | NotGone::LastAdmin | NotGone::Nobody)) => {
            let again = form(app, &browser, (handle, &typed.email), Some(no.to_string()));
            Ok(again.into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn form(app: &App, browser: &Browser, typed: (&str, &str), problem: Option<String>) -> Page<Goodbye> {
    let form = by_password::form(app, browser, typed, problem);
    let status = by_password::status(&form);
    Page::new(Goodbye { frame: Frame::of(app), form }).with_form(browser).with_status(status)
}
