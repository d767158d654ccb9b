//! `/api/v1/admin/domain_blocks`: what is taken from other servers.

use crate::auth::{AdminReadDomainBlocks, AdminWriteDomainBlocks, Hosts, Staff};
use crate::entities::admin::hosts::{DomainBlock, Known};
use crate::error::Error;
use crate::json::{Answered, Empty, Json};
use crate::page::{Paged, Paging};
use crate::params::{Params, Word};
use crate::path::Path;
use alongside_app::context::App;
use alongside_app::hosts::deciding::{self, Error as Undecided, Wish};
use alongside_app::hosts::digest;
use alongside_domain::agreement::{Limit, Limits, Policy};
use alongside_domain::id::DecisionId;
use alongside_store::decisions::{self, Decision};
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

alongside_domain::words! {
    /// How much is taken, by the words of the API.
    pub enum Severity {
        /// Everything.
        Suspend = "suspend",
        /// Being seen by strangers.
        Silence = "silence",
        /// Only what is named besides.
        Noop = "noop",
    }
}

/// What is to be taken from a server, and why. What is not said stays as it is, or is as usual.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Terms {
    /// Said when something is decided for the first time, and not changed after.
    domain: String,
    severity: Option<Word<Severity>>,
    reject_media: Option<bool>,
    reject_reports: Option<bool>,
    private_comment: Option<String>,
    public_comment: Option<String>,
    obfuscate: Option<bool>,
}

pub(super) async fn list(
    State(app): State<App>,
    _: Staff<Hosts, AdminReadDomainBlocks>,
    paging: Paging,
) -> Result<Paged<DomainBlock>, Error> {
    let page = decisions::page(&mut app.reader(), false, &paging.staff()).await?;
    let at = |it: Option<&Decision>| it.map(|it| it.decision_id.get());
    let (newest, oldest) = (at(page.first()), at(page.last()));
    Ok(paging.reply(page.into_iter().map(shown).collect(), newest, oldest))
}

pub(super) async fn show(
    State(app): State<App>,
    _: Staff<Hosts, AdminReadDomainBlocks>,
    Path(id): Path<DecisionId>,
) -> Result<Json<DomainBlock>, Error> {
    Ok(Json(shown(find(&app, id).await?)))
}

/// Clients compare the answer with what was there before, where something was.
pub(super) async fn add(
    State(app): State<App>,
    staff: Staff<Hosts, AdminWriteDomainBlocks>,
    Params(terms): Params<Terms>,
) -> Result<Answered<DomainBlock, Known>, Error> {
    let domain = terms.domain.clone();
    let wish = terms.over(Wish::default(), Severity::Silence);
    match deciding::restrict(&app, staff.member, &domain, &wish).await {
        Ok(decision) => Ok(Answered::Well(shown(decision))),
        Err(Undecided::Known(known)) => {
            let error = Undecided::Known(known.clone()).to_string();
            Ok(Answered::Unfit(Known { error, existing_domain_block: shown(*known) }))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn change(
    State(app): State<App>,
    staff: Staff<Hosts, AdminWriteDomainBlocks>,
    Path(id): Path<DecisionId>,
    Params(terms): Params<Terms>,
) -> Result<Json<DomainBlock>, Error> {
    let before = find(&app, id).await?;
    let severity = severity(&before);
    let wish = Wish {
        block: before.policy == Policy::Block,
        limits: before.limits,
        comment: before.comment,
        private_comment: before.private_comment,
        obfuscate: before.obfuscate,
    };
    Ok(Json(shown(deciding::change(&app, staff.member, id, &terms.over(wish, severity)).await?)))
}

pub(super) async fn remove(
    State(app): State<App>,
    staff: Staff<Hosts, AdminWriteDomainBlocks>,
    Path(id): Path<DecisionId>,
) -> Result<Json<Empty>, Error> {
    deciding::release(&app, staff.member, id).await?;
    Ok(Json(Empty {}))
}

async fn find(app: &App, id: DecisionId) -> Result<Decision, Error> {
    let found = decisions::find(&mut app.reader(), id).await?;
    found.filter(|found| found.policy != Policy::Allow).ok_or(Error::NotFound)
}

impl Terms {
    /// These terms, and where they say nothing those of before.
    fn over(self, before: Wish, severity: Severity) -> Wish {
        let severity = self.severity.map_or(severity, |Word(severity)| severity);
        let has = |asked: Option<bool>, limit| asked.unwrap_or_else(|| before.limits.has(limit));
        let limits = [
            (severity == Severity::Silence, Limit::Silence),
            (has(self.reject_media, Limit::NoMedia), Limit::NoMedia),
            (has(self.reject_reports, Limit::NoReports), Limit::NoReports),
        ];
        let limits: Vec<Limit> = limits.iter().filter(|(holds, _)| *holds).map(|(_, limit)| *limit).collect();
        Wish {
            block: severity == Severity::Suspend,
            limits: Limits::of(&limits),
            comment: self.public_comment.unwrap_or(before.comment),
            private_comment: self.private_comment.unwrap_or(before.private_comment),
            obfuscate: self.obfuscate.unwrap_or(before.obfuscate),
        }
    }
}

const fn severity(decision: &Decision) -> Severity {
    match decision.policy {
        Policy::Block => Severity::Suspend,
        Policy::Open | Policy::Allow if decision.limits.has(Limit::Silence) => Severity::Silence,
        Policy::Open | Policy::Allow => Severity::Noop,
    }
}

fn shown(decision: Decision) -> DomainBlock {
    let comment = |text: String| Some(text).filter(|text| !text.is_empty());
    DomainBlock {
        id: decision.decision_id.to_string(),
        digest: digest(&decision.name),
        created_at: decision.decided_at.to_string(),
        severity: severity(&decision).as_str(),
        reject_media: decision.limits.has(Limit::NoMedia),
        reject_reports: decision.limits.has(Limit::NoReports),
        private_comment: comment(decision.private_comment),
        public_comment: comment(decision.comment),
        obfuscate: decision.obfuscate,
        domain: decision.name,
    }
}
