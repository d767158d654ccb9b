//! `POST /api/v1/tags/:name/feature` and `unfeature`: a hashtag on one's own profile.

use crate::auth::{Author, WriteAccounts};
use crate::entities::collections::Tag;
use crate::error::Error;
use crate::json::Json;
use crate::path::Path;
use crate::render::tags;
use alongside_app::context::App;
use alongside_app::{featured_tags, own};
use axum::extract::State;

/// Shows it there.
pub(crate) async fn feature(
    State(app): State<App>,
    author: Author<WriteAccounts>,
    Path(name): Path<String>,
) -> Result<Json<Tag>, Error> {
    let name = own::read_tag(&name).ok_or(Error::NotFound)?;
    let featured = featured_tags::feature(&app, author.member, &name).await?;
    tags::tag(&app, Some(author.member), &featured.tag).await.map(Json)
}

/// Takes it off.
pub(crate) async fn unfeature(
    State(app): State<App>,
    author: Author<WriteAccounts>,
    Path(name): Path<String>,
) -> Result<Json<Tag>, Error> {
    let name = own::read_tag(&name).ok_or(Error::NotFound)?;
    let name = featured_tags::remove_named(&app, author.member, &name).await?;
    tags::tag(&app, Some(author.member), &name).await.map(Json)
}
