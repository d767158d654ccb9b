//! `GET /api/v1/instance/extended_description`: what this place is for.

use crate::entities::instance::Document;
use crate::json::Json;

/// Tells it.
pub(crate) async fn show() -> Json<Document> {
    Json(Document { updated_at: Document::UPDATED_AT, content: Document::ABOUT.to_owned() })
}
