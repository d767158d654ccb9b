//! `GET /api/v1/notifications`.

use super::Asked;
use crate::auth::{Author, ReadNotifications};
use crate::entities::notifications::Notification;
use crate::error::Error;
use crate::page::{Paged, Paging};
use crate::params::Query;
use crate::render::notifications;
use alongside_app::context::App;
use axum::extract::State;

/// Shows a page of them.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadNotifications>,
    Query(asked): Query<Asked>,
    paging: Paging,
) -> Result<Paged<Notification>, Error> {
    let (kinds, page) = (asked.kinds(), paging.people());
    let wanted = asked.wanted(&kinds);
    let notices =
        alongside_store::notifications::page(&mut app.reader(), author.member, &wanted, &page, app.now())
            .await?;
    let shown = notifications::of(&app, author.member, &notices).await?;
    let end = |notice: Option<&alongside_store::notifications::Notice>| notice.map(|notice| notice.id.get());
    Ok(paging.reply(shown, end(notices.first()), end(notices.last())))
}
