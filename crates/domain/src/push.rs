//! Web push: where a client wants to be told of notifications while nobody looks at it.

use crate::id::TokenId;
use crate::notification::NotificationKind;

crate::words! {
    /// Of whose doings a client is told.
    pub enum PushPolicy {
        /// Anybody's.
        All = "all",
        /// Those of people the member follows.
        Followed = "followed",
        /// Those of people who follow the member.
        Follower = "follower",
        /// Nobody's.
        None = "none",
    }
}

/// Where and how one client is told. It belongs to its token and ends with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The token of the client.
    pub token: TokenId,
    /// Where a message is sent.
    pub endpoint: String,
    /// The client's public key: a point of P-256, as base64url.
    pub p256dh: String,
    /// The secret it shares with us, as base64url.
    pub auth: String,
    /// Whether messages are as the standards have it (RFC 8291, RFC 8292), and not as the drafts before them.
    pub standard: bool,
    /// Of whose doings it is told.
    pub policy: PushPolicy,
    /// Of which.
    pub alerts: Vec<NotificationKind>,
}

impl Subscription {
    /// Whether it is told of this, by somebody whom the member follows or not, and who follows the member or not.
    pub fn wants(&self, kind: NotificationKind, followed: bool, follower: bool) -> bool {
        let of_them = match self.policy {
            PushPolicy::All => true,
            PushPolicy::Followed => followed,
            PushPolicy::Follower => follower,
            PushPolicy::None => false,
        };
        of_them && self.alerts.contains(&kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_told_of_what_it_asked_for_by_whom_it_asked_for() {
        let subscription = |policy| Subscription {
            token: TokenId::new(1),
            endpoint: "https://push.example/1".to_owned(),
            p256dh: String::new(),
            auth: String::new(),
            standard: true,
            policy,
            alerts: vec![NotificationKind::Mention],
        };
        for (policy, followed, follower, told) in [
            (PushPolicy::All, false, false, true),
            (PushPolicy::Followed, true, false, true),
            (PushPolicy::Followed, false, true, false),
            (PushPolicy::Follower, false, true, true),
            (PushPolicy::Follower, true, false, false),
            (PushPolicy::None, true, true, false),
        ] {
            let subscription = subscription(policy);
            assert_eq!(subscription.wants(NotificationKind::Mention, followed, follower), told, "{policy}");
            assert!(!subscription.wants(NotificationKind::Follow, followed, follower), "{policy}");
        }
    }
}
