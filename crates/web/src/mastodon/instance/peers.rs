//! `GET /api/v1/instance/peers`: the nodes this one knows.

use crate::error::Error;
use crate::json::Json;
use alongside_app::context::App;
use alongside_store::hosts;
use axum::extract::State;

/// Nodes named.
const PEERS_MAX: i64 = 5_000;

/// Names them.
pub(crate) async fn show(State(app): State<App>) -> Result<Json<Vec<String>>, Error> {
    let known = hosts::list(&mut app.reader(), "", PEERS_MAX).await?;
    Ok(Json(known.into_iter().map(|host| host.name).collect()))
}
