//! `GET /api/v2/instance`.

use super::rules;
use crate::entities::instance::InstanceV2;
use crate::entities::instance::configuration::Configuration;
use crate::error::Error;
use crate::json::Json;
use crate::state::Web;
use alongside_app::pushing;
use alongside_store::statistics;
use axum::extract::State;

/// A month, as those are counted who were here in it.
pub(super) const MONTH_SECS: i64 = 30 * 86_400;

/// Shows it. Whoever does not say where the source can be had is asked for it at the node itself.
pub(crate) async fn show(State(web): State<Web>) -> Result<Json<InstanceV2>, Error> {
    let app = web.app();
    let source = web.settings().source_url.clone().unwrap_or_else(|| app.places().origin().to_owned());
    let since = app.now().plus_secs(-MONTH_SECS);
    let statistics = statistics::read(&mut app.reader(), since).await?;
    let configuration = Configuration::of(app, pushing::node_key(app).await?.public.clone());
    Ok(Json(InstanceV2::new(app, configuration, statistics.active, rules(), source)))
}
