//! `GET /api/v1/notifications/requests`: notifications that are kept apart. There are none.

use crate::auth::{Author, ReadNotifications};
use crate::entities::notifications::Merged;
use crate::json::{Empty, Json};

/// Shows that there are none.
pub(crate) async fn show(_: Author<ReadNotifications>) -> Json<[Empty; 0]> {
    Json([])
}

/// Tells that none are on their way to the others.
pub(crate) async fn merged(_: Author<ReadNotifications>) -> Json<Merged> {
    Json(Merged { merged: true })
}
