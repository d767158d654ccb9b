//! `GET /api/v1/followed_tags`.

use crate::auth::{Author, ReadFollows};
use crate::entities::collections::Tag;
use crate::error::Error;
use crate::json::Json;
use crate::render::tags;
use alongside_app::context::App;
use alongside_domain::limits::TAG_FOLLOWS_MAX;
use alongside_store::tag_follows;
use axum::extract::State;

/// Shows all of them at once: they have names, not numbers that clients could page by.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadFollows>,
) -> Result<Json<Vec<Tag>>, Error> {
    let names = tag_follows::after(&mut app.reader(), author.member, "", TAG_FOLLOWS_MAX).await?;
    tags::followed(&app, author.member, &names).await.map(Json)
}
