//! `/api/v1/admin/domain_allows`: the agreement.

use crate::auth::{AdminReadDomainAllows, AdminWriteDomainAllows, Hosts, Staff};
use crate::entities::admin::hosts::DomainAllow;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::page::{Paged, Paging};
use crate::params::Params;
use crate::path::Path;
use alongside_app::context::App;
use alongside_app::hosts::deciding;
use alongside_domain::agreement::Policy;
use alongside_domain::id::DecisionId;
use alongside_store::decisions::{self, Decision};
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// A server to agree with.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct Body {
    domain: String,
}

pub(super) async fn list(
    State(app): State<App>,
    _: Staff<Hosts, AdminReadDomainAllows>,
    paging: Paging,
) -> Result<Paged<DomainAllow>, Error> {
    let page = decisions::page(&mut app.reader(), true, &paging.staff()).await?;
    let at = |it: Option<&Decision>| it.map(|it| it.decision_id.get());
    let (newest, oldest) = (at(page.first()), at(page.last()));
    Ok(paging.reply(page.into_iter().map(shown).collect(), newest, oldest))
}

pub(super) async fn show(
    State(app): State<App>,
    _: Staff<Hosts, AdminReadDomainAllows>,
    Path(id): Path<DecisionId>,
) -> Result<Json<DomainAllow>, Error> {
    let found = decisions::find(&mut app.reader(), id).await?;
    Ok(Json(shown(found.filter(|found| found.policy == Policy::Allow).ok_or(Error::NotFound)?)))
}

pub(super) async fn add(
    State(app): State<App>,
    staff: Staff<Hosts, AdminWriteDomainAllows>,
    Params(body): Params<Body>,
) -> Result<Json<DomainAllow>, Error> {
    Ok(Json(shown(deciding::agree(&app, staff.member, &body.domain).await?)))
}

pub(super) async fn remove(
    State(app): State<App>,
    staff: Staff<Hosts, AdminWriteDomainAllows>,
    Path(id): Path<DecisionId>,
) -> Result<Json<Empty>, Error> {
    deciding::disagree(&app, staff.member, id).await?;
    Ok(Json(Empty {}))
}

fn shown(decision: Decision) -> DomainAllow {
    DomainAllow {
        id: decision.decision_id.to_string(),
        domain: decision.name,
        created_at: decision.decided_at.to_string(),
    }
}
