//! `/api/v2/notifications/:group_key`.

use crate::auth::{Author, ReadNotifications, WriteNotifications};
use crate::entities::accounts::Account;
use crate::entities::notifications::GroupedNotifications;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::path::Path;
use crate::render;
use alongside_app::context::App;
use alongside_app::notifications::{self, Group};
use alongside_domain::id::MemberId;
use axum::extract::State;

/// Shows one group.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadNotifications>,
    Path(key): Path<String>,
) -> Result<Json<GroupedNotifications>, Error> {
    let group = find(&app, author.member, &key).await?;
    let shown = render::notifications::grouped(&app, author.member, &[group]).await?;
    if shown.notification_groups.is_empty() { Err(Error::NotFound) } else { Ok(Json(shown)) }
}

/// Shows everybody in it.
pub(crate) async fn accounts(
    State(app): State<App>,
    author: Author<ReadNotifications>,
    Path(key): Path<String>,
) -> Result<Json<Vec<Account>>, Error> {
    let group = find(&app, author.member, &key).await?;
    render::accounts::of_ids(&app, &group.from).await.map(Json)
}

/// Forgets it.
pub(crate) async fn dismiss(
    State(app): State<App>,
    author: Author<WriteNotifications>,
    Path(key): Path<String>,
) -> Result<Json<Empty>, Error> {
    let key = key.parse().map_err(|_| Error::NotFound)?;
    let known = notifications::dismiss_group(&app, author.member, key).await?;
    if known { Ok(Json(Empty {})) } else { Err(Error::NotFound) }
}

async fn find(app: &App, member: MemberId, key: &str) -> Result<Group, Error> {
    let key = key.parse().map_err(|_| Error::NotFound)?;
    notifications::group(&mut app.reader(), member, key, app.now()).await?.ok_or(Error::NotFound)
}
