//! `POST /api/v1/notifications/clear`.

use crate::auth::{Author, WriteNotifications};
use crate::error::Error;
use crate::json::{Empty, Json};
use alongside_app::context::App;
use alongside_app::own;
use axum::extract::State;

/// Forgets all of them.
pub(crate) async fn clear(
    State(app): State<App>,
    author: Author<WriteNotifications>,
) -> Result<Json<Empty>, Error> {
    own::clear_notifications(&app, author.member).await?;
    Ok(Json(Empty {}))
}
