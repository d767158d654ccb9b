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
use schemars::JsonSchema;
use serde::Deserialize;

/// How much is told of those in a group: everything (`full`), or of all but the newest only what it takes to show their
/// pictures (`partial_avatars`).
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Expand {
    expand_accounts: Option<String>,
}

impl Expand {
    fn are_in_part(&self) -> Result<bool, Error> {
        match self.expand_accounts.as_deref() {
            None | Some("full") => Ok(false),
            Some("partial_avatars") => Ok(true),
            Some(_) => {
                Err(Error::Malformed("expand_accounts: must be `full` or `partial_avatars`".to_owned()))
            }
        }
    }
}

/// Shows a page of groups.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadNotifications>,
    Query(asked): Query<Asked>,
    Query(expand): Query<Expand>,
    paging: Paging,
) -> Result<Part<GroupedNotifications>, Error> {
    let in_part = expand.are_in_part()?;
    let (kinds, page) = (asked.kinds(), paging.people());
    let (wanted, together) = (asked.wanted(&kinds), asked.together());
    let groups =
        notifications::groups(&mut app.reader(), author.member, &wanted, &together, &page, app.now()).await?;
    let shown = render::notifications::grouped(&app, author.member, &groups).await?;
    let shown = if in_part { shown.with_accounts_in_part() } else { shown };
    let newest = groups.iter().map(|group| group.newest.id.get()).max();
    let oldest = groups.iter().map(|group| group.oldest.id.get()).min();
    Ok(paging.part(shown, newest, oldest))
}
