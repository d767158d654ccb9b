//! `POST /api/v1/notifications/:id/dismiss`, and `POST /api/v1/notifications/dismiss` of older clients.

use crate::auth::{Author, WriteNotifications};
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::openapi::inputs::Id;
use crate::params::Params;
use crate::path::Path;
use alongside_app::context::App;
use alongside_app::own;
use alongside_domain::id::{MemberId, NotificationId};
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// Which one.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Body {
    #[schemars(with = "Id")]
    id: NotificationId,
}

/// Forgets it.
pub(crate) async fn dismiss(
    State(app): State<App>,
    author: Author<WriteNotifications>,
    Path(id): Path<NotificationId>,
) -> Result<Json<Empty>, Error> {
    forget(&app, author.member, id).await
}

/// Forgets the one that the request names.
pub(crate) async fn dismiss_named(
    State(app): State<App>,
    author: Author<WriteNotifications>,
    Params(body): Params<Body>,
) -> Result<Json<Empty>, Error> {
    forget(&app, author.member, body.id).await
}

async fn forget(app: &App, member: MemberId, id: NotificationId) -> Result<Json<Empty>, Error> {
    if own::dismiss(app, member, id).await? { Ok(Json(Empty {})) } else { Err(Error::NotFound) }
}
