//! `GET /api/v1/followed_tags`.

use crate::auth::{Author, ReadFollows};
use crate::entities::collections::Tag;
use crate::error::Error;
use crate::page::{Paged, Paging, more_after};
use crate::render::tags;
use alongside_app::context::App;
use alongside_domain::limits::TAG_FOLLOWS_MAX;
use alongside_store::tag_follows;
use axum::extract::State;

/// Shows them by their names.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadFollows>,
    paging: Paging,
) -> Result<Paged<Tag>, Error> {
    let (after, limit) = paging.names(TAG_FOLLOWS_MAX);
    let names = tag_follows::after(&mut app.reader(), author.member, after, limit).await?;
    let followed = tags::followed(&app, author.member, &names).await?;
    Ok(paging.reply_by_name(followed, more_after(&names, limit).as_deref()))
}
