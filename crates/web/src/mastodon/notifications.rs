//! `/api/v1/notifications`: what a member is told, one by one; `/api/v2/notifications`: in groups.

mod clear;
mod dismiss;
mod every;
mod group;
mod grouped;
mod one;
mod policy;
mod policy_v1;
mod requests;
mod unread_count;

use crate::openapi::inputs::Id;
use crate::params::any_number;
use crate::routes::{Routes, get, post};
use alongside_domain::id::ActorId;
use alongside_domain::notification::NotificationKind;
use alongside_store::notifications::Wanted;
use schemars::JsonSchema;
use serde::Deserialize;

/// The addresses of this family.
pub(crate) fn routes() -> Routes {
    let yes_or_no = get(policy_v1::show).put(policy_v1::change).patch(policy_v1::change);
    let policy = get(policy::show).put(policy::change).patch(policy::change);
    Routes::new()
        .route("/api/v1/notifications", get(every::show))
        .route("/api/v1/notifications/clear", post(clear::clear))
        .route("/api/v1/notifications/dismiss", post(dismiss::dismiss_named))
        .route("/api/v1/notifications/policy", yes_or_no)
        .route("/api/v1/notifications/unread_count", get(unread_count::show))
        .route("/api/v1/notifications/requests", get(requests::show))
        .route("/api/v1/notifications/requests/merged", get(requests::merged))
        .route("/api/v1/notifications/requests/accept", post(requests::accept_several))
        .route("/api/v1/notifications/requests/dismiss", post(requests::dismiss_several))
        .route("/api/v1/notifications/requests/{id}", get(requests::show_one))
        .route("/api/v1/notifications/requests/{id}/accept", post(requests::accept))
        .route("/api/v1/notifications/requests/{id}/dismiss", post(requests::dismiss))
        .route("/api/v1/notifications/{id}", get(one::show))
        .route("/api/v1/notifications/{id}/dismiss", post(dismiss::dismiss))
        .route("/api/v2/notifications", get(grouped::show))
        .route("/api/v2/notifications/clear", post(clear::clear))
        .route("/api/v2/notifications/unread_count", get(unread_count::show_groups))
        .route("/api/v2/notifications/policy", policy)
        .route("/api/v2/notifications/{group_key}", get(group::show))
        .route("/api/v2/notifications/{group_key}/accounts", get(group::accounts))
        .route("/api/v2/notifications/{group_key}/dismiss", post(group::dismiss))
        // Clients of the first releases that had groups know them by these.
        .route("/api/v2_alpha/notifications", get(grouped::show))
        .route("/api/v2_alpha/notifications/unread_count", get(unread_count::show_groups))
        .route("/api/v2_alpha/notifications/{group_key}", get(group::show))
        .route("/api/v2_alpha/notifications/{group_key}/accounts", get(group::accounts))
        .route("/api/v2_alpha/notifications/{group_key}/dismiss", post(group::dismiss))
}

/// Which notifications a client asks for. Kinds that are not known here are passed over.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
struct Asked {
    types: Vec<String>,
    exclude_types: Vec<String>,
    #[serde(deserialize_with = "any_number")]
    #[schemars(with = "Option<Id>")]
    account_id: Option<i64>,
    grouped_types: Option<Vec<String>>,
    include_filtered: bool,
}

impl Asked {
    fn kinds(&self) -> Vec<NotificationKind> {
        let is_wanted = |kind: &NotificationKind| {
            (self.types.is_empty() || is_among(*kind, &self.types)) && !is_among(*kind, &self.exclude_types)
        };
        NotificationKind::ALL.iter().copied().filter(is_wanted).collect()
    }

    fn wanted<'a>(&self, kinds: &'a [NotificationKind]) -> Wanted<'a> {
        // Whoever asks for what one person caused looks at a request, and sees what waits.
        let waiting_too = self.include_filtered || self.account_id.is_some();
        Wanted { from: self.account_id.map(ActorId::new), waiting_too, ..Wanted::of(kinds) }
    }

    /// Which kinds are put together: all that can be, where a client does not say.
    fn together(&self) -> Vec<NotificationKind> {
        let is_grouped =
            |kind: &NotificationKind| self.grouped_types.as_ref().is_none_or(|words| is_among(*kind, words));
        NotificationKind::ALL.iter().copied().filter(is_grouped).collect()
    }
}

fn is_among(kind: NotificationKind, words: &[String]) -> bool {
    words.iter().any(|word| word == kind.as_str())
}

#[cfg(test)]
mod tests;
