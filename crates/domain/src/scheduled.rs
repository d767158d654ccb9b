//! Posts that wait for their moment.

use crate::clock::Timestamp;
use crate::draft::Typed;
use crate::id::{MemberId, ScheduledId};
use crate::limits::SCHEDULED_AHEAD_SECS_MIN;

/// A post that waits for its moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheduled {
    /// Its id, which is not that of the post it will become.
    pub id: ScheduledId,
    /// Whose it is.
    pub member: MemberId,
    /// What will be published, with the audience it was scheduled for.
    pub draft: Typed,
    /// The name of the client it was written with.
    pub application: Option<String>,
    /// The same key gives the same scheduled post.
    pub idempotency_key: Option<String>,
    /// When it is published.
    pub due_at: Timestamp,
    /// Why it was not published when its moment came.
    pub error: Option<String>,
}

/// Whether a moment lies far enough ahead: what is meant for now is published now.
pub fn is_ahead(at: Timestamp, now: Timestamp) -> bool {
    at >= now.plus_secs(SCHEDULED_AHEAD_SECS_MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_scheduled_lies_five_minutes_ahead() {
        let now = Timestamp::from_secs(1_700_000_000);
        assert!(is_ahead(now.plus_secs(300), now));
        assert!(!is_ahead(now.plus_secs(299), now) && !is_ahead(now.plus_secs(-1), now));
    }
}
