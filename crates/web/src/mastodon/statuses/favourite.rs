//! `POST /api/v1/statuses/:id/favourite` and `/unfavourite`: a reaction, of the kind that says strength.

use super::{anew, named};
use crate::auth::{Author, WriteFavourites};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::json::Json;
use crate::path::Path;
use alongside_app::context::App;
use alongside_app::effects::Via;
use alongside_app::reactions;
use alongside_domain::id::PostId;
use alongside_domain::reaction::Reaction;
use axum::extract::State;

/// Reacts.
pub(crate) async fn add(
    State(app): State<App>,
    author: Author<WriteFavourites>,
    Path(id): Path<PostId>,
) -> Result<Json<Status>, Error> {
    let post = named(&app, Some(author.actor()), id).await?;
    reactions::react(&app, author.actor(), post.id, Reaction::Strength, None, Via::Here).await?;
    anew(&app, author.member, post.id).await
}

/// Takes the reaction back, whatever its kind.
pub(crate) async fn remove(
    State(app): State<App>,
    author: Author<WriteFavourites>,
    Path(id): Path<PostId>,
) -> Result<Json<Status>, Error> {
    let post = named(&app, Some(author.actor()), id).await?;
    reactions::unreact(&app, author.actor(), post.id, Via::Here).await?;
    anew(&app, author.member, post.id).await
}
