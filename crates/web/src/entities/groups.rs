//! Communities, in the words of the groups extension.

use crate::entities::accounts::Account;
use crate::entities::statuses::CustomEmoji;
use schemars::JsonSchema;
use serde::Serialize;

/// A community.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) display_name: String,
    pub(crate) note: String,
    pub(crate) avatar: String,
    pub(crate) avatar_static: String,
    pub(crate) avatar_description: String,
    pub(crate) header: String,
    pub(crate) header_static: String,
    pub(crate) header_description: String,
    pub(crate) emojis: Vec<CustomEmoji>,
    pub(crate) domain: String,
    pub(crate) uri: String,
    pub(crate) url: String,
    /// A moderator lets people in.
    pub(crate) locked: bool,
    /// Only members write.
    pub(crate) membership_required: bool,
    pub(crate) members_count: i64,
    /// `public` or `members_only`.
    pub(crate) statuses_visibility: &'static str,
    /// Whoever opened it, where that is known.
    pub(crate) owner: Option<GroupOwner>,
    pub(crate) created_at: String,
}

/// Whoever opened a community.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct GroupOwner {
    pub(crate) id: String,
}

/// What a community is to a member.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct GroupRelationship {
    pub(crate) id: String,
    pub(crate) member: bool,
    pub(crate) role: &'static str,
    pub(crate) requested: bool,
    pub(crate) muting: bool,
    pub(crate) notifying: bool,
    /// They were sent out.
    pub(crate) blocked_by: bool,
    /// Somebody waits to be let in: told to those who decide.
    pub(crate) pending_requests: bool,
}

/// Somebody in a community.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct GroupMember {
    pub(crate) id: String,
    pub(crate) account: Account,
    pub(crate) role: &'static str,
}
