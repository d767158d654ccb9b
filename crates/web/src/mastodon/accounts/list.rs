//! `GET /api/v1/accounts`: several people and communities by their ids.

use crate::auth::{ReadAccounts, Viewer};
use crate::entities::accounts::Account;
use crate::error::Error;
use crate::json::Json;
use crate::openapi::inputs::Id;
use crate::params::{Query, known};
use crate::render::accounts;
use alongside_app::context::App;
use alongside_domain::id::ActorId;
use alongside_domain::limits::PEOPLE_PAGE_MAX;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// How many may be asked for at once.
const AT_ONCE_MAX: usize = 40;

/// Which ones.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Wanted {
    #[serde(default, alias = "ids", deserialize_with = "known")]
    #[schemars(with = "Vec<Id>")]
    pub(super) id: Vec<ActorId>,
}

impl Wanted {
    /// As many of them as are on one page.
    pub(super) fn within_limits(mut self) -> Vec<ActorId> {
        self.id.truncate(usize::try_from(PEOPLE_PAGE_MAX).unwrap_or(usize::MAX));
        self.id
    }
}

/// Shows them.
pub(crate) async fn show(
    State(app): State<App>,
    _: Viewer<ReadAccounts>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Vec<Account>>, Error> {
    if wanted.id.len() > AT_ONCE_MAX {
        return Err(Error::Unfit(format!("Validation failed: ask for up to {AT_ONCE_MAX} accounts at once")));
    }
    accounts::of_ids(&app, &wanted.id).await.map(Json)
}
