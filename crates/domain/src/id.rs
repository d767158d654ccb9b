//! Ids: one type each, time-ordered, unique over all processes that share a database.
//!
//! Shown to clients as decimal strings. The layout is the one Mastodon clients expect when they page
//! by date: milliseconds since 1970 in the upper 48 bits. Below them, six bits of node number and
//! ten of sequence.

use crate::clock::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
            #[serde(transparent)]
            pub struct $name(i64);

            impl $name {
                /// From the number it is stored as.
                pub const fn new(number: i64) -> Self {
                    Self(number)
                }

                /// The number it is stored as.
                pub const fn get(self) -> i64 {
                    self.0
                }
            }

            impl From<i64> for $name {
                fn from(number: i64) -> Self {
                    Self(number)
                }
            }

            impl std::fmt::Display for $name {
                fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    self.0.fmt(out)
                }
            }

            impl std::str::FromStr for $name {
                type Err = std::num::ParseIntError;

                fn from_str(text: &str) -> Result<Self, Self::Err> {
                    text.parse().map(Self)
                }
            }
        )+
    };
}

ids! {
    /// A private sign-in.
    AccountId,
    /// Anyone or anything with a public name: a member, a community, a node; here or elsewhere.
    ActorId,
    /// A client application registered over OAuth.
    AppId,
    /// An access token.
    TokenId,
    /// A post or reply.
    PostId,
    /// A line in an actor's timeline: a post of its own, or its boost of someone's.
    EntryId,
    /// A reaction to a post.
    ReactionId,
    /// A follow, which for a community is a membership.
    FollowId,
    /// A poll.
    PollId,
    /// An uploaded or remote image.
    MediaId,
    /// A notification.
    NotificationId,
    /// A direct conversation, as one member sees it.
    ConversationId,
    /// A report.
    ReportId,
    /// A measure that a moderator took.
    MeasureId,
    /// A sanction that the node's staff decided.
    SanctionId,
    /// Something that keeps people from signing up.
    BarrierId,
    /// What was decided about another host.
    DecisionId,
    /// A member's own list.
    ListId,
    /// A member's filter.
    FilterId,
    /// A keyword of a filter.
    KeywordId,
    /// A post that a filter covers by itself.
    FilteredPostId,
    /// A hashtag on a member's profile.
    FeaturedTagId,
    /// What whoever runs the node tells every member.
    AnnouncementId,
    /// A post scheduled for later.
    ScheduledId,
    /// An activity of ours, stored once and delivered many times.
    ActivityId,
    /// One activity on its way to one inbox.
    DeliveryId,
    /// Words of somebody here that were taken back everywhere.
    ErasureId,
    /// An activity that arrived.
    InboxId,
    /// A piece of background work.
    JobId,
    /// A line of the audit trail.
    AuditId,
    /// What a member lost when a host was blocked.
    SeveranceId,
}

/// A member of this node: an actor that an account here acts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberId(ActorId);

/// A community, here or elsewhere: an actor that announces what its members write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct CommunityId(ActorId);

macro_rules! actor_roles {
    ($($name:ident,)+) => {
        $(
            impl $name {
                /// Names the actor in this role; the caller has seen that it holds it.
                pub const fn of(actor: ActorId) -> Self {
                    Self(actor)
                }

                /// The actor behind the role.
                pub const fn actor(self) -> ActorId {
                    self.0
                }

                /// The number it is stored as.
                pub const fn get(self) -> i64 {
                    self.0.get()
                }
            }

            impl From<i64> for $name {
                fn from(number: i64) -> Self {
                    Self(ActorId::new(number))
                }
            }

            impl From<$name> for ActorId {
                fn from(role: $name) -> Self {
                    role.0
                }
            }

            impl std::fmt::Display for $name {
                fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    self.0.fmt(out)
                }
            }
        )+
    };
}

actor_roles! { MemberId, CommunityId, }

const TIME_SHIFT: u32 = 16;
const SEQUENCE_BITS: u32 = 10;
const SEQUENCE_MASK: i64 = (1 << SEQUENCE_BITS) - 1;

/// The highest node number: processes sharing a database need different ones.
pub const NODE_NUMBER_MAX: u8 = 63;

/// The lowest number that an id given out at this moment, or later, can have.
pub const fn first_at(moment: Timestamp) -> i64 {
    moment.as_millis().saturating_mul(1 << TIME_SHIFT)
}

/// The moment that an id was given out for, to the millisecond.
pub const fn moment_of(id: i64) -> Timestamp {
    Timestamp::from_micros((id >> TIME_SHIFT).saturating_mul(1_000))
}

/// Hands out ids in rising order.
#[derive(Debug)]
pub struct Ids {
    node: i64,
    /// Milliseconds and sequence of the last id given out, as one number.
    last: AtomicI64,
    /// How many were given out for earlier moments.
    earlier: AtomicI64,
}

impl Ids {
    /// A source of ids for the process with this node number (`0..=63`, higher bits are ignored).
    pub const fn new(node_number: u8) -> Self {
        let node = ((node_number & NODE_NUMBER_MAX) as i64) << SEQUENCE_BITS;
        Self { node, last: AtomicI64::new(0), earlier: AtomicI64::new(0) }
    }

    /// The number of the process that these ids are for.
    pub const fn node_number(&self) -> i64 {
        self.node >> SEQUENCE_BITS
    }

    /// The next id: above every one given out before, even when the clock steps back.
    pub fn next<Id: From<i64>>(&self, now: Timestamp) -> Id {
        let at_now = now.as_millis() << SEQUENCE_BITS;
        let before = self
            .last
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(at_now.max(last + 1)))
            .unwrap_or_default();
        Id::from(self.compose(at_now.max(before + 1)))
    }

    /// An id that sorts at a moment that does not lie ahead, for what was written elsewhere before it arrived here.
    ///
    /// The caller makes sure that it is free. Of those given out lately, which may not be written down yet, it is none:
    /// for this millisecond they go on with [`Ids::next`], and for earlier ones they have a count of their own.
    pub fn at<Id: From<i64>>(&self, moment: Timestamp) -> Id {
        let millis = moment.as_millis().max(0);
        if millis >= self.last.load(Ordering::Relaxed) >> SEQUENCE_BITS {
            return self.next(moment);
        }
        let sequence = self.earlier.fetch_add(1, Ordering::Relaxed) & SEQUENCE_MASK;
        Id::from(self.compose((millis << SEQUENCE_BITS) | sequence))
    }

    /// An id of a moment, which may lie ahead, with a sequence by chance: it says nothing of what was made before and
    /// after it. The caller makes sure that it is free.
    pub fn by_chance<Id: From<i64>>(&self, moment: Timestamp, chance: u16) -> Id {
        let sequence = i64::from(chance) & SEQUENCE_MASK;
        Id::from(self.compose((moment.as_millis().max(0) << SEQUENCE_BITS) | sequence))
    }

    const fn compose(&self, millis_and_sequence: i64) -> i64 {
        let millis = millis_and_sequence >> SEQUENCE_BITS;
        (millis << TIME_SHIFT) | self.node | (millis_and_sequence & SEQUENCE_MASK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_rise_even_when_the_clock_steps_back() {
        let ids = Ids::new(3);
        let now = Timestamp::from_secs(1_700_000_000);
        let mut last: PostId = ids.next(now);
        for step in 0..5_000 {
            let next: PostId = ids.next(now.plus_secs(-(step % 3)));
            assert!(next > last);
            last = next;
        }
    }

    #[test]
    fn an_id_starts_with_its_moment() {
        let moment = Timestamp::from_secs(1_700_000_000);
        let id: PostId = Ids::new(1).at(moment);
        assert_eq!(id.get() >> 16, moment.as_millis());
    }

    #[test]
    fn no_two_of_those_given_out_lately_are_the_same() {
        let ids = Ids::new(1);
        let long_ago = Timestamp::from_secs(1_600_000_000);
        let mut seen = std::collections::HashSet::new();
        for millis in 0..200 {
            let now = Timestamp::from_secs(1_700_000_000).plus_millis(millis);
            for moment in [long_ago, now, long_ago, now] {
                assert!(seen.insert(ids.next::<PostId>(now).get()));
                assert!(seen.insert(ids.at::<PostId>(moment).get()));
            }
        }
    }

    #[test]
    fn an_id_of_a_moment_ahead_takes_no_other_along() {
        let (ids, now) = (Ids::new(1), Timestamp::from_secs(1_700_000_000));
        let ahead: ActorId = ids.by_chance(now.plus_secs(3_600), u16::MAX);
        let next: PostId = ids.next(now);
        assert_eq!(moment_of(ahead.get()), now.plus_secs(3_600));
        assert_eq!(moment_of(next.get()), now);
    }

    #[test]
    fn two_nodes_never_give_the_same_id() {
        let now = Timestamp::from_secs(1_700_000_000);
        let (a, b) = (Ids::new(0), Ids::new(63));
        let mut seen = std::collections::HashSet::new();
        for _ in 0..1_000 {
            assert!(seen.insert(a.next::<PostId>(now).get()));
            assert!(seen.insert(b.next::<PostId>(now).get()));
        }
    }
}
