//! What moderators and staff did, as whoever it is about is told.

use crate::entities::accounts::Account;
use crate::entities::notifications::Warning;
use alongside_app::posts;
use alongside_domain::moderation::{Measure, Taken};
use alongside_domain::sanction::Sanction;

/// A measure, for the member it is about.
pub(crate) fn warning(taken: &Taken, target_account: Account) -> Warning {
    Warning {
        id: taken.id.to_string(),
        action: if taken.measure.post().is_some() { "delete_statuses" } else { "none" },
        text: text(taken),
        status_ids: taken.measure.post().map(|post| vec![post.to_string()]),
        target_account,
        appeal: None,
        created_at: taken.at.to_string(),
    }
}

/// A sanction, for the member it is about.
pub(crate) fn of_staff(sanction: &Sanction, target_account: Account) -> Warning {
    Warning {
        id: sanction.id.to_string(),
        action: sanction.kind.as_str(),
        text: sanction.message.clone(),
        status_ids: None,
        target_account,
        appeal: None,
        created_at: sanction.at.to_string(),
    }
}

fn text(taken: &Taken) -> String {
    let reason = taken.reason.clone();
    if let Measure::Ban { until, .. } = taken.measure {
        return posts::Error::Banned { until, reason }.to_string();
    }
    reason
}
