//! `/api/v1/scheduled_statuses/:id`.

use super::moment;
use crate::auth::{Author, ReadStatuses, WriteStatuses};
use crate::entities::scheduled::ScheduledStatus;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::params::Params;
use crate::path::Path;
use crate::render::scheduled;
use alongside_app::context::App;
use alongside_app::scheduled as verbs;
use alongside_domain::id::ScheduledId;
use alongside_store::scheduled as stored;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// When it is to be published instead.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Body {
    scheduled_at: String,
}

/// Shows it.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadStatuses>,
    Path(id): Path<ScheduledId>,
) -> Result<Json<ScheduledStatus>, Error> {
    let found = stored::find(&mut app.reader(), author.member, id).await?.ok_or(Error::NotFound)?;
    scheduled::status(&app, &found).await.map(Json)
}

/// Puts it off, or brings it forward.
pub(crate) async fn update(
    State(app): State<App>,
    author: Author<WriteStatuses>,
    Path(id): Path<ScheduledId>,
    Params(body): Params<Body>,
) -> Result<Json<ScheduledStatus>, Error> {
    let at = moment(&body.scheduled_at)?;
    let found = verbs::reschedule(&app, author.member, id, at).await?;
    scheduled::status(&app, &found).await.map(Json)
}

/// Takes it back.
pub(crate) async fn cancel(
    State(app): State<App>,
    author: Author<WriteStatuses>,
    Path(id): Path<ScheduledId>,
) -> Result<Json<Empty>, Error> {
    verbs::cancel(&app, author.member, id).await?;
    Ok(Json(Empty {}))
}
