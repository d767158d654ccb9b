//! Signing in on the way to a client.

use crate::address::ClientAddress;
use crate::browser::Browser;
use crate::error::{Error, sentence};
use crate::oauth::ask::Asked;
use crate::pages::Page;
use crate::pages::contexts::{Frame, SignIn};
use crate::params::{Params, Query};
use crate::state::Web;
use alongside_app::accounts::SignInError;
use alongside_app::context::App;
use alongside_app::oauth::authorise::Ask;
use alongside_app::{accounts, sessions};
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::StatusCode;
use http::header::SET_COOKIE;
use serde::Deserialize;

/// What is typed.
#[derive(Deserialize)]
pub(crate) struct Typed {
    csrf: String,
    email: String,
    password: String,
}

/// Signs the browser in and goes on to the question.
pub(crate) async fn sign_in(
    State(web): State<Web>,
    ClientAddress(address): ClientAddress,
    browser: Browser,
    Query(asked): Query<Asked>,
    Params(typed): Params<Typed>,
) -> Result<Response, Error> {
    let app = web.app();
    web.rates().sign_in(address, app.now())?;
    browser.check(&typed.csrf)?;
    let ask = match asked.check(app, &browser).await {
        Ok(ask) => ask,
        Err(not_asked) => return Ok(not_asked.into()),
    };
    let started = match accounts::sign_in(app, &typed.email, &typed.password).await {
        // The password may be another by now.
        Ok(proven) => sessions::start(app, &proven, browser.session_token()).await?.ok_or(SignInError::Wrong),
        Err(error) => Err(error),
    };
    match started {
        Ok(started) => {
            let mut response = Redirect::to(&asked.at("/oauth/authorize")).into_response();
            response
                .headers_mut()
                .extend(browser.sign_in_cookie(&started).map(|cookie| (SET_COOKIE, cookie)));
            Ok(response)
        }
        Err(
            wrong
            @ (SignInError::Wrong | SignInError::Unconfirmed | SignInError::Waiting | SignInError::Kept),
        ) => {
            let again = form(app, &browser, &asked, &ask, Some(sentence(&wrong.to_string())), &typed.email);
            Ok(again.with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// The page that asks for it.
pub(crate) fn form(
    app: &App,
    browser: &Browser,
    asked: &Asked,
    ask: &Ask,
    problem: Option<String>,
    email: &str,
) -> Page<SignIn> {
    let context = SignIn {
        frame: Frame::of(app),
        client: Some(ask.client.name.clone()),
        problem,
        action: asked.at("/oauth/sign-in"),
        csrf: browser.csrf().to_owned(),
        email: email.to_owned(),
        sends_mail: app.sends_mail(),
    };
    Page::new(context).with_form(browser).leading_to(asked.form_target())
}
