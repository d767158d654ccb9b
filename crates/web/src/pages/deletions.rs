//! Where a member sees what became of the posts they deleted on the servers that had them, with the password they sign
//! in with.

use crate::address::ClientAddress;
use crate::browser::Browser;
use crate::error::Error;
use crate::pages::contexts::{Deletion, Deletions, Frame};
use crate::pages::{Page, by_password};
use crate::params::Params;
use crate::state::Web;
use alongside_app::context::App;
use alongside_domain::erasure::ReceiptState;
use alongside_domain::id::ActorId;
use alongside_store::erasures::{self, Count, Erasure};
use alongside_store::error;
use axum::extract::State;
use serde::Deserialize;

/// Deletions shown at once, the newest.
const SHOWN_MAX: i64 = 20;
/// Servers named of each that have not taken it.
const HOLDOUTS_MAX: i64 = 10;

/// What is typed.
#[derive(Deserialize)]
pub(crate) struct Typed {
    csrf: String,
    handle: String,
    email: String,
    password: String,
}

/// Asks whose.
pub(crate) async fn show(State(app): State<App>, browser: Browser) -> Page<Deletions> {
    form(&app, &browser, ("", ""), Ok(None))
}

/// Shows them.
pub(crate) async fn find(
    State(web): State<Web>,
    ClientAddress(address): ClientAddress,
    browser: Browser,
    Params(typed): Params<Typed>,
) -> Result<Page<Deletions>, Error> {
    let app = web.app();
    web.rates().sign_in(address, app.now())?;
    browser.check(&typed.csrf)?;
    let handle = by_password::handle(&typed.handle);
    let found = match by_password::member(app, handle, &typed.email, &typed.password).await? {
        Ok(member) => Ok(Some(newest(app, member.id.actor()).await?)),
        Err(problem) => Err(problem),
    };
    Ok(form(app, &browser, (handle, &typed.email), found))
}

async fn newest(app: &App, author: ActorId) -> Result<Vec<Deletion>, error::Error> {
    let mut reader = app.reader();
    let mut out = Vec::new();
    for erasure in erasures::newest_of(&mut reader, author, SHOWN_MAX).await? {
        let counts = erasures::counts(&mut reader, erasure.id).await?;
        let holdouts = erasures::holdouts(&mut reader, erasure.id, HOLDOUTS_MAX).await?;
        out.push(Deletion {
            day: erasure.at.to_string().chars().take(10).collect(),
            says: says(&erasure, &counts),
            address: erasure.uri,
            holdouts: holdouts.into_iter().map(|holdout| (holdout.host, why(holdout.state))).collect(),
        });
    }
    Ok(out)
}

fn says(erasure: &Erasure, counts: &[Count]) -> String {
    let all: i64 = counts.iter().map(|count| count.count).sum();
    let taken: i64 =
        counts.iter().filter(|count| count.state == ReceiptState::Arrived).map(|count| count.count).sum();
    match (erasure.told_at, all) {
        (None, _) => "The servers to tell are being looked up.".to_owned(),
        (Some(_), 0) => "No other server had it.".to_owned(),
        (Some(_), _) => format!("{taken} of {all} servers that had it have taken the deletion."),
    }
}

/// Why a server may still have it.
const fn why(state: ReceiptState) -> &'static str {
    match state {
        ReceiptState::Waiting => "was not reached yet, and is tried again",
        ReceiptState::Arrived => "has taken the deletion",
        ReceiptState::Refused => "refused the deletion",
        ReceiptState::GaveUp => "could not be reached for a week",
        ReceiptState::Cancelled => "is one that this server does not talk with any more",
    }
}

fn form(
    app: &App,
    browser: &Browser,
    typed: (&str, &str),
    outcome: Result<Option<Vec<Deletion>>, String>,
) -> Page<Deletions> {
    let (found, problem) = match outcome {
        Ok(found) => (found, None),
        Err(problem) => (None, Some(problem)),
    };
    let form = by_password::form(app, browser, typed, problem);
    let status = by_password::status(&form);
    Page::new(Deletions { frame: Frame::of(app), form, found }).with_form(browser).with_status(status)
}
