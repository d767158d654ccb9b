//! Communities: groups with a purpose, and who may be in them.

use crate::id::CommunityId;

crate::words! {
    /// Who may read what is written in a community.
    pub enum Audience {
        /// Anybody.
        Everyone = "everyone",
        /// Its accepted members.
        Members = "members",
    }
}

crate::words! {
    /// How one becomes a member.
    pub enum JoinPolicy {
        /// By asking.
        Open = "open",
        /// By asking, and a moderator agrees.
        Approval = "approval",
        /// By an invitation or a prescription.
        Invitation = "invitation",
    }
}

/// A community's own settings, beside its actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Community {
    /// Its id.
    pub id: CommunityId,
    /// Who may read in it.
    pub audience: Audience,
    /// How one becomes a member.
    pub join_policy: JoinPolicy,
    /// Its posts may be indexed by search engines.
    pub indexable: bool,
    /// Whom moderators turn to when somebody is in danger. Never empty for a community of ours.
    pub safeguarding_contact: Option<String>,
    /// It lives on this node.
    pub local: bool,
}
