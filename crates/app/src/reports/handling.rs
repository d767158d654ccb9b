//! What the node's staff do with a report: look after it, correct what it is about, and deal with it.

use crate::context::App;
use crate::staff::{self, Acting};
use alongside_domain::id::{ActorId, MemberId, ReportId};
use alongside_domain::policy::Refusal;
use alongside_domain::report::{Report, ReportCategory};
use alongside_domain::rules;
use alongside_domain::staff::Duty;
use alongside_store::engine::Tx;
use alongside_store::{audit, error, posts, reports};

/// Why a report was not changed. The texts are shown to staff.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The policy said no, or there is no such report.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no such rule.
    #[error("Validation failed: {0}")]
    Rule(#[from] rules::Unknown),
    /// The store could not do it.
    #[error("the report could not be changed")]
    Store(#[from] error::Error),
}

/// What is done with a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Whoever acts looks after it from now on.
    Take,
    /// Nobody looks after it any more.
    Release,
    /// It is dealt with.
    Resolve,
    /// It was not dealt with after all.
    Reopen,
    /// It is about something else than the reporter said.
    Revise {
        /// What is wrong; as before, if nothing is said.
        category: Option<ReportCategory>,
        /// Which rules were broken; as before, if nothing is said.
        rules: Option<Vec<String>>,
    },
}

/// A report for somebody who looks at it. Where posts in it are not for everybody, the look is written down.
pub async fn read(app: &App, by: MemberId, id: ReportId) -> Result<Report, Error> {
    let mut tx = app.store().begin().await?;
    let by = staff::acting(&mut tx, by, Duty::Reports).await??;
    let report = reports::find(&mut tx, id).await?.ok_or(Refusal::Hidden)?;
    let posts = posts::find_all(&mut tx, &report.posts).await?;
    if posts.iter().any(|post| !post.visibility.is_open()) {
        let subject = format!("report {id}");
        audit::append(&mut tx, app.ids(), app.now(), Some(by.account), "report.read", &subject, "").await?;
        tx.commit().await?;
    }
    Ok(report)
}

/// Does something with a report, and gives it as it is then.
pub async fn handle(app: &App, by: MemberId, id: ReportId, step: Step) -> Result<Report, Error> {
    let mut tx = app.store().begin().await?;
    let by = staff::acting(&mut tx, by, Duty::Reports).await??;
    let before = reports::find(&mut tx, id).await?.ok_or(Refusal::Hidden)?;
    let after = after(app, &by, before.clone(), &step)?;
    if after == before {
        return Ok(before);
    }
    keep(&mut tx, app, &by, after, word(&step)).await?;
    let kept = reports::find(&mut tx, id).await?.ok_or(Refusal::Hidden)?;
    tx.commit().await?;
    Ok(kept)
}

/// Marks a report about somebody as dealt with, within another verb; false if there is none of that id.
pub(crate) async fn resolve_by(
    tx: &mut Tx,
    app: &App,
    by: &Acting,
    id: ReportId,
    target: ActorId,
) -> Result<bool, error::Error> {
    let Some(report) = reports::find(tx, id).await?.filter(|report| report.target == target) else {
        return Ok(false);
    };
    if report.closed_at.is_none() {
        keep(tx, app, by, closed(app, by, report), word(&Step::Resolve)).await?;
    }
    Ok(true)
}

fn after(app: &App, by: &Acting, report: Report, step: &Step) -> Result<Report, rules::Unknown> {
    Ok(match step {
        Step::Take => Report { assigned: Some(by.actor), ..report },
        Step::Release => Report { assigned: None, ..report },
        Step::Resolve if report.closed_at.is_some() => report,
        Step::Resolve => closed(app, by, report),
        Step::Reopen => Report { closed_at: None, closed_by: None, ..report },
        Step::Revise { category, rules: named } => {
            let category = category.unwrap_or(report.category);
            let named = match named {
                Some(named) => rules::known(named)?,
                None => report.rules.clone(),
            };
            // Only what breaks rules names them.
            let rules = if category == ReportCategory::Violation { named } else { Vec::new() };
            Report { category, rules, ..report }
        }
    })
}

fn closed(app: &App, by: &Acting, report: Report) -> Report {
    Report { closed_at: Some(app.now()), closed_by: Some(by.actor), ..report }
}

async fn keep(tx: &mut Tx, app: &App, by: &Acting, report: Report, word: &str) -> Result<(), error::Error> {
    let report = Report { updated_at: app.now(), ..report };
    reports::revise(tx, &report).await?;
    let subject = format!("report {}", report.id);
    let detail = report.category.as_str();
    audit::append(tx, app.ids(), app.now(), Some(by.account), word, &subject, detail).await
}

const fn word(step: &Step) -> &'static str {
    match step {
        Step::Take => "report.assign",
        Step::Release => "report.unassign",
        Step::Resolve => "report.resolve",
        Step::Reopen => "report.reopen",
        Step::Revise { .. } => "report.revise",
    }
}
