//! What the node keeps about people, as a page.

use crate::error::Error;
use crate::pages::Page;
use crate::pages::contexts::{Frame, Policy, Privacy};
use alongside_app::context::App;
use askama::Template as _;
use axum::extract::State;

/// Shows what is kept.
pub(crate) async fn show(State(app): State<App>) -> Result<Page<Privacy>, Error> {
    let policy = policy(&app)?;
    Ok(Page::new(Privacy { frame: Frame::of(&app).indexable(true), policy }))
}

/// What is kept, as HTML.
pub(crate) fn policy(app: &App) -> Result<String, Error> {
    let settings = app.settings();
    let policy = Policy { node: settings.title.clone(), contact: settings.contact.clone() };
    policy.render().map_err(|error| Error::Internal(error.into()))
}
