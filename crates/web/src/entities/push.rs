//! Where a client wants to be told of notifications.

use alongside_domain::id::TokenId;
use alongside_domain::notification::NotificationKind;
use alongside_domain::push::Subscription;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// What clients ask for that this node never tells.
const NEVER: [&str; 1] = ["quote"];

/// A subscription, as its client sees it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct WebPushSubscription {
    /// A number, and one of 32 bits: of all ids this is the one that clients on telephones keep as such. Nothing is
    /// asked for by it.
    id: i32,
    endpoint: String,
    standard: bool,
    alerts: BTreeMap<&'static str, bool>,
    policy: &'static str,
    server_key: String,
}

impl WebPushSubscription {
    pub(crate) fn new(subscription: Subscription, server_key: String) -> Self {
        let kinds = NotificationKind::ALL.iter();
        let asked = kinds.map(|kind| (kind.as_str(), subscription.alerts.contains(kind)));
        Self {
            id: number(subscription.token),
            standard: subscription.standard,
            alerts: NEVER.map(|kind| (kind, false)).into_iter().chain(asked).collect(),
            policy: subscription.policy.as_str(),
            endpoint: subscription.endpoint,
            server_key,
        }
    }
}

/// The number of a token's subscription: the same each time, whatever is asked.
fn number(token: TokenId) -> i32 {
    let folded = (token.get() ^ (token.get() >> 31)) & i64::from(i32::MAX);
    i32::try_from(folded).unwrap_or(i32::MAX)
}
