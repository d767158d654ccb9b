//! Where a member deletes themselves, with the password they sign in with.

use crate::address::ClientAddress;
use crate::browser::Browser;
use crate::error::Error;
use crate::pages::Page;
use crate::pages::contexts::{Frame, Gone, Goodbye};
use crate::params::Params;
use crate::state::Web;
use alongside_app::context::App;
use alongside_app::departures::{self, Error as NotGone};
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
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
    form(&app, &browser, None, ("", ""))
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
    let handle = typed.handle.trim().trim_start_matches('@');
    match departures::delete_own(app, &typed.email, &typed.password, handle).await {
        Ok(_) => {
            let host = app.places().host().to_owned();
            Ok(Page::new(Gone { frame: Frame::of(app), handle: handle.to_owned(), host }).into_response())
        }
        Err(no @ (NotGone::Wrong | NotGone::Kept | NotGone::LastAdmin | NotGone::Nobody)) => {
            let again = form(app, &browser, Some(no.to_string()), (handle, &typed.email));
            Ok(again.with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn form(app: &App, browser: &Browser, problem: Option<String>, typed: (&str, &str)) -> Page<Goodbye> {
    Page::new(Goodbye {
        frame: Frame::of(app),
        problem,
        csrf: browser.csrf().to_owned(),
        host: app.places().host().to_owned(),
        handle: typed.0.to_owned(),
        email: typed.1.to_owned(),
    })
    .with_form(browser)
}
