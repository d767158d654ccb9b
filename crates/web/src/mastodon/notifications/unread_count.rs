//! `GET /api/v1/notifications/unread_count`, and the same of groups in `/api/v2`.

use super::Asked;
use crate::auth::{Author, ReadNotifications};
use crate::entities::notifications::Count;
use crate::error::Error;
use crate::json::Json;
use crate::params::{Query, any_number};
use alongside_app::context::App;
use alongside_app::notifications;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// How far it is counted unless a client says otherwise, and at most.
const COUNTED: (i64, i64) = (100, 1_000);

/// How far it is counted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Most {
    #[serde(deserialize_with = "any_number")]
    limit: Option<i64>,
}

/// Counts what the member has not seen.
pub(crate) async fn show(
    state: State<App>,
    author: Author<ReadNotifications>,
    Query(asked): Query<Asked>,
    most: Query<Most>,
) -> Result<Json<Count>, Error> {
    // Counting one by one is counting groups of one.
    let asked = Asked { grouped_types: Some(Vec::new()), ..asked };
    show_groups(state, author, Query(asked), most).await
}

/// Counts the groups that the member has not seen.
pub(crate) async fn show_groups(
    State(app): State<App>,
    author: Author<ReadNotifications>,
    Query(asked): Query<Asked>,
    Query(most): Query<Most>,
) -> Result<Json<Count>, Error> {
    let kinds = asked.kinds();
    let (wanted, together) = (asked.wanted(&kinds), asked.together());
    let most = most.limit.map_or(COUNTED.0, i64::saturating_abs).clamp(1, COUNTED.1);
    let mut reader = app.reader();
    let count =
        notifications::unread_groups(&mut reader, author.member, &wanted, &together, most, app.now()).await?;
    Ok(Json(Count { count }))
}
