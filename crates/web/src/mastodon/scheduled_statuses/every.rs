//! `GET /api/v1/scheduled_statuses`.

use crate::auth::{Author, ReadStatuses};
use crate::entities::scheduled::ScheduledStatus;
use crate::error::Error;
use crate::page::{Paged, Paging};
use crate::render::scheduled;
use alongside_app::context::App;
use alongside_store::scheduled as stored;
use axum::extract::State;

/// Shows a page of them.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadStatuses>,
    paging: Paging,
) -> Result<Paged<ScheduledStatus>, Error> {
    let rows = stored::page(&mut app.reader(), author.member, &paging.posts()).await?;
    let page = scheduled::statuses(&app, &rows).await?;
    Ok(paging.reply(page, rows.first().map(|row| row.id.get()), rows.last().map(|row| row.id.get())))
}
