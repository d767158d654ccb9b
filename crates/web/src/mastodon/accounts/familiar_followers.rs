//! `GET /api/v1/accounts/familiar_followers`: nobody. Who follows whom is not shown here.

use super::list::Wanted;
use crate::auth::{Author, ReadFollows};
use crate::entities::collections::FamiliarFollowers;
use crate::json::Json;
use crate::params::Anywhere;

/// Says so for each.
pub(crate) async fn show(
    _: Author<ReadFollows>,
    Anywhere(wanted): Anywhere<Wanted>,
) -> Json<Vec<FamiliarFollowers>> {
    let ids = wanted.within_limits().into_iter();
    Json(ids.map(|id| FamiliarFollowers { id: id.to_string(), accounts: [] }).collect())
}
