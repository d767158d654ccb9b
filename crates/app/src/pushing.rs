//! Web push: a client says where it wants to be told, and of what. What it is told is in the job that a
//! notification leaves behind; sending it is `federation`'s work.

use crate::context::App;
use crate::effects;
use alongside_domain::id::TokenId;
use alongside_domain::job::Job;
use alongside_domain::limits::PUSHED_CLIENTS_MAX;
use alongside_domain::notification::NotificationKind;
use alongside_domain::push::{PushPolicy, Subscription};
use alongside_store::engine::Tx;
use alongside_store::jobs::FROM_OTHERS;
use alongside_store::notifications::Notice;
use alongside_store::{error, push_subscriptions, relationships, settings};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD};
use std::sync::Arc;

/// Bytes in the address of an endpoint.
const ENDPOINT_BYTES_MAX: usize = 2_048;
/// Bytes of an uncompressed point of P-256.
const POINT_BYTES: usize = 65;
/// Bytes of the secret shared with a client.
const AUTH_BYTES: usize = 16;
/// Under which name the node's key is kept.
const KEY_SETTING: &str = "vapid_key";

/// Why a client will not be told. The texts are shown to whoever writes it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It has asked for nothing yet.
    #[error("Record not found")]
    NotFound,
    /// Nothing can be sent to that address.
    #[error("Validation failed: the endpoint must be an https address")]
    Endpoint,
    /// It is no point of P-256.
    #[error("Validation failed: p256dh must be an uncompressed point of P-256 as base64url")]
    PublicKey,
    /// It is no secret of the right length.
    #[error("Validation failed: auth must be {AUTH_BYTES} bytes as base64url")]
    Secret,
    /// The store could not do it.
    #[error("the subscription could not be kept")]
    Store(#[from] error::Error),
}

/// What a client asks for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Where to, as the client wrote it: it compares what it is shown with what it asked for.
    pub endpoint: String,
    /// Its public key.
    pub p256dh: String,
    /// The shared secret.
    pub auth: String,
    /// Whether it knows the standards.
    pub standard: bool,
    /// Of whose doings.
    pub policy: PushPolicy,
    /// Of which.
    pub alerts: Vec<NotificationKind>,
}

/// Tells a client from now on, in place of what it had asked for before. Whether its address may be reached at all
/// is known to whoever sends, and was asked before.
pub async fn subscribe(app: &App, token: TokenId, wanted: Wanted) -> Result<Subscription, Error> {
    if wanted.endpoint.len() > ENDPOINT_BYTES_MAX {
        return Err(Error::Endpoint);
    }
    let point = decoded(&wanted.p256dh).filter(|point| point.len() == POINT_BYTES && point[0] == 4);
    let auth = decoded(&wanted.auth).filter(|auth| auth.len() == AUTH_BYTES);
    let subscription = Subscription {
        token,
        endpoint: wanted.endpoint,
        p256dh: BASE64_URL_SAFE_NO_PAD.encode(point.ok_or(Error::PublicKey)?),
        auth: BASE64_URL_SAFE_NO_PAD.encode(auth.ok_or(Error::Secret)?),
        standard: wanted.standard,
        policy: wanted.policy,
        alerts: wanted.alerts,
    };
    put(app, &subscription).await?;
    Ok(subscription)
}

/// Changes of what a client is told; what is none stays.
pub async fn change(
    app: &App,
    token: TokenId,
    policy: Option<PushPolicy>,
    alerts: Option<Vec<NotificationKind>>,
) -> Result<Subscription, Error> {
    let before = find(app, token).await?;
    let subscription = Subscription {
        policy: policy.unwrap_or(before.policy),
        alerts: alerts.unwrap_or_else(|| before.alerts.clone()),
        ..before
    };
    put(app, &subscription).await?;
    Ok(subscription)
}

/// What a client has asked for.
pub async fn find(app: &App, token: TokenId) -> Result<Subscription, Error> {
    push_subscriptions::find(&mut app.reader(), token).await?.ok_or(Error::NotFound)
}

/// Tells a client nothing more.
pub async fn end(app: &App, token: TokenId) -> Result<(), error::Error> {
    let mut tx = app.store().begin().await?;
    push_subscriptions::remove(&mut tx, token).await?;
    tx.commit().await
}

/// Tells a client nothing more at this address, because its push service says that it is gone.
pub async fn end_at(app: &App, token: TokenId, endpoint: &str) -> Result<(), error::Error> {
    let mut tx = app.store().begin().await?;
    push_subscriptions::remove_if_at(&mut tx, token, endpoint).await?;
    tx.commit().await
}

/// Leaves a job for each client that wants to be told of a notification.
pub(crate) async fn told(tx: &mut Tx, app: &App, notice: &Notice) -> Result<(), error::Error> {
    let subscriptions = push_subscriptions::of_member(tx, notice.member_id, PUSHED_CLIENTS_MAX).await?;
    if subscriptions.is_empty() {
        return Ok(());
    }
    let member = notice.member_id.actor();
    let related = relationships::of(tx, member, &[notice.from_id], app.now()).await?.pop();
    let followed = related.as_ref().is_some_and(|to| to.following);
    let follower = related.as_ref().is_some_and(|to| to.followed_by);
    for subscription in subscriptions.iter().filter(|it| it.wants(notice.kind, followed, follower)) {
        let token = subscription.token;
        let job = Job::Push { token, member, notice: notice.id };
        // One after the other for each client, so that none keeps another waiting.
        effects::push(tx, app, &job, &format!("{FROM_OTHERS}push:{token}")).await?;
    }
    Ok(())
}

/// The key by which push services know this node (RFC 8292).
#[derive(Debug)]
pub struct NodeKey {
    pair: EcdsaKeyPair,
    /// Its public half: an uncompressed point, as base64url.
    pub public: String,
}

/// The node's key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It cannot be made, or what was kept is none.
    #[error("the node's key for push messages cannot be used")]
    Unusable,
    /// The store could not keep or give it.
    #[error("the node's key for push messages cannot be read")]
    Store(#[from] error::Error),
}

impl NodeKey {
    /// Signs with ECDSA over P-256 and SHA-256, as JSON web signatures have it (ES256).
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let signature = self.pair.sign(&SystemRandom::new(), message).map_err(|_| KeyError::Unusable)?;
        Ok(signature.as_ref().to_vec())
    }

    fn read(kept: &str) -> Result<Self, KeyError> {
        let bytes = BASE64_STANDARD.decode(kept).map_err(|_| KeyError::Unusable)?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &bytes)
            .map_err(|_| KeyError::Unusable)?;
        let public = BASE64_URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        Ok(Self { pair, public })
    }
}

/// The node's key: made when it is first asked for, and kept.
pub async fn node_key(app: &App) -> Result<Arc<NodeKey>, KeyError> {
    app.node_key().get_or_try_init(|| kept_key(app)).await.cloned()
}

async fn kept_key(app: &App) -> Result<Arc<NodeKey>, KeyError> {
    if let Some(kept) = settings::find(&mut app.reader(), KEY_SETTING).await? {
        return Ok(Arc::new(NodeKey::read(&kept)?));
    }
    let fresh = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
        .map_err(|_| KeyError::Unusable)?;
    let mut tx = app.store().begin().await?;
    let kept = settings::put_first(&mut tx, KEY_SETTING, &BASE64_STANDARD.encode(fresh.as_ref())).await?;
    tx.commit().await?;
    Ok(Arc::new(NodeKey::read(&kept)?))
}

async fn put(app: &App, subscription: &Subscription) -> Result<(), error::Error> {
    let mut tx = app.store().begin().await?;
    push_subscriptions::put(&mut tx, subscription).await?;
    tx.commit().await
}

/// Clients write base64 in each of its four manners.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    [BASE64_URL_SAFE_NO_PAD, BASE64_URL_SAFE, BASE64_STANDARD, BASE64_STANDARD_NO_PAD]
        .iter()
        .find_map(|manner| manner.decode(text).ok())
}
