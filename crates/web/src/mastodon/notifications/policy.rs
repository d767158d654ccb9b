//! `/api/v2/notifications/policy`: whose notifications wait apart, and whose are not told at all.

use crate::auth::{Author, ReadNotifications, WriteNotifications};
use crate::entities::notifications::{NotificationPolicy, PolicySummary};
use crate::error::Error;
use crate::json::Json;
use crate::params::{Params, Word};
use alongside_app::context::App;
use alongside_app::receptions::{self, Changes};
use alongside_domain::id::MemberId;
use alongside_domain::limits::WAITING_COUNTED_MAX;
use alongside_domain::reception::Handling;
use alongside_store::page::Page;
use alongside_store::receptions as stored;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// What a member would like; what is missing stays.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[expect(clippy::struct_field_names, reason = "the API has these names")]
pub(crate) struct Body {
    for_not_following: Option<Word<Handling>>,
    for_not_followers: Option<Word<Handling>>,
    for_new_accounts: Option<Word<Handling>>,
    for_private_mentions: Option<Word<Handling>>,
    for_limited_accounts: Option<Word<Handling>>,
}

/// Shows it.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadNotifications>,
) -> Result<Json<NotificationPolicy>, Error> {
    policy(&app, author.member).await.map(Json)
}

/// Changes it.
pub(crate) async fn change(
    State(app): State<App>,
    author: Author<WriteNotifications>,
    Params(body): Params<Body>,
) -> Result<Json<NotificationPolicy>, Error> {
    let handling = |word: Option<Word<Handling>>| word.map(|Word(handling)| handling);
    let changes = Changes {
        not_following: handling(body.for_not_following),
        not_followers: handling(body.for_not_followers),
        new_accounts: handling(body.for_new_accounts),
        private_mentions: handling(body.for_private_mentions),
        limited_accounts: handling(body.for_limited_accounts),
    };
    receptions::change(&app, author.member, changes).await?;
    policy(&app, author.member).await.map(Json)
}

async fn policy(app: &App, member: MemberId) -> Result<NotificationPolicy, Error> {
    let wanted = stored::of_member(&mut app.reader(), member).await?;
    Ok(NotificationPolicy {
        for_not_following: wanted.not_following.as_str(),
        for_not_followers: wanted.not_followers.as_str(),
        for_new_accounts: wanted.new_accounts.as_str(),
        for_private_mentions: wanted.private_mentions.as_str(),
        for_limited_accounts: wanted.limited_accounts.as_str(),
        summary: summary(app, member).await?,
    })
}

/// How much waits apart.
pub(super) async fn summary(app: &App, member: MemberId) -> Result<PolicySummary, Error> {
    let page = Page::newest(WAITING_COUNTED_MAX);
    let waiting = stored::waiting(&mut app.reader(), member, &page, app.now()).await?;
    Ok(PolicySummary {
        pending_requests_count: waiting.len(),
        pending_notifications_count: waiting.iter().map(|waiting| waiting.count).sum(),
    })
}
