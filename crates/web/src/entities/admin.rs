//! What the node's staff see.

use crate::entities::accounts::{Account, Role};
use crate::entities::collections::Tag;
use crate::entities::instance::Rule;
use crate::entities::statuses::Status;
use schemars::JsonSchema;
use serde::Serialize;

pub(crate) mod barriers;
pub(crate) mod figures;
pub(crate) mod hosts;

/// Somebody, with the state they are in.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct AdminAccount {
    pub(crate) id: String,
    pub(crate) username: String,
    pub(crate) domain: Option<String>,
    pub(crate) created_at: String,
    /// Empty, but for one account at a time that an administrator looks at.
    pub(crate) email: String,
    /// This node keeps no addresses of networks.
    pub(crate) ip: Option<String>,
    pub(crate) ips: [(); 0],
    pub(crate) locale: String,
    pub(crate) invite_request: Option<String>,
    pub(crate) role: Role,
    pub(crate) confirmed: bool,
    pub(crate) approved: bool,
    pub(crate) disabled: bool,
    pub(crate) silenced: bool,
    pub(crate) suspended: bool,
    pub(crate) sensitized: bool,
    pub(crate) account: Account,
    /// Whether it came with a client's registration is not kept.
    pub(crate) created_by_application_id: Option<String>,
    /// Members do not invite others.
    pub(crate) invited_by_account_id: Option<String>,
}

/// A hashtag, with what becomes of it. None waits to be looked at.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AdminTag {
    #[serde(flatten)]
    pub(crate) tag: Tag,
    pub(crate) listable: bool,
    pub(crate) trendable: bool,
    pub(crate) usable: bool,
    pub(crate) requires_review: bool,
}

/// A report, with everybody who has to do with it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AdminReport {
    pub(crate) id: String,
    pub(crate) action_taken: bool,
    pub(crate) action_taken_at: Option<String>,
    pub(crate) category: &'static str,
    pub(crate) comment: String,
    pub(crate) forwarded: bool,
    pub(crate) created_at: String,
    pub(crate) updated_at: String,
    pub(crate) account: AdminAccount,
    pub(crate) target_account: AdminAccount,
    pub(crate) assigned_account: Option<AdminAccount>,
    pub(crate) action_taken_by_account: Option<AdminAccount>,
    pub(crate) statuses: Vec<Status>,
    pub(crate) rules: Vec<Rule>,
}
