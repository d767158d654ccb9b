//! Where somebody asks for a link with which they choose a new password. The answer is the same for every address:
//! whether somebody has an account here is nobody's business.

use crate::address::ClientAddress;
use crate::browser::Browser;
use crate::error::Error;
use crate::pages::Page;
use crate::pages::contexts::{Forgotten, Frame, Told};
use crate::params::Params;
use crate::state::Web;
use alongside_app::context::App;
use alongside_app::new_passwords;
use axum::extract::State;
use serde::Deserialize;

/// What is typed.
#[derive(Deserialize)]
pub(crate) struct Typed {
    csrf: String,
    email: String,
}

/// Asks for the address.
pub(crate) async fn show(State(app): State<App>, browser: Browser) -> Result<Page<Forgotten>, Error> {
    if !app.sends_mail() {
        return Err(Error::NotFound);
    }
    let page = Page::new(Forgotten { frame: Frame::of(&app), csrf: browser.csrf().to_owned() });
    Ok(page.with_form(&browser))
}

/// Sends a link there, if somebody signs in with it.
pub(crate) async fn ask(
    State(web): State<Web>,
    ClientAddress(address): ClientAddress,
    browser: Browser,
    Params(typed): Params<Typed>,
) -> Result<Page<Told>, Error> {
    let app = web.app();
    if !app.sends_mail() {
        return Err(Error::NotFound);
    }
    web.rates().sign_in(address, app.now())?;
    browser.check(&typed.csrf)?;
    new_passwords::ask(app, &typed.email).await?;
    Ok(Page::new(Told {
        frame: Frame::of(app),
        heading: "Look into your mailbox",
        says: "If somebody signs in here with this address, we have sent a link there. It works once, for an hour. \
               If there is no letter, look among the unwanted ones."
            .to_owned(),
    }))
}
