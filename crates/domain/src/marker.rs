//! How far a member has read.

use crate::clock::Timestamp;

crate::words! {
    /// A timeline whose place is kept.
    pub enum Timeline {
        /// The home timeline.
        Home = "home",
        /// Notifications.
        Notifications = "notifications",
    }
}

/// A place in a timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// Which timeline.
    pub timeline: Timeline,
    /// The last line that was read.
    pub last_read_id: i64,
    /// How often it was moved.
    pub version: i64,
    /// When it was moved last.
    pub at: Timestamp,
}
