//! `POST /api/v1/notifications/:id/dismiss`.

use crate::auth::{Author, WriteNotifications};
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::path::Path;
use alongside_app::context::App;
use alongside_app::own;
use alongside_domain::id::NotificationId;
use axum::extract::State;

/// Forgets it.
pub(crate) async fn dismiss(
    State(app): State<App>,
    author: Author<WriteNotifications>,
    Path(id): Path<NotificationId>,
) -> Result<Json<Empty>, Error> {
    if own::dismiss(&app, author.member, id).await? { Ok(Json(Empty {})) } else { Err(Error::NotFound) }
}
