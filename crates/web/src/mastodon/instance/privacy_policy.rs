//! `GET /api/v1/instance/privacy_policy`: what this node keeps about people.

use crate::entities::instance::Document;
use crate::error::Error;
use crate::json::Json;
use crate::pages::privacy;
use alongside_app::context::App;
use axum::extract::State;

/// Tells it.
pub(crate) async fn show(State(app): State<App>) -> Result<Json<Document>, Error> {
    Ok(Json(Document { updated_at: Document::UPDATED_AT, content: privacy::policy(&app)? }))
}
