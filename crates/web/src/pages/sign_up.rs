//! Where somebody opens an account for themselves, on a node that sends mail.

use crate::address::ClientAddress;
use crate::browser::Browser;
use crate::error::{Error, sentence};
use crate::pages::Page;
use crate::pages::contexts::{Frame, SignUp, Told};
use crate::params::Params;
use crate::state::Web;
use alongside_app::context::App;
use alongside_app::sign_ups;
use alongside_domain::account::{Email, Password};
use alongside_domain::actor::Handle;
use alongside_domain::sign_up::Registrations;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde::Deserialize;
use std::net::IpAddr;

/// What is typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    csrf: String,
    handle: String,
    email: String,
    password: String,
    reason: Option<String>,
    born: Option<String>,
    agreement: bool,
}

/// Whether one can sign up here. Without mail it is for clients alone.
pub(super) fn is_open(app: &App) -> bool {
    app.sends_mail() && app.settings().registrations != Registrations::Closed
}

/// Asks for it.
pub(crate) async fn show(State(app): State<App>, browser: Browser) -> Result<Page<SignUp>, Error> {
    if !is_open(&app) {
        return Err(Error::NotFound);
    }
    Ok(form(&app, &browser, None, &Typed::default()))
}

/// Opens the account, and says that a letter is on its way.
pub(crate) async fn apply(
    State(web): State<Web>,
    ClientAddress(address): ClientAddress,
    browser: Browser,
    Params(typed): Params<Typed>,
) -> Result<Response, Error> {
    let app = web.app();
    if !is_open(app) {
        return Err(Error::NotFound);
    }
    web.rates().sign_in(address, app.now())?;
    browser.check(&typed.csrf)?;
    match open(app, &typed, address).await {
        Ok(()) => Ok(Page::new(Told {
            frame: Frame::of(app),
            heading: "Look into your mailbox",
            says: "We have sent you a link. Open it within three days to confirm that the address is yours; \
                   then you can go on. If there is no letter, look among the unwanted ones."
                .to_owned(),
        })
        .into_response()),
        Err(Error::Unfit(problem)) => {
            let again = form(app, &browser, Some(plain(&problem)), &typed);
            Ok(again.with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
        }
        Err(error) => Err(error),
    }
}

async fn open(app: &App, typed: &Typed, address: IpAddr) -> Result<(), Error> {
    let unfit = |problem: &dyn std::fmt::Display| Error::Unfit(problem.to_string());
    if !typed.agreement {
        return Err(unfit(&"please agree to the terms"));
    }
    let new = sign_ups::SignUp {
        handle: Handle::new(&typed.handle).map_err(|error| unfit(&error))?,
        email: Email::parse(&typed.email).map_err(|error| unfit(&error))?,
        password: Password::new(typed.password.clone()).map_err(|error| unfit(&error))?,
        reason: typed.reason.clone(),
        born: typed.born.clone(),
        address,
    };
    sign_ups::apply(app, new).await?;
    Ok(())
}

fn form(app: &App, browser: &Browser, problem: Option<String>, typed: &Typed) -> Page<SignUp> {
    let settings = app.settings();
    Page::new(SignUp {
        frame: Frame::of(app),
        problem,
        csrf: browser.csrf().to_owned(),
        host: app.places().host().to_owned(),
        is_looked_at: settings.registrations == Registrations::Approval,
        min_age: settings.min_age,
        handle: typed.handle.clone(),
        email: typed.email.clone(),
        reason: typed.reason.clone().unwrap_or_default(),
    })
    .with_form(browser)
}

/// A problem as a sentence for people: what clients are told begins with words that mean nothing to them.
fn plain(problem: &str) -> String {
    sentence(problem.strip_prefix("Validation failed: ").unwrap_or(problem).trim_end_matches('.'))
}
