//! Where the link in a letter leads that asks whether an address is somebody's. Opening the page confirms nothing:
//! there are programs that open every link before anybody reads a letter.

use crate::address::ClientAddress;
use crate::browser::Browser;
use crate::error::Error;
use crate::pages::Page;
use crate::pages::contexts::{Confirm, Frame, Told};
use crate::params::Params;
use crate::path::Path;
use crate::state::Web;
use alongside_app::confirmations::{self, Confirmed, Error as NotConfirmed};
use alongside_app::context::App;
use alongside_domain::place::Place;
use axum::extract::State;
use serde::Deserialize;

/// What the form carries.
#[derive(Debug, Deserialize)]
pub(crate) struct Form {
    csrf: String,
}

/// Asks.
pub(crate) async fn show(
    State(app): State<App>,
    Path(token): Path<String>,
    browser: Browser,
) -> Result<Page<Confirm>, Error> {
    if !confirmations::is_open(&app, &token).await? {
        return Err(NotConfirmed::Closed.into());
    }
    let page = Page::new(Confirm {
        frame: Frame::of(&app),
        action: Place::Confirm(&token).to_string(),
        csrf: browser.csrf().to_owned(),
        host: app.places().host().to_owned(),
    });
    Ok(page.with_form(&browser))
}

/// Confirms it, and says what comes next.
pub(crate) async fn confirm(
    State(web): State<Web>,
    ClientAddress(address): ClientAddress,
    Path(token): Path<String>,
    browser: Browser,
    Params(form): Params<Form>,
) -> Result<Page<Told>, Error> {
    let app = web.app();
    web.rates().sign_in(address, app.now())?;
    browser.check(&form.csrf)?;
    let (heading, says) = match confirmations::confirm(app, &token).await? {
        Confirmed::LetIn => (
            "You are in",
            format!(
                "Go back to your app, or open any Mastodon app and sign in: where it asks for a server, type {}.",
                app.places().host()
            ),
        ),
        Confirmed::Waits => (
            "Thank you",
            "Somebody who looks after this place will read what you wrote and let you in. We write to you then."
                .to_owned(),
        ),
    };
    Ok(Page::new(Told { frame: Frame::of(app), heading, says }))
}
