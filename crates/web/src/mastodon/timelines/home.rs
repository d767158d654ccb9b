//! `GET /api/v1/timelines/home`: those one follows, and the communities one is in.

use crate::auth::{Author, ReadStatuses};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::page::{Paged, Paging};
use crate::render::statuses;
use alongside_app::context::App;
use alongside_store::touched::Topic;
use alongside_store::{follows, home};
use axum::extract::State;

/// Shows a page of it.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadStatuses>,
    paging: Paging,
) -> Result<Paged<Status>, Error> {
    let lines = home::timeline(&mut app.reader(), author.actor(), app.now(), &paging.posts()).await?;
    let page = statuses::of_lines(&app, Some(author.member), &lines).await?;
    let followed = follows::of_home(&mut app.reader(), author.actor()).await?;
    let lines_of = followed.into_iter().chain([author.actor()]).map(Topic::Lines);
    let made_of = lines_of.chain(statuses::topics(Some(author.actor()), &page)).collect();
    let (newest, oldest) = (lines.first().map(|id| id.get()), lines.last().map(|id| id.get()));
    Ok(paging.reply(page, newest, oldest).made_of(made_of))
}
