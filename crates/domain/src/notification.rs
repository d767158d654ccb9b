//! What a member is told about, and which of it is told as one.

use crate::clock::Timestamp;
use crate::id::{NotificationId, PostId};
use std::fmt;
use std::str::FromStr;

crate::words! {
    /// Why a member is told. The words are those of the Mastodon API.
    pub enum NotificationKind {
        /// Named in a post, or replied to.
        Mention = "mention",
        /// Somebody reacted.
        Favourite = "favourite",
        /// Somebody boosted.
        Reblog = "reblog",
        /// Somebody follows.
        Follow = "follow",
        /// Somebody would like to follow, or to join a community one looks after.
        FollowRequest = "follow_request",
        /// A poll one made or voted in has ended.
        Poll = "poll",
        /// A post one boosted was edited.
        Update = "update",
        /// Somebody one asked to hear of has posted.
        Status = "status",
        /// A moderator has taken a measure about one's post, or about oneself.
        Measure = "moderation_warning",
        /// Something was reported to the node's staff.
        Report = "admin.report",
        /// Somebody signed up, whom the node's staff may have to let in.
        SignUp = "admin.sign_up",
        /// A host was blocked, and follows of the member ended.
        Severed = "severed_relationships",
    }
}

crate::words! {
    /// Why follows of a member ended at once. The words are those of the Mastodon API.
    pub enum SeveranceKind {
        /// Whoever runs the node blocked a host.
        Node = "domain_block",
        /// The member blocked a host for themselves.
        Member = "user_domain_block",
    }
}

/// What notifications have in common that are shown as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GroupKey {
    /// Nothing: this one stands by itself.
    Single(NotificationId),
    /// The same was done to the same post.
    Post(NotificationKind, PostId),
    /// The same was done on the same day, counted from 1970.
    Day(NotificationKind, i64),
}

const DAY_SECS: i64 = 86_400;

impl GroupKey {
    /// The key of a notification: only what people do in numbers is put together.
    pub fn of(kind: NotificationKind, id: NotificationId, post: Option<PostId>, at: Timestamp) -> Self {
        match kind {
            NotificationKind::Favourite | NotificationKind::Reblog => {
                post.map_or(Self::Single(id), |post| Self::Post(kind, post))
            }
            NotificationKind::Follow | NotificationKind::SignUp => {
                Self::Day(kind, at.as_secs().div_euclid(DAY_SECS))
            }
            NotificationKind::Mention
            | NotificationKind::FollowRequest
            | NotificationKind::Poll
            | NotificationKind::Update
            | NotificationKind::Status
            | NotificationKind::Measure
            | NotificationKind::Report
            | NotificationKind::Severed => Self::Single(id),
        }
    }

    /// The first moment of a day, and the first after it.
    pub const fn day(day: i64) -> (Timestamp, Timestamp) {
        let start = Timestamp::from_secs(day.saturating_mul(DAY_SECS));
        (start, start.plus_secs(DAY_SECS))
    }
}

impl fmt::Display for GroupKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Single(id) => write!(out, "ungrouped-{id}"),
            Self::Post(kind, post) => write!(out, "{kind}-{post}"),
            Self::Day(kind, day) => write!(out, "{kind}-{day}"),
        }
    }
}

/// The text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not the key of a group of notifications")]
pub struct NoKey;

impl FromStr for GroupKey {
    type Err = NoKey;

    fn from_str(text: &str) -> Result<Self, NoKey> {
        let (word, number) = text.split_once('-').ok_or(NoKey)?;
        let number: i64 = number.parse().map_err(|_| NoKey)?;
        if word == "ungrouped" {
            return Ok(Self::Single(NotificationId::new(number)));
        }
        match word.parse().map_err(|_| NoKey)? {
            kind @ (NotificationKind::Favourite | NotificationKind::Reblog) => {
                Ok(Self::Post(kind, PostId::new(number)))
            }
            kind @ (NotificationKind::Follow | NotificationKind::SignUp) => Ok(Self::Day(kind, number)),
            NotificationKind::Mention
            | NotificationKind::FollowRequest
            | NotificationKind::Poll
            | NotificationKind::Update
            | NotificationKind::Status
            | NotificationKind::Measure
            | NotificationKind::Report
            | NotificationKind::Severed => Err(NoKey),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_in_numbers_is_put_together_and_its_key_reads_back() {
        let at = Timestamp::parse("2026-11-23T02:00:00Z").unwrap();
        let key = |kind, id, post| GroupKey::of(kind, NotificationId::new(id), post, at);
        let post = Some(PostId::new(7));
        assert_eq!(key(NotificationKind::Favourite, 1, post), key(NotificationKind::Favourite, 2, post));
        assert_ne!(key(NotificationKind::Favourite, 1, post), key(NotificationKind::Reblog, 1, post));
        assert_ne!(key(NotificationKind::Mention, 1, post), key(NotificationKind::Mention, 2, post));
        assert_eq!(key(NotificationKind::Follow, 1, None), key(NotificationKind::Follow, 2, None));
        for kind in NotificationKind::ALL {
            let key = key(*kind, 9, post);
            assert_eq!(key.to_string().parse(), Ok(key), "{key}");
        }
        for nonsense in ["", "favourite", "favourite-x", "mention-7", "ungrouped-"] {
            assert_eq!(nonsense.parse::<GroupKey>(), Err(NoKey), "{nonsense}");
        }
    }

    #[test]
    fn a_day_has_a_beginning_and_an_end() {
        let at = Timestamp::parse("2026-11-23T02:00:00Z").unwrap();
        let GroupKey::Day(_, day) = GroupKey::of(NotificationKind::Follow, NotificationId::new(1), None, at)
        else {
            panic!("follows are put together by the day");
        };
        let (start, end) = GroupKey::day(day);
        assert_eq!((start, end), (at.midnight(), at.midnight().plus_secs(86_400)));
    }
}
