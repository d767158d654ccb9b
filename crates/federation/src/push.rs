//! Web push: a notification is told to a client through the push service it named.
//!
//! What is sent says that there is something new and nothing of what it is: the words would be about health, and
//! lie on a locked screen. The client asks the node for the notification, with its own token, when somebody looks.

pub mod seal;
mod vapid;

use crate::fetch::Answer;
use crate::fetch::error::FetchError;
use crate::node::Federation;
use crate::worker::JobError;
use alongside_app::pushing::{self, KeyError};
use alongside_domain::id::{ActorId, MemberId, NotificationId, TokenId};
use alongside_domain::notification::NotificationKind;
use alongside_domain::push::Subscription;
use alongside_store::notifications::{self, Notice};
use alongside_store::{oauth, push_subscriptions};
use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use url::Url;

/// How long a push service keeps a message for a client that is away, in seconds; and how long it is tried.
const TTL_SECS: i64 = 2 * 86_400;
const TTL: HeaderName = HeaderName::from_static("ttl");
const URGENCY: HeaderName = HeaderName::from_static("urgency");

/// Whether anything may be sent to an endpoint: to public names over https, and in a trial to what the operator has
/// named.
pub fn may_reach(node: &Federation, endpoint: &Url) -> bool {
    node.beyond_federation().allows(endpoint).is_ok()
}

/// Tells a client of a notification, if it still wants to be told and the member would still be shown it.
pub async fn send(
    node: &Federation,
    token: TokenId,
    member: ActorId,
    notice: NotificationId,
) -> Result<(), JobError> {
    let app = node.app();
    let mut reader = app.reader();
    let Some(subscription) = push_subscriptions::find(&mut reader, token).await? else { return Ok(()) };
    if oauth::still_good(&mut reader, &[token]).await?.is_empty() {
        return Ok(());
    }
    let shown = notifications::shown(&mut reader, MemberId::of(member), notice, app.now()).await?;
    let Some(notice) = shown else { return Ok(()) };
    if notice.at.plus_secs(TTL_SECS) < app.now() {
        return Ok(());
    }
    let Ok(endpoint) = Url::parse(&subscription.endpoint) else {
        return Ok(pushing::end_at(app, token, &subscription.endpoint).await?);
    };
    let key = pushing::node_key(app).await?;
    let payload = payload(node, &notice).to_string();
    let random = seal::Random { salt: app.random() };
    let Ok(sealed) = seal::seal(&subscription, payload.as_bytes(), &random) else {
        // Its key is no point of the curve: nothing it could read can be written.
        return Ok(pushing::end_at(app, token, &subscription.endpoint).await?);
    };
    let pass = vapid::pass(node, &key, &endpoint)?;
    let headers = headers(&subscription, &sealed, &pass, notice.kind)?;
    let answer = node.beyond_federation().post(&endpoint, headers, Bytes::from(sealed.body)).await;
    judge(node, &subscription, answer).await
}

/// What clients of Mastodon expect, and no word of what happened. The token is left empty: of tokens this node keeps
/// hashes alone, and a push service is no place for one.
fn payload(node: &Federation, notice: &Notice) -> Value {
    json!({
        "access_token": "",
        "preferred_locale": "en",
        "notification_id": notice.id.get(),
        "notification_type": notice.kind.as_str(),
        "icon": format!("{}/static/avatar.png", node.app().places().origin()),
        "title": node.app().settings().title,
        "body": "There is something new for you.",
    })
}

fn headers(
    subscription: &Subscription,
    sealed: &seal::Sealed,
    pass: &vapid::Pass,
    kind: NotificationKind,
) -> Result<HeaderMap, JobError> {
    let mut headers = HeaderMap::new();
    let mut put = |name: HeaderName, value: &str| {
        HeaderValue::from_str(value)
            .map(|value| headers.insert(name, value))
            .map_err(|_| JobError::Fail("a header cannot be written".to_owned()))
    };
    put(CONTENT_TYPE, "application/octet-stream")?;
    put(TTL, &TTL_SECS.to_string())?;
    put(URGENCY, urgency(kind))?;
    put(CONTENT_ENCODING, sealed.encoding)?;
    for (name, value) in pass.headers(subscription.standard).into_iter().chain(sealed.headers(&pass.key)) {
        put(name, &value)?;
    }
    Ok(headers)
}

/// What somebody says to a member may wake a sleeping phone; that somebody liked something may wait.
const fn urgency(kind: NotificationKind) -> &'static str {
    match kind {
        NotificationKind::Mention
        | NotificationKind::FollowRequest
        | NotificationKind::Status
        | NotificationKind::Measure
        | NotificationKind::Report
        | NotificationKind::SignUp => "normal",
        NotificationKind::Favourite
        | NotificationKind::Reblog
        | NotificationKind::Follow
        | NotificationKind::Poll
        | NotificationKind::Update
        | NotificationKind::Severed => "low",
    }
}

/// What the answer means: a service that knows the client no more, or will never take what we send, is asked no more.
async fn judge(
    node: &Federation,
    subscription: &Subscription,
    answer: Result<Answer, FetchError>,
) -> Result<(), JobError> {
    let status = match answer {
        Ok(answer) => answer.status.as_u16(),
        Err(FetchError::Unavailable { outage, .. }) => return Err(JobError::Retry(outage.told())),
        Err(FetchError::Refused(refusal)) => return Err(JobError::Fail(refusal.to_string())),
        Err(error) => return Err(JobError::fail(&error)),
    };
    match status {
        200..=299 => Ok(()),
        408 | 425 | 429 | 500..=599 => Err(JobError::Retry(format!("status {status}"))),
        400..=499 => Ok(pushing::end_at(node.app(), subscription.token, &subscription.endpoint).await?),
        _ => Err(JobError::Fail(format!("status {status}"))),
    }
}

impl From<KeyError> for JobError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Unusable => Self::fail(&error),
            KeyError::Store(_) => Self::retry(&error),
        }
    }
}
