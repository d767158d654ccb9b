//! `/api/alongside/v1/admin/hosts`: how it stands with other nodes. For whoever runs this one.

use crate::auth::{AdminRead, AdminWrite, Operator};
use crate::error::Error;
use crate::json::Json;
use crate::params::{Query, Word};
use crate::path::Path;
use alongside_app::backlogs::{self, Backlog};
use alongside_app::context::App;
use alongside_domain::agreement::Policy;
use alongside_domain::clock::Timestamp;
use alongside_federation::node::Federation;
use alongside_federation::worker;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Hosts on one page when a client does not say, and at most.
const PAGE_DEFAULT: i64 = 40;
const PAGE_MAX: i64 = 200;

/// Which part of the list.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Part {
    after: String,
    limit: Option<i64>,
}

/// A host.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Host {
    domain: String,
    #[schemars(with = "Word<Policy>")]
    policy: &'static str,
    #[schemars(extend("enum" = ["well", "behind", "unreachable", "blocked"]))]
    state: &'static str,
    software: Option<String>,
    software_version: Option<String>,
    waiting: i64,
    lag_seconds: i64,
    failures: i64,
    next_try_at: Option<String>,
    last_success_at: Option<String>,
    last_failure_at: Option<String>,
    last_error: Option<String>,
}

/// What was taken back.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Dropped {
    dropped: u64,
}

/// Shows hosts by their names, after one.
pub(super) async fn list(
    State(app): State<App>,
    _: Operator<AdminRead>,
    Query(part): Query<Part>,
) -> Result<Json<Vec<Host>>, Error> {
    let limit = part.limit.unwrap_or(PAGE_DEFAULT).clamp(1, PAGE_MAX);
    let page = backlogs::page(&app, &part.after, limit).await?;
    Ok(Json(page.into_iter().map(|backlog| shown(backlog, app.now())).collect()))
}

/// Shows one host.
pub(super) async fn show(
    State(app): State<App>,
    _: Operator<AdminRead>,
    Path(domain): Path<String>,
) -> Result<Json<Host>, Error> {
    one(&app, &domain).await
}

/// Tries at once to deliver what waits for a host.
pub(super) async fn retry(
    State(node): State<Federation>,
    _: Operator<AdminWrite>,
    Path(domain): Path<String>,
) -> Result<Json<Host>, Error> {
    one(node.app(), &domain).await?;
    worker::hurry(&node, &domain).await?;
    one(node.app(), &domain).await
}

/// Takes back what waits for a host.
pub(super) async fn drop_waiting(
    State(app): State<App>,
    _: Operator<AdminWrite>,
    Path(domain): Path<String>,
) -> Result<Json<Dropped>, Error> {
    one(&app, &domain).await?;
    let dropped = backlogs::take_back(&app, &domain).await?;
    Ok(Json(Dropped { dropped }))
}

async fn one(app: &App, domain: &str) -> Result<Json<Host>, Error> {
    let backlog = backlogs::of(app, domain).await?.ok_or(Error::NotFound)?;
    Ok(Json(shown(backlog, app.now())))
}

fn shown(backlog: Backlog, now: Timestamp) -> Host {
    let at = |at: Option<Timestamp>| at.map(|at| at.to_string());
    let (state, lag_seconds) = (backlog.word(), backlog.lag_secs(now));
    let host = backlog.host;
    Host {
        domain: host.name,
        policy: host.policy.as_str(),
        state,
        software: host.software,
        software_version: host.software_version,
        waiting: backlog.waiting,
        lag_seconds,
        failures: host.failures,
        next_try_at: at(host.next_at.filter(|_| backlog.waiting > 0)),
        last_success_at: at(host.succeeded_at),
        last_failure_at: at(host.failed_at),
        last_error: host.last_error,
    }
}
