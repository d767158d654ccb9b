//! Where help is, now. Nothing is looked up for it, so that it is there when nothing else is.

use crate::pages::Page;
use crate::pages::contexts::{Frame, UrgentHelp};
use alongside_app::context::App;
use axum::extract::State;

/// Shows where help is.
pub(crate) async fn show(State(app): State<App>) -> Page<UrgentHelp> {
    Page::new(UrgentHelp { frame: Frame::of(&app), contact: app.settings().contact.clone() })
}
