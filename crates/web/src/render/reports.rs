//! Reports.

use crate::entities::accounts::Account;
use crate::entities::collections::Report;
use alongside_domain::report;

/// A report about somebody.
pub(crate) fn report(report: &report::Report, target_account: Account) -> Report {
    Report {
        id: report.id.to_string(),
        action_taken: report.closed_at.is_some(),
        action_taken_at: report.closed_at.map(|at| at.to_string()),
        category: report.category.as_str(),
        comment: report.comment.clone(),
        forwarded: report.forwarded,
        created_at: report.at.to_string(),
        status_ids: report.posts.iter().map(ToString::to_string).collect(),
        rule_ids: report.rules.clone(),
        target_account,
    }
}
