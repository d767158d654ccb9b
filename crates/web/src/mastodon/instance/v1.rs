//! `GET /api/v1/instance`, for older clients.

use super::rules;
use super::v2::MONTH_SECS;
use crate::entities::instance::InstanceV1;
use crate::entities::instance::configuration::Configuration;
use crate::error::Error;
use crate::json::Json;
use alongside_app::context::App;
use alongside_app::pushing;
use alongside_store::statistics;
use axum::extract::State;

/// Shows it.
pub(crate) async fn show(State(app): State<App>) -> Result<Json<InstanceV1>, Error> {
    let since = app.now().plus_secs(-MONTH_SECS);
    let statistics = statistics::read(&mut app.reader(), since).await?;
    let key = pushing::node_key(&app).await?;
    let configuration = Configuration::of(&app, key.public.clone());
    Ok(Json(InstanceV1::new(&app, configuration, &statistics, rules())))
}
