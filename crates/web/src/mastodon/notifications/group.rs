//! `/api/v2/notifications/:group_key`.

use crate::auth::{Author, ReadNotifications, WriteNotifications};
use crate::entities::accounts::Account;
use crate::entities::notifications::GroupedNotifications;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::page::{Paged, Paging};
use crate::path::Path;
use crate::render;
use alongside_app::context::App;
use alongside_app::notifications::{self, Group};
use alongside_domain::id::{ActorId, MemberId};
use alongside_store::notifications::Notice;
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

/// Shows a page of everybody in it; nobody where there is no such group.
pub(crate) async fn accounts(
    State(app): State<App>,
    author: Author<ReadNotifications>,
    Path(key): Path<String>,
    paging: Paging,
) -> Result<Paged<Account>, Error> {
    let key = key.parse().map_err(|_| Error::NotFound)?;
    let page = paging.people();
    let inside = notifications::in_group(&mut app.reader(), author.member, key, &page, app.now()).await?;
    let from: Vec<ActorId> = inside.iter().map(|notice| notice.from_id).collect();
    let shown = render::accounts::of_ids(&app, &from).await?;
    let end = |notice: Option<&Notice>| notice.map(|notice| notice.id.get());
    Ok(paging.reply(shown, end(inside.first()), end(inside.last())))
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
