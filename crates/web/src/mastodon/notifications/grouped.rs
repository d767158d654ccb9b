//! `GET /api/v2/notifications`.

use super::Asked;
use crate::auth::{Author, ReadNotifications};
use crate::entities::notifications::GroupedNotifications;
use crate::error::Error;
use crate::page::{Paging, Part};
use crate::params::Query;
use crate::render;
use alongside_app::context::App;
use alongside_app::notifications;
use axum::extract::State;

/// Shows a page of groups.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadNotifications>,
    Query(asked): Query<Asked>,
    paging: Paging,
) -> Result<Part<GroupedNotifications>, Error> {
    let (kinds, page) = (asked.kinds(), paging.people());
    let (wanted, together) = (asked.wanted(&kinds), asked.together());
    let groups =
        notifications::groups(&mut app.reader(), author.member, &wanted, &together, &page, app.now()).await?;
    let shown = render::notifications::grouped(&app, author.member, &groups).await?;
    let newest = groups.iter().map(|group| group.newest.id.get()).max();
    let oldest = groups.iter().map(|group| group.oldest.id.get()).min();
    Ok(paging.part(shown, newest, oldest))
}
