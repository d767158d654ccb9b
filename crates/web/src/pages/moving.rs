//! Where a member says that an account elsewhere is theirs too, and moves to one, with the password they sign in with.

use crate::address::ClientAddress;
use crate::browser::Browser;
use crate::error::Error;
use crate::pages::contexts::{Frame, Moving};
use crate::pages::{Page, by_password};
use crate::params::Params;
use crate::state::Web;
use alongside_app::context::App;
use alongside_app::moving::Error as NotMoved;
use alongside_domain::actor::Address;
use alongside_federation::moving::{self, Error as Unmoved};
use alongside_federation::node::Federation;
use axum::extract::State;
use serde::Deserialize;

/// What is typed.
#[derive(Deserialize)]
pub(crate) struct Typed {
    csrf: String,
    handle: String,
    other: String,
    email: String,
    password: String,
    way: Way,
}

/// Which way somebody moves.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Way {
    Here,
    Away,
}

/// Asks for it.
pub(crate) async fn show(State(app): State<App>, browser: Browser) -> Page<Moving> {
    form(&app, &browser, ("", ""), "", Ok(None))
}

/// Does it.
pub(crate) async fn go(
    State(web): State<Web>,
    ClientAddress(address): ClientAddress,
    browser: Browser,
    Params(typed): Params<Typed>,
) -> Result<Page<Moving>, Error> {
    let app = web.app();
    web.rates().sign_in(address, app.now())?;
    browser.check(&typed.csrf)?;
    let handle = by_password::handle(&typed.handle);
    let outcome = match by_password::member(app, handle, &typed.email, &typed.password).await? {
        Ok(_) => go_as(web.node(), handle, &typed).await?,
        Err(problem) => Err(problem),
    };
    Ok(form(app, &browser, (handle, &typed.email), &typed.other, outcome.map(Some)))
}

/// What the member is told: that it is done, or why not.
async fn go_as(node: &Federation, handle: &str, typed: &Typed) -> Result<Result<String, String>, Error> {
    let other = typed.other.trim();
    let Some(address) = Address::parse(other.trim_start_matches('@')) else {
        return Ok(Err("that is no address of an account".to_owned()));
    };
    let done = match typed.way {
        Way::Here => moving::add_alias(node, handle, &address).await.map(|()| {
            format!("{address} is named among the other addresses of {handle}. Now move from there to here.")
        }),
        Way::Away => moving::depart_to(node, handle, &address)
            .await
            .map(|()| format!("{handle} has moved to {address}. The followers are being told.")),
    };
    match done {
        Err(Unmoved::Store(error) | Unmoved::Move(NotMoved::Store(error))) => Err(error.into()),
        Err(why @ (Unmoved::Move(_) | Unmoved::Unknown(..) | Unmoved::Unread(..))) => {
            Ok(Err(why.to_string()))
        }
        Ok(says) => Ok(Ok(says)),
    }
}

fn form(
    app: &App,
    browser: &Browser,
    typed: (&str, &str),
    other: &str,
    outcome: Result<Option<String>, String>,
) -> Page<Moving> {
    let (done, problem) = match outcome {
        Ok(done) => (done, None),
        Err(problem) => (None, Some(problem)),
    };
    let form = by_password::form(app, browser, typed, problem);
    let status = by_password::status(&form);
    Page::new(Moving { frame: Frame::of(app), form, done, other: other.to_owned() })
        .with_form(browser)
        .with_status(status)
}
