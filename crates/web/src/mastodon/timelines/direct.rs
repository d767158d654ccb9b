//! `GET /api/v1/timelines/direct`: what one wrote to others alone, and they to one; for clients that do not know
//! conversations.

use crate::auth::{Author, ReadStatuses};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::page::{Paged, Paging};
use crate::render::statuses;
use alongside_app::context::App;
use alongside_app::{avoiding, reading};
use alongside_store::timelines;
use axum::extract::State;

/// Shows a page of it.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadStatuses>,
    paging: Paging,
) -> Result<Paged<Status>, Error> {
    let (mut reader, viewer, now) = (app.reader(), Some(author.actor()), app.now());
    let ids = timelines::direct(&mut reader, author.actor(), &paging.posts()).await?;
    let posts = reading::posts(&mut reader, viewer, &ids, now).await?;
    let posts = avoiding::without(&mut reader, viewer, posts, now).await?;
    let page = statuses::of_posts(&app, Some(author.member), &posts).await?;
    Ok(paging.reply(page, ids.first().map(|id| id.get()), ids.last().map(|id| id.get())))
}
