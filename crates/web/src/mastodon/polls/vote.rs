//! `POST /api/v1/polls/:id/votes`.

use crate::auth::{Author, WriteStatuses};
use crate::entities::statuses::Poll;
use crate::error::Error;
use crate::json::Json;
use crate::params::Params;
use crate::path::Path;
use crate::render::polls;
use alongside_app::context::App;
use alongside_domain::id::PollId;
use alongside_store::posts;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// What a member chose, by its place.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Body {
    #[serde(default)]
    choices: Vec<usize>,
}

/// Votes.
pub(crate) async fn vote(
    State(app): State<App>,
    author: Author<WriteStatuses>,
    Path(id): Path<PollId>,
    Params(body): Params<Body>,
) -> Result<Json<Poll>, Error> {
    let poll = alongside_app::polls::vote(&app, author.member, id, &body.choices).await?;
    let post = posts::find(&mut app.reader(), poll.post).await?.ok_or(Error::NotFound)?;
    polls::one(&app, Some(author.actor()), &poll, post.author).await.map(Json)
}
