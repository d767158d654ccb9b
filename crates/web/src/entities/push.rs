//! Where a client wants to be told of notifications.

use alongside_domain::notification::NotificationKind;
use alongside_domain::push::Subscription;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// What clients ask for that this node never tells.
const NEVER: [&str; 2] = ["admin.sign_up", "quote"];

/// A subscription, as its client sees it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct WebPushSubscription {
    id: String,
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
            id: subscription.token.to_string(),
            standard: subscription.standard,
            alerts: NEVER.map(|kind| (kind, false)).into_iter().chain(asked).collect(),
            policy: subscription.policy.as_str(),
            endpoint: subscription.endpoint,
            server_key,
        }
    }
}
