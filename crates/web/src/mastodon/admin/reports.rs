//! `/api/v1/admin/reports`: what was reported, and what staff do with it.

use crate::auth::{AdminReadReports, AdminWriteReports, Reports, Staff};
use crate::entities::admin::AdminReport;
use crate::error::Error;
use crate::json::Json;
use crate::page::{Paged, Paging};
use crate::params::{Params, Query, Word, any_number};
use crate::path::Path;
use crate::render::admin::{self, Shown};
use crate::routes::{Routes, get, post};
use alongside_app::context::App;
use alongside_app::reports::handling::{self, Step};
use alongside_domain::id::{ActorId, ReportId};
use alongside_domain::report::ReportCategory;
use alongside_store::reports::{self, Wanted};
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// The addresses of this family.
pub(super) fn routes() -> Routes {
    let step = |step: Step| post(move |app, staff, id| take(step.clone(), app, staff, id));
    Routes::new()
        .route("/api/v1/admin/reports", get(list))
        .route("/api/v1/admin/reports/{id}", get(show).put(revise))
        .route("/api/v1/admin/reports/{id}/assign_to_self", step(Step::Take))
        .route("/api/v1/admin/reports/{id}/unassign", step(Step::Release))
        .route("/api/v1/admin/reports/{id}/resolve", step(Step::Resolve))
        .route("/api/v1/admin/reports/{id}/reopen", step(Step::Reopen))
}

/// Which reports.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
struct Which {
    resolved: bool,
    #[serde(deserialize_with = "any_number")]
    account_id: Option<i64>,
    #[serde(deserialize_with = "any_number")]
    target_account_id: Option<i64>,
}

/// What a report is about after all.
#[derive(Debug, Deserialize, JsonSchema)]
struct Revised {
    category: Option<Word<ReportCategory>>,
    rule_ids: Option<Vec<String>>,
}

/// Shows reports with those of their posts that everybody may read; the others are shown with one report at a time.
async fn list(
    State(app): State<App>,
    _: Staff<Reports, AdminReadReports>,
    Query(which): Query<Which>,
    paging: Paging,
) -> Result<Paged<AdminReport>, Error> {
    let wanted = Wanted {
        closed: which.resolved,
        reporter: which.account_id.map(ActorId::new),
        target: which.target_account_id.map(ActorId::new),
    };
    let page = reports::page(&mut app.reader(), &wanted, &paging.staff()).await?;
    let (newest, oldest) = (page.first().map(|it| it.id.get()), page.last().map(|it| it.id.get()));
    Ok(paging.reply(admin::reports(&app, &page, Shown::Open).await?, newest, oldest))
}

async fn show(
    State(app): State<App>,
    staff: Staff<Reports, AdminReadReports>,
    Path(id): Path<ReportId>,
) -> Result<Json<AdminReport>, Error> {
    let report = handling::read(&app, staff.member, id).await?;
    one(&app, &report).await
}

async fn revise(
    State(app): State<App>,
    staff: Staff<Reports, AdminWriteReports>,
    Path(id): Path<ReportId>,
    Params(body): Params<Revised>,
) -> Result<Json<AdminReport>, Error> {
    let step = Step::Revise { category: body.category.map(|Word(it)| it), rules: body.rule_ids };
    take(step, State(app), staff, Path(id)).await
}

async fn take(
    step: Step,
    State(app): State<App>,
    staff: Staff<Reports, AdminWriteReports>,
    Path(id): Path<ReportId>,
) -> Result<Json<AdminReport>, Error> {
    handling::handle(&app, staff.member, id, step).await?;
    let report = handling::read(&app, staff.member, id).await?;
    one(&app, &report).await
}

async fn one(app: &App, report: &alongside_domain::report::Report) -> Result<Json<AdminReport>, Error> {
    let shown = admin::reports(app, std::slice::from_ref(report), Shown::All).await?;
    Ok(Json(shown.into_iter().next().ok_or(Error::NotFound)?))
}

#[cfg(test)]
mod tests;
