//! `GET /api/v1/notifications/:id`.

use crate::auth::{Author, ReadNotifications};
use crate::entities::notifications::Notification;
use crate::error::Error;
use crate::json::Json;
use crate::path::Path;
use crate::render::notifications;
use alongside_app::context::App;
use alongside_domain::id::NotificationId;
use axum::extract::State;

/// Shows it.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadNotifications>,
    Path(id): Path<NotificationId>,
) -> Result<Json<Notification>, Error> {
    let found = alongside_store::notifications::find(&mut app.reader(), author.member, id).await?;
    let shown = notifications::of(&app, author.member, &[found.ok_or(Error::NotFound)?]).await?.pop();
    shown.map(Json).ok_or(Error::NotFound)
}
