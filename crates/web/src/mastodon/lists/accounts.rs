//! `/api/v1/lists/:id/accounts`: who is in a list. In that of a community is the community alone: who its
//! members are is told by other addresses, to those who may know.

use crate::auth::{Author, ReadLists, WriteLists};
use crate::entities::accounts::Account;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::openapi::inputs::Id;
use crate::page::{Paged, Paging};
use crate::params::{AnyId, Params};
use crate::path::Path;
use crate::render::accounts;
use alongside_app::context::App;
use alongside_app::lists::{self, Found};
use alongside_domain::id::{ActorId, CommunityId, ListId};
use alongside_domain::limits::LIST_ENTRIES_MAX;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// Whom a member puts in or takes out.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Body {
    #[serde(default)]
    #[schemars(with = "Vec<Id>")]
    account_ids: Vec<AnyId>,
}

/// Shows them.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadLists>,
    Path(id): Path<ListId>,
    paging: Paging,
) -> Result<Paged<Account>, Error> {
    let page = paging.people_or_all(i64::try_from(LIST_ENTRIES_MAX).unwrap_or(i64::MAX));
    let inside = match lists::find(&mut app.reader(), author.member, id).await?.ok_or(Error::NotFound)? {
        Found::Own(list) => {
            alongside_store::lists::actors(&mut app.reader(), list.id, page.below(), page.limit).await?
        }
        Found::Community(community, _) => only(community, page.below()),
    };
    accounts::page(&app, &paging, inside.iter().map(|id| (id.get(), *id))).await
}

/// Puts some in.
pub(crate) async fn add(
    State(app): State<App>,
    author: Author<WriteLists>,
    Path(id): Path<ListId>,
    Params(body): Params<Body>,
) -> Result<Json<Empty>, Error> {
    lists::add(&app, author.member, id, &body.actors()).await?;
    Ok(Json(Empty {}))
}

/// Takes some out.
pub(crate) async fn take_out(
    State(app): State<App>,
    author: Author<WriteLists>,
    Path(id): Path<ListId>,
    Params(body): Params<Body>,
) -> Result<Json<Empty>, Error> {
    lists::take_out(&app, author.member, id, &body.actors()).await?;
    Ok(Json(Empty {}))
}

impl Body {
    fn actors(&self) -> Vec<ActorId> {
        self.account_ids.iter().map(|AnyId(id)| ActorId::new(*id)).collect()
    }
}

fn only(community: CommunityId, below: i64) -> Vec<ActorId> {
    [community.actor()].into_iter().filter(|id| id.get() < below).collect()
}
