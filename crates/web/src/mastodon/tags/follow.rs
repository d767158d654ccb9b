//! `POST /api/v1/tags/:name/follow` and `unfollow`.

use crate::auth::{Author, WriteFollows};
use crate::entities::collections::Tag;
use crate::error::Error;
use crate::json::Json;
use crate::path::Path;
use crate::render::tags;
use alongside_app::context::App;
use alongside_app::own;
use axum::extract::State;

/// Follows it.
pub(crate) async fn follow(
    State(app): State<App>,
    author: Author<WriteFollows>,
    Path(name): Path<String>,
) -> Result<Json<Tag>, Error> {
    let name = own::follow_tag(&app, author.member, &name).await?;
    tags::tag(&app, Some(author.member), &name).await.map(Json)
}

/// Follows it no more.
pub(crate) async fn unfollow(
    State(app): State<App>,
    author: Author<WriteFollows>,
    Path(name): Path<String>,
) -> Result<Json<Tag>, Error> {
    let name = own::unfollow_tag(&app, author.member, &name).await?;
    tags::tag(&app, Some(author.member), &name).await.map(Json)
}
