//! `GET /api/v1/conversations`.

use crate::auth::{Author, ReadStatuses};
use crate::entities::notifications::Conversation;
use crate::error::Error;
use crate::page::{Paged, Paging};
use crate::render;
use alongside_app::context::App;
use alongside_store::conversations;
use axum::extract::State;

/// Shows a page of them, the one that was last written in first.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadStatuses>,
    paging: Paging,
) -> Result<Paged<Conversation>, Error> {
    let page = conversations::page(&mut app.reader(), author.member, &paging.posts()).await?;
    let shown = render::conversations::of(&app, author.member, &page).await?;
    let end = |end: Option<&conversations::Conversation>| end.map(|end| end.last_post_id.get());
    Ok(paging.reply(shown, end(page.first()), end(page.last())))
}
