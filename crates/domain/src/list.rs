//! A member's own lists of people and communities.

use crate::id::ListId;

crate::words! {
    /// Which replies a list shows.
    pub enum RepliesPolicy {
        /// Those to anybody one follows.
        Followed = "followed",
        /// Those to others in the list.
        List = "list",
        /// None.
        None = "none",
    }
}

/// A member's own list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Its id.
    pub id: ListId,
    /// What the member calls it.
    pub title: String,
    /// Which replies it shows.
    pub replies_policy: RepliesPolicy,
    /// Who is in it is left out of the home timeline.
    pub exclusive: bool,
}
