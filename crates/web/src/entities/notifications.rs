//! What members are told, and how far they have read.

use crate::entities::accounts::Account;
use crate::entities::collections::Report;
use crate::entities::statuses::Status;
use crate::params::Word;
use alongside_domain::marker;
use alongside_domain::notification::NotificationKind;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::HashSet;

/// Something a member is told.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Notification {
    pub(crate) id: String,
    #[serde(rename = "type")]
    #[schemars(with = "Word<NotificationKind>")]
    pub(crate) kind: &'static str,
    pub(crate) created_at: String,
    pub(crate) group_key: String,
    pub(crate) account: Account,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) report: Option<Report>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) moderation_warning: Option<Warning>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) event: Option<SeveranceEvent>,
}

/// What a member lost when a host was blocked.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "RelationshipSeveranceEvent")]
pub(crate) struct SeveranceEvent {
    pub(crate) id: String,
    #[serde(rename = "type")]
    #[schemars(extend("enum" = ["domain_block", "user_domain_block"]))]
    pub(crate) kind: &'static str,
    /// Whom it was about is not listed anywhere.
    pub(crate) purged: bool,
    pub(crate) target_name: String,
    pub(crate) followers_count: i64,
    pub(crate) following_count: i64,
    pub(crate) created_at: String,
}

/// What a moderator did about a post of the member, or about themselves, and why.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Warning {
    pub(crate) id: String,
    /// A word of the API; `none` for a message alone, and for what it has no word for.
    #[schemars(extend("enum" = ["none", "disable", "mark_statuses_as_sensitive", "delete_statuses", "sensitive", "silence", "suspend"]))]
    pub(crate) action: &'static str,
    pub(crate) text: String,
    pub(crate) status_ids: Option<Vec<String>>,
    pub(crate) target_account: Account,
    pub(crate) appeal: Option<()>,
    pub(crate) created_at: String,
}

/// A page of what a member is told, the same from several people as one.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct GroupedNotifications {
    pub(crate) accounts: Vec<Account>,
    /// Where a client asks for it: those who are not the newest of any group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) partial_accounts: Option<Vec<PartialAccount>>,
    pub(crate) statuses: Vec<Status>,
    pub(crate) notification_groups: Vec<NotificationGroup>,
}

/// As much of somebody as it takes to show their picture.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PartialAccount {
    pub(crate) id: String,
    pub(crate) acct: String,
    pub(crate) locked: bool,
    pub(crate) bot: bool,
    pub(crate) url: String,
    pub(crate) avatar: String,
    pub(crate) avatar_static: String,
}

impl GroupedNotifications {
    /// The same, with all of an account only where it is the newest in a group.
    pub(crate) fn with_accounts_in_part(self) -> Self {
        let newest: HashSet<&String> =
            self.notification_groups.iter().filter_map(|group| group.sample_account_ids.first()).collect();
        let (accounts, others): (Vec<Account>, Vec<Account>) =
            self.accounts.into_iter().partition(|account| newest.contains(&account.id));
        let partial_accounts = Some(others.into_iter().map(PartialAccount::from).collect());
        Self { accounts, partial_accounts, ..self }
    }
}

impl From<Account> for PartialAccount {
    fn from(account: Account) -> Self {
        let Account { id, acct, locked, bot, url, avatar, avatar_static, .. } = account;
        Self { id, acct, locked, bot, url, avatar, avatar_static }
    }
}

/// The same from several people.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct NotificationGroup {
    pub(crate) group_key: String,
    pub(crate) notifications_count: usize,
    #[serde(rename = "type")]
    #[schemars(with = "Word<NotificationKind>")]
    pub(crate) kind: &'static str,
    /// The one id that the API has as a number.
    pub(crate) most_recent_notification_id: i64,
    pub(crate) page_min_id: String,
    pub(crate) page_max_id: String,
    pub(crate) latest_page_notification_at: String,
    pub(crate) sample_account_ids: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) report: Option<Report>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) moderation_warning: Option<Warning>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) event: Option<SeveranceEvent>,
}

/// Whose notifications wait apart or are not told.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct NotificationPolicy {
    #[schemars(extend("enum" = ["accept", "filter", "drop"]))]
    pub(crate) for_not_following: &'static str,
    #[schemars(extend("enum" = ["accept", "filter", "drop"]))]
    pub(crate) for_not_followers: &'static str,
    #[schemars(extend("enum" = ["accept", "filter", "drop"]))]
    pub(crate) for_new_accounts: &'static str,
    #[schemars(extend("enum" = ["accept", "filter", "drop"]))]
    pub(crate) for_private_mentions: &'static str,
    #[schemars(extend("enum" = ["accept", "filter", "drop"]))]
    pub(crate) for_limited_accounts: &'static str,
    pub(crate) summary: PolicySummary,
}

/// The same in the words of older clients, who know of waiting alone: what is not told at all waits, to them.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct NotificationPolicyV1 {
    pub(crate) filter_not_following: bool,
    pub(crate) filter_not_followers: bool,
    pub(crate) filter_new_accounts: bool,
    pub(crate) filter_private_mentions: bool,
    pub(crate) summary: PolicySummary,
}

/// What waits apart.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PolicySummary {
    pub(crate) pending_requests_count: usize,
    pub(crate) pending_notifications_count: i64,
}

/// Somebody whose notifications wait. The API has the number of them as a text here.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct NotificationRequest {
    pub(crate) id: String,
    pub(crate) created_at: String,
    pub(crate) updated_at: String,
    pub(crate) notifications_count: String,
    pub(crate) account: Account,
    pub(crate) last_status: Option<Status>,
}

/// Whether what was kept apart is back among the others.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Merged {
    pub(crate) merged: bool,
}

/// How many.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Count {
    pub(crate) count: usize,
}

/// How far a member has read.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Marker {
    pub(crate) last_read_id: String,
    pub(crate) version: i64,
    pub(crate) updated_at: String,
}

impl Marker {
    pub(crate) fn new(marker: &marker::Marker) -> Self {
        Self {
            last_read_id: marker.last_read_id.to_string(),
            version: marker.version,
            updated_at: marker.at.to_string(),
        }
    }
}

/// A direct conversation.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Conversation {
    pub(crate) id: String,
    pub(crate) unread: bool,
    pub(crate) accounts: Vec<Account>,
    pub(crate) last_status: Option<Status>,
}
