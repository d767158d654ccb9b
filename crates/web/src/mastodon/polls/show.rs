//! `GET /api/v1/polls/:id`.

use crate::auth::{ReadStatuses, Viewer};
use crate::entities::statuses::Poll;
use crate::error::Error;
use crate::json::Json;
use crate::path::Path;
use crate::render::polls;
use alongside_app::context::App;
use alongside_app::reading;
use alongside_domain::id::PollId;
use axum::extract::State;

/// Shows it to whoever may read its post.
pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer<ReadStatuses>,
    Path(id): Path<PollId>,
) -> Result<Json<Poll>, Error> {
    let mut reader = app.reader();
    let poll = alongside_store::polls::find(&mut reader, id).await?.ok_or(Error::NotFound)?;
    let post =
        reading::post(&mut reader, viewer.actor(), poll.post, app.now()).await?.ok_or(Error::NotFound)?;
    polls::one(&app, viewer.actor(), &poll, post.author).await.map(Json)
}
