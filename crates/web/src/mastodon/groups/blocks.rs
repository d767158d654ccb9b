//! `/api/v1/groups/:id/blocks`: those who were sent out of a community.

use super::{People, people, take};
use crate::auth::{Author, ReadGroups, WriteGroups};
use crate::entities::accounts::Account;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::openapi::inputs::Id;
use crate::page::{Paged, Paging};
use crate::params::{Params, blank};
use crate::path::Path;
use crate::render::accounts;
use alongside_app::context::App;
use alongside_app::moderation;
use alongside_domain::id::{ActorId, CommunityId};
use alongside_domain::moderation::Measure;
use alongside_store::bans;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// Who, for how long and why.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Body {
    #[schemars(with = "Vec<Id>")]
    account_ids: Vec<i64>,
    /// Seconds; none or nought is until it is lifted.
    #[serde(default, deserialize_with = "blank")]
    duration: Option<i64>,
    #[serde(default)]
    reason: String,
    /// What they posted in the community goes too.
    #[serde(default)]
    remove_statuses: bool,
}

/// Shows them to those who look after the community.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadGroups>,
    Path(id): Path<ActorId>,
    paging: Paging,
) -> Result<Paged<Account>, Error> {
    moderation::standing::check(&app, author.actor(), CommunityId::of(id)).await?;
    let bans = bans::page(&mut app.reader(), CommunityId::of(id), &paging.people(), app.now()).await?;
    accounts::page(&app, &paging, bans.iter().map(|ban| (ban.actor_id.get(), ban.actor_id))).await
}

/// Sends people out.
pub(crate) async fn add(
    State(app): State<App>,
    author: Author<WriteGroups>,
    Path(id): Path<ActorId>,
    Params(body): Params<Body>,
) -> Result<Json<Empty>, Error> {
    let until = body.duration.filter(|secs| *secs != 0).map(|secs| app.now().plus_secs(secs));
    for member in people(&body.account_ids)? {
        let ban = Measure::Ban { member, until, removes_posts: body.remove_statuses };
        take(&app, author.actor(), id, ban, &body.reason).await?;
    }
    Ok(Json(Empty {}))
}

/// Lets people come back.
pub(crate) async fn remove(
    State(app): State<App>,
    author: Author<WriteGroups>,
    Path(id): Path<ActorId>,
    Params(body): Params<People>,
) -> Result<Json<Empty>, Error> {
    for member in people(&body.account_ids)? {
        take(&app, author.actor(), id, Measure::Unban(member), "").await?;
    }
    Ok(Json(Empty {}))
}
