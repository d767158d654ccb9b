//! Reports: a member asks for human eyes.

use crate::clock::Timestamp;
use crate::id::{ActorId, CommunityId, PostId, ReportId};

crate::words! {
    /// What a report says is wrong.
    pub enum ReportCategory {
        /// Unwanted advertising.
        Spam = "spam",
        /// Against the law.
        Legal = "legal",
        /// Against the rules of the community or the node.
        Violation = "violation",
        /// Anything else, worry for somebody included.
        Other = "other",
    }
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its id.
    pub id: ReportId,
    /// Who asks. Never told to anybody but the staff of this node.
    pub reporter: ActorId,
    /// About whom.
    pub target: ActorId,
    /// The community it happened in.
    pub community: Option<CommunityId>,
    /// What is wrong.
    pub category: ReportCategory,
    /// In the reporter's words.
    pub comment: String,
    /// The rules that were broken.
    pub rules: Vec<String>,
    /// The posts it is about.
    pub posts: Vec<PostId>,
    /// Its address in the protocol, for one from elsewhere.
    pub uri: Option<String>,
    /// The reporter wants the nodes concerned to be told, without a name.
    pub forwarded: bool,
    /// When.
    pub at: Timestamp,
    /// When it was dealt with.
    pub closed_at: Option<Timestamp>,
    /// By whom.
    pub closed_by: Option<ActorId>,
    /// Who of the staff looks after it.
    pub assigned: Option<ActorId>,
    /// When it last changed.
    pub updated_at: Timestamp,
}
