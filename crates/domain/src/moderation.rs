//! Moderation: the measures that those who look after a community can take there, and who is out of reach
//! of whom.

use crate::clock::Timestamp;
use crate::id::{ActorId, CommunityId, MeasureId, PostId};

crate::words! {
    /// The kinds of measures, by the words they are kept as.
    pub enum MeasureKind {
        /// Takes a post out of the community.
        Remove = "remove",
        /// Puts it back.
        Restore = "restore",
        /// Closes a thread to new replies.
        Lock = "lock",
        /// Opens it again.
        Unlock = "unlock",
        /// Shows a post first.
        Feature = "feature",
        /// Shows it first no longer.
        Unfeature = "unfeature",
        /// Makes somebody look after the community.
        Appoint = "appoint",
        /// Ends that.
        Dismiss = "dismiss",
        /// Sends somebody out.
        Ban = "ban",
        /// Lets them come back.
        Unban = "unban",
    }
}

impl MeasureKind {
    /// The kind of measure that one of this kind takes back.
    pub const fn takes_back(self) -> Option<Self> {
        match self {
            Self::Restore => Some(Self::Remove),
            Self::Unlock => Some(Self::Lock),
            Self::Unfeature => Some(Self::Feature),
            Self::Dismiss => Some(Self::Appoint),
            Self::Unban => Some(Self::Ban),
            Self::Remove | Self::Lock | Self::Feature | Self::Appoint | Self::Ban => None,
        }
    }
}

/// What is done to a post of the community, or to somebody in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Takes a post out of the community.
    Remove(PostId),
    /// Puts it back.
    Restore(PostId),
    /// Closes a thread to new replies.
    Lock(PostId),
    /// Opens it again.
    Unlock(PostId),
    /// Shows a post first.
    Feature(PostId),
    /// Shows it first no longer.
    Unfeature(PostId),
    /// Makes somebody look after the community.
    Appoint(ActorId),
    /// Ends that.
    Dismiss(ActorId),
    /// Sends somebody out.
    Ban {
        /// Whom.
        member: ActorId,
        /// Until when; without a moment, until it is lifted.
        until: Option<Timestamp>,
        /// What they posted there goes too.
        removes_posts: bool,
    },
    /// Lets somebody come back.
    Unban(ActorId),
}

impl Measure {
    /// Its kind.
    pub const fn kind(self) -> MeasureKind {
        match self {
            Self::Remove(_) => MeasureKind::Remove,
            Self::Restore(_) => MeasureKind::Restore,
            Self::Lock(_) => MeasureKind::Lock,
            Self::Unlock(_) => MeasureKind::Unlock,
            Self::Feature(_) => MeasureKind::Feature,
            Self::Unfeature(_) => MeasureKind::Unfeature,
            Self::Appoint(_) => MeasureKind::Appoint,
            Self::Dismiss(_) => MeasureKind::Dismiss,
            Self::Ban { .. } => MeasureKind::Ban,
            Self::Unban(_) => MeasureKind::Unban,
        }
    }

    /// The post it is about.
    pub const fn post(self) -> Option<PostId> {
        match self {
            Self::Remove(post)
            | Self::Restore(post)
            | Self::Lock(post)
            | Self::Unlock(post)
            | Self::Feature(post)
            | Self::Unfeature(post) => Some(post),
            Self::Appoint(_) | Self::Dismiss(_) | Self::Ban { .. } | Self::Unban(_) => None,
        }
    }

    /// Whom it is about.
    pub const fn member(self) -> Option<ActorId> {
        match self {
            Self::Appoint(member)
            | Self::Dismiss(member)
            | Self::Ban { member, .. }
            | Self::Unban(member) => Some(member),
            Self::Remove(_)
            | Self::Restore(_)
            | Self::Lock(_)
            | Self::Unlock(_)
            | Self::Feature(_)
            | Self::Unfeature(_) => None,
        }
    }
}

/// A measure that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Its id.
    pub id: MeasureId,
    /// In which community.
    pub community: CommunityId,
    /// Who took it: a persona, or the community itself where the operator did.
    pub by: ActorId,
    /// What was done.
    pub measure: Measure,
    /// Why. Public, where the community is.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// How much of a say somebody has in a community.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rank {
    /// They look after nothing there.
    Nobody,
    /// They look after it.
    Moderator {
        /// Since when.
        since: Timestamp,
    },
    /// They look after the whole node, or are the community itself.
    Staff,
}

/// Whether one who moderates may take a measure about another. Nobody who looks after the community is sent
/// out: they are dismissed first, by the staff or by a moderator who has served longer, or go by themselves.
pub fn may_reach(kind: MeasureKind, by: Rank, whom: Rank, is_oneself: bool) -> bool {
    match kind {
        MeasureKind::Ban => whom == Rank::Nobody,
        MeasureKind::Dismiss => match (by, whom) {
            _ if is_oneself => true,
            (Rank::Staff, _) | (_, Rank::Nobody) => true,
            (Rank::Moderator { since }, Rank::Moderator { since: later }) => since < later,
            (Rank::Nobody, _) | (_, Rank::Staff) => false,
        },
        MeasureKind::Remove
        | MeasureKind::Restore
        | MeasureKind::Lock
        | MeasureKind::Unlock
        | MeasureKind::Feature
        | MeasureKind::Unfeature
        | MeasureKind::Appoint
        | MeasureKind::Unban => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_back_is_not_taken_back_itself() {
        for kind in MeasureKind::ALL {
            if let Some(earlier) = kind.takes_back() {
                assert_eq!(earlier.takes_back(), None, "{kind}");
            }
        }
        assert_eq!(MeasureKind::ALL.iter().filter_map(|kind| kind.takes_back()).count(), 5);
    }

    #[test]
    fn a_measure_is_about_a_post_or_about_somebody() {
        let (post, member) = (PostId::new(1), ActorId::new(2));
        for measure in [Measure::Remove(post), Measure::Unlock(post), Measure::Feature(post)] {
            assert_eq!((measure.post(), measure.member()), (Some(post), None));
        }
        let ban = Measure::Ban { member, until: None, removes_posts: true };
        for measure in [ban, Measure::Unban(member), Measure::Appoint(member)] {
            assert_eq!((measure.post(), measure.member()), (None, Some(member)));
        }
    }

    #[test]
    fn moderators_do_not_send_each_other_out() {
        let [elder, younger] = [1, 2].map(|at| Rank::Moderator { since: Timestamp::from_secs(at) });
        for by in [elder, younger, Rank::Staff] {
            assert!(may_reach(MeasureKind::Ban, by, Rank::Nobody, false));
            for whom in [elder, younger, Rank::Staff] {
                assert!(!may_reach(MeasureKind::Ban, by, whom, false), "{by:?} bans {whom:?}");
            }
        }
        assert!(!may_reach(MeasureKind::Dismiss, younger, elder, false));
        assert!(!may_reach(MeasureKind::Dismiss, elder, Rank::Staff, false));
        assert!(may_reach(MeasureKind::Dismiss, younger, younger, true), "they may go by themselves");
        assert!(may_reach(MeasureKind::Dismiss, elder, younger, false));
        assert!(may_reach(MeasureKind::Dismiss, Rank::Staff, elder, false));
    }
}
