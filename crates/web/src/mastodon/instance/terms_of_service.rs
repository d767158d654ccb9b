//! `GET /api/v1/instance/terms_of_service[/:date]`: what members and the node owe each other.

use crate::entities::instance::{Document, Terms};
use crate::error::Error;
use crate::json::Json;
use crate::pages::terms;
use crate::path::Path;
use alongside_app::context::App;
use axum::extract::State;

/// Tells them.
pub(crate) async fn show(State(app): State<App>) -> Result<Json<Terms>, Error> {
    Ok(Json(Terms {
        effective_date: Document::UPDATED_ON,
        effective: true,
        content: terms::terms(&app)?,
        succeeded_by: None,
    }))
}

/// Tells those of a day. There is one text so far.
pub(crate) async fn of_date(state: State<App>, Path(date): Path<String>) -> Result<Json<Terms>, Error> {
    if date == Document::UPDATED_ON { show(state).await } else { Err(Error::NotFound) }
}
