//! `GET /api/v2/instance`.

use super::rules;
use crate::entities::instance::{Configuration, InstanceV2};
use crate::error::Error;
use crate::json::Json;
use alongside_app::context::App;
use alongside_store::statistics;
use axum::extract::State;

/// A month, as those are counted who were here in it.
pub(super) const MONTH_SECS: i64 = 30 * 86_400;

/// Shows it.
pub(crate) async fn show(State(app): State<App>) -> Result<Json<InstanceV2>, Error> {
    let since = app.now().plus_secs(-MONTH_SECS);
    let statistics = statistics::read(&mut app.reader(), since).await?;
    let configuration = Configuration::of(&app);
    Ok(Json(InstanceV2::new(&app, configuration, statistics.active, rules())))
}
