//! `/api/v1/push/subscription`: where a client wants to be told of notifications while nobody looks at it. There is
//! one for each token.

use crate::auth::{Author, Push};
use crate::entities::push::WebPushSubscription;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::params::{Params, Word, needed};
use crate::routes::{Routes, get};
use crate::state::Web;
use alongside_app::context::App;
use alongside_app::pushing::{self, Wanted};
use alongside_domain::notification::NotificationKind;
use alongside_domain::push::{PushPolicy, Subscription};
use alongside_federation::push;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use url::Url;

/// The address.
pub(crate) fn routes() -> Routes {
    Routes::new().route("/api/v1/push/subscription", get(show).post(create).put(change).delete(end))
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Body {
    subscription: Option<Where>,
    #[serde(default)]
    data: Data,
    policy: Option<Word<PushPolicy>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Where {
    endpoint: String,
    keys: Keys,
    #[serde(default)]
    standard: bool,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Keys {
    p256dh: String,
    auth: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Changes {
    #[serde(default)]
    data: Data,
    policy: Option<Word<PushPolicy>>,
}

/// Of what a client wants to be told. Kinds that are not known here are passed over.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
struct Data {
    alerts: Option<BTreeMap<String, bool>>,
    policy: Option<Word<PushPolicy>>,
}

impl Data {
    fn alerts(&self) -> Option<Vec<NotificationKind>> {
        let asked = self.alerts.as_ref()?.iter().filter(|(_, wanted)| **wanted);
        Some(asked.filter_map(|(kind, _)| kind.parse().ok()).collect())
    }

    fn policy(&self, beside: Option<Word<PushPolicy>>) -> Option<PushPolicy> {
        self.policy.or(beside).map(|Word(policy)| policy)
    }
}

async fn show(State(app): State<App>, author: Author<Push>) -> Result<Json<WebPushSubscription>, Error> {
    shown(&app, pushing::find(&app, author.token).await?).await
}

async fn create(
    State(web): State<Web>,
    author: Author<Push>,
    Params(body): Params<Body>,
) -> Result<Json<WebPushSubscription>, Error> {
    let subscription = needed("subscription", body.subscription)?;
    let endpoint = Url::parse(&subscription.endpoint).map_err(|_| pushing::Error::Endpoint)?;
    if !push::may_reach(web.node(), &endpoint) {
        return Err(pushing::Error::Endpoint.into());
    }
    let wanted = Wanted {
        endpoint: subscription.endpoint,
        p256dh: subscription.keys.p256dh,
        auth: subscription.keys.auth,
        standard: subscription.standard,
        policy: body.data.policy(body.policy).unwrap_or(PushPolicy::All),
        alerts: body.data.alerts().unwrap_or_default(),
    };
    let subscription = pushing::subscribe(web.app(), author.token, wanted).await?;
    shown(web.app(), subscription).await
}

async fn change(
    State(app): State<App>,
    author: Author<Push>,
    Params(changes): Params<Changes>,
) -> Result<Json<WebPushSubscription>, Error> {
    let policy = changes.data.policy(changes.policy);
    shown(&app, pushing::change(&app, author.token, policy, changes.data.alerts()).await?).await
}

async fn end(State(app): State<App>, author: Author<Push>) -> Result<Json<Empty>, Error> {
    pushing::end(&app, author.token).await?;
    Ok(Json(Empty {}))
}

async fn shown(app: &App, subscription: Subscription) -> Result<Json<WebPushSubscription>, Error> {
    let key = pushing::node_key(app).await?;
    Ok(Json(WebPushSubscription::new(subscription, key.public.clone())))
}

#[cfg(test)]
mod tests;
