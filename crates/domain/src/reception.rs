//! Whose notifications a member gets at once, whose wait apart until the member lets them through, and whose they
//! are not told of at all.

use crate::clock::Timestamp;
use crate::notification::NotificationKind;

crate::words! {
    /// What becomes of a notification. The words are those of the Mastodon API.
    pub enum Handling {
        /// It is told.
        Accept = "accept",
        /// It waits apart.
        Filter = "filter",
        /// It is not told.
        Drop = "drop",
    }
}

/// What becomes of notifications, by who caused them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reception {
    /// Those whom the member does not follow.
    pub not_following: Handling,
    /// Those who do not follow the member, or have only just begun to.
    pub not_followers: Handling,
    /// Those who came a short time ago.
    pub new_accounts: Handling,
    /// Those who write to the member alone, unasked.
    pub private_mentions: Handling,
    /// Those whose host is silenced here.
    pub limited_accounts: Handling,
}

/// Who caused a notification, as far as it matters here.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sender {
    /// The member follows them.
    pub followed: bool,
    /// Since when they follow the member.
    pub follower_since: Option<Timestamp>,
    /// When they came.
    pub came_at: Timestamp,
    /// They wrote to the member alone, and not in answer to anything of the member's.
    pub writes_unasked: bool,
    /// Their host is silenced here.
    pub silenced: bool,
}

/// How long somebody follows before they count as a follower.
const FOLLOWER_SECS_MIN: i64 = 3 * 86_400;
/// How long somebody is new.
const NEW_SECS: i64 = 30 * 86_400;

impl Default for Reception {
    /// A letter from a stranger waits until it is asked for; strangers from a silenced host are not heard.
    fn default() -> Self {
        Self {
            not_following: Handling::Accept,
            not_followers: Handling::Accept,
            new_accounts: Handling::Accept,
            private_mentions: Handling::Filter,
            limited_accounts: Handling::Drop,
        }
    }
}

impl Reception {
    /// What becomes of what somebody caused: the strictest of all that holds for them.
    pub fn handling(self, sender: &Sender, now: Timestamp) -> Handling {
        let is_follower =
            sender.follower_since.is_some_and(|since| since.plus_secs(FOLLOWER_SECS_MIN) <= now);
        [
            (self.not_following, !sender.followed),
            (self.not_followers, !is_follower),
            (self.new_accounts, !sender.followed && sender.came_at.plus_secs(NEW_SECS) > now),
            (self.private_mentions, !sender.followed && sender.writes_unasked),
            (self.limited_accounts, !sender.followed && sender.silenced),
        ]
        .into_iter()
        .filter(|(_, holds)| *holds)
        .map(|(handling, _)| handling)
        .max()
        .unwrap_or(Handling::Accept)
    }
}

/// Whether a notification can wait apart: only what anybody can cause. What concerns a member's own duties, posts
/// and standing is always told.
pub const fn can_wait(kind: NotificationKind) -> bool {
    match kind {
        NotificationKind::Mention
        | NotificationKind::Favourite
        | NotificationKind::Reblog
        | NotificationKind::Follow => true,
        NotificationKind::FollowRequest
        | NotificationKind::Poll
        | NotificationKind::Update
        | NotificationKind::Status
        | NotificationKind::Measure
        | NotificationKind::Report
        | NotificationKind::SignUp
        | NotificationKind::Severed => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    fn now() -> Timestamp {
        Timestamp::from_secs(100 * DAY)
    }

    fn days_ago(days: i64) -> Timestamp {
        now().plus_secs(-days * DAY)
    }

    #[test]
    fn as_it_is_only_letters_of_strangers_wait_and_the_silenced_are_not_heard() {
        let handling = |sender: Sender| Reception::default().handling(&sender, now());
        let stranger = Sender { came_at: days_ago(1), ..Sender::default() };
        assert_eq!(handling(stranger), Handling::Accept);
        assert_eq!(handling(Sender { writes_unasked: true, ..stranger }), Handling::Filter);
        assert_eq!(handling(Sender { writes_unasked: true, followed: true, ..stranger }), Handling::Accept);
        assert_eq!(handling(Sender { silenced: true, writes_unasked: true, ..stranger }), Handling::Drop);
        assert_eq!(handling(Sender { silenced: true, followed: true, ..stranger }), Handling::Accept);
    }

    #[test]
    fn the_strictest_of_what_a_member_wants_holds() {
        let strict = Reception {
            not_following: Handling::Filter,
            not_followers: Handling::Drop,
            new_accounts: Handling::Filter,
            ..Reception::default()
        };
        let handling = |sender: Sender| strict.handling(&sender, now());
        let friend = Sender { followed: true, follower_since: Some(days_ago(3)), ..Sender::default() };
        assert_eq!(handling(friend), Handling::Accept);
        assert_eq!(handling(Sender { follower_since: Some(days_ago(2)), ..friend }), Handling::Drop);
        assert_eq!(handling(Sender { followed: false, ..friend }), Handling::Filter);
        let only_new = Reception { new_accounts: Handling::Drop, ..Reception::default() };
        let stranger = |days| Sender { came_at: days_ago(days), ..Sender::default() };
        assert_eq!(only_new.handling(&stranger(29), now()), Handling::Drop);
        assert_eq!(only_new.handling(&stranger(30), now()), Handling::Accept);
    }
}
