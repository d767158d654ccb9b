//! `GET /api/v1/notifications/unread_count`, and the same of groups in `/api/v2`.

use super::Asked;
use crate::auth::{Author, ReadNotifications};
use crate::entities::notifications::Count;
use crate::error::Error;
use crate::json::Json;
use crate::params::Query;
use alongside_app::context::App;
use alongside_app::notifications;
use axum::extract::State;

/// Counts what the member has not seen.
pub(crate) async fn show(
    state: State<App>,
    author: Author<ReadNotifications>,
    Query(asked): Query<Asked>,
) -> Result<Json<Count>, Error> {
    // Counting one by one is counting groups of one.
    let asked = Asked { grouped_types: Some(Vec::new()), ..asked };
    show_groups(state, author, Query(asked)).await
}

/// Counts the groups that the member has not seen.
pub(crate) async fn show_groups(
    State(app): State<App>,
    author: Author<ReadNotifications>,
    Query(asked): Query<Asked>,
) -> Result<Json<Count>, Error> {
    let kinds = asked.kinds();
    let (wanted, together) = (asked.wanted(&kinds), asked.together());
    let count =
        notifications::unread_groups(&mut app.reader(), author.member, &wanted, &together, app.now()).await?;
    Ok(Json(Count { count }))
}
