//! How much of everything is done.

use std::time::Duration;

/// How much is done; the full one is what the published figures are about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    /// Each measure is taken so often, and the median counts.
    pub(crate) rounds: usize,
    /// How long a round of requests goes on.
    pub(crate) round: Duration,
    /// Replies in the thread that is read.
    pub(crate) replies: usize,
    /// Signed activities sent in a round.
    pub(crate) activities: usize,
    /// Posts that a follower's node has to show.
    pub(crate) posts_followed: usize,
    /// Hosts delivered to.
    pub(crate) hosts: u16,
    /// Posts delivered to each of them in a round.
    pub(crate) posts_delivered: usize,
    /// Hosts that a post goes to at once.
    pub(crate) fan_out: u16,
    /// Of these, hosts that hang.
    pub(crate) hanging: u16,
    /// Hosts that hang, and hosts beside them that do not.
    pub(crate) hanging_beside: (u16, u16),
    /// Communities that pass on, each with a key of its own.
    pub(crate) communities: u16,
    /// Comments that a follower's node has to show.
    pub(crate) comments: usize,
    /// Posts on the node whose pages are read.
    pub(crate) posts_seeded: i64,
    /// How long a node is left alone before its memory counts as idle.
    pub(crate) idle: Duration,
}

impl Scale {
    /// The sizes that the figures to beat were taken with.
    pub(crate) fn full() -> Self {
        Self {
            rounds: 3,
            round: Duration::from_secs(4),
            replies: 200,
            activities: 1_000,
            posts_followed: 300,
            hosts: 200,
            posts_delivered: 10,
            fan_out: 1_000,
            hanging: 200,
            hanging_beside: (1_000, 200),
            communities: 100,
            comments: 1_000,
            posts_seeded: 100_000,
            idle: Duration::from_secs(5),
        }
    }

    /// The same, for each of a hundred rows a shorter while.
    pub(crate) fn pages() -> Self {
        Self { round: Duration::from_millis(1_500), ..Self::full() }
    }

    /// Just enough that every step is taken.
    pub(crate) fn quick() -> Self {
        Self {
            rounds: 1,
            round: Duration::from_millis(300),
            replies: 12,
            activities: 20,
            posts_followed: 12,
            hosts: 5,
            posts_delivered: 2,
            fan_out: 12,
            hanging: 3,
            hanging_beside: (12, 4),
            communities: 3,
            comments: 12,
            posts_seeded: 2_000,
            idle: Duration::from_millis(100),
        }
    }
}
