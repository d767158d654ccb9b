//! `GET /api/v1/accounts/:id`.

use super::named;
use crate::auth::{ReadAccounts, Viewer};
use crate::entities::accounts::Account;
use crate::error::Error;
use crate::json::Json;
use crate::path::Path;
use crate::render::accounts;
use alongside_app::context::App;
use alongside_domain::id::ActorId;
use axum::extract::State;

/// Shows a member or a community.
pub(crate) async fn show(
    State(app): State<App>,
    _: Viewer<ReadAccounts>,
    Path(id): Path<ActorId>,
) -> Result<Json<Account>, Error> {
    let actor = named(&app, id).await?;
    accounts::of_actor(&app, &actor).await.map(Json)
}
