//! `GET /api/v1/accounts/search`: people and communities whose name begins so, for completing it.

use crate::auth::{Author, ReadAccounts};
use crate::entities::accounts::Account;
use crate::error::Error;
use crate::json::Json;
use crate::mastodon::search::people;
use crate::params::{Query, blank};
use alongside_app::search::Wanted as Search;
use alongside_domain::limits::PEOPLE_PAGE_MAX;
use alongside_federation::look_up;
use alongside_federation::node::Federation;
use alongside_store::page::Page;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// How many are found when a client does not say.
const DEFAULT: i64 = 40;

/// Who is searched for.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    resolve: bool,
    #[serde(default)]
    following: bool,
    #[serde(default, deserialize_with = "blank")]
    limit: Option<i64>,
    #[serde(default, deserialize_with = "blank")]
    offset: Option<i64>,
}

/// Shows who was found.
pub(crate) async fn show(
    State(node): State<Federation>,
    author: Author<ReadAccounts>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Vec<Account>>, Error> {
    let limit = wanted.limit.unwrap_or(DEFAULT).clamp(1, PEOPLE_PAGE_MAX);
    let offset = wanted.offset.unwrap_or(0).max(0);
    // Names are completed while they are typed, so what is not talked with is not found, and not an error.
    let found = if wanted.resolve { look_up::look_up(&node, &wanted.q).await.ok().flatten() } else { None };
    let search = Search {
        text: wanted.q,
        only_followed: wanted.following,
        only_communities: false,
        author: None,
        limit,
        offset,
        page: Page::newest(limit),
    };
    people(node.app(), Some(author.actor()), &search, found.as_ref()).await.map(Json)
}
