//! What members and the node owe each other, as a page.

use crate::error::Error;
use crate::mastodon::instance::rules;
use crate::pages::Page;
use crate::pages::contexts::{Frame, Terms, TermsText};
use alongside_app::context::App;
use askama::Template as _;
use axum::extract::State;

/// Shows the terms.
pub(crate) async fn show(State(app): State<App>) -> Result<Page<Terms>, Error> {
    let terms = terms(&app)?;
    Ok(Page::new(Terms { frame: Frame::of(&app).indexable(true), terms }))
}

/// The terms, as HTML.
pub(crate) fn terms(app: &App) -> Result<String, Error> {
    let settings = app.settings();
    let rules = rules().into_iter().map(|rule| (rule.text, rule.hint)).collect();
    let text = TermsText { node: settings.title.clone(), contact: settings.contact.clone(), rules };
    text.render().map_err(|error| Error::Internal(error.into()))
}
