//! Delivering: every activity to every inbox, host by host, until it arrives or never will.
//!
//! A host is worked off by one task at a time, in order, over connections that stay open. A host that
//! cannot be reached is left alone for a while (its circuit is open) and never delays another. A
//! delivery that a host cannot take right now waits; others of the same thread wait behind it.

use crate::fetch::Answer;
use crate::fetch::error::FetchError;
use crate::keys::ActorKeys;
use crate::node::Federation;
use crate::signing::Manner;
use crate::synchronize;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::DeliveryId;
use alongside_store::deliveries::{self, Claimed};
use alongside_store::{actors, error, hosts};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, StatusCode};
use std::collections::HashSet;
use std::sync::Arc;
use url::Url;

/// Deliveries claimed for a host at once.
const BATCH: i64 = 40;
/// How long a claim holds; each delivery takes at most as long as the client's deadline.
pub const LEASE_SECS: i64 = 60;
/// After so long a delivery is given up.
pub const GIVE_UP_SECS: i64 = 7 * 86_400;
/// Tries that the same host may fail before the wait stops doubling.
const DOUBLINGS_MAX: u32 = 20;

/// What became of one delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Sent {
    /// It arrived.
    Arrived,
    /// It never will: the host refused it.
    Refused(String),
    /// The host could not take this one now.
    Later(String),
    /// The host could not be reached, or asks to be left alone.
    Unreachable { error: String, wait_secs: Option<i64> },
}

/// Works off what is due for a host, until nothing is or the host cannot be reached. How many arrived.
pub async fn to_host(node: &Federation, host: &str) -> Result<usize, error::Error> {
    let mut arrived = 0;
    loop {
        let now = node.app().now();
        let mut tx = node.app().store().begin().await?;
        let batch = deliveries::claim(
            &mut tx,
            node.app().ids().node_number(),
            host,
            now,
            now.plus_secs(LEASE_SECS),
            BATCH,
        )
        .await?;
        let known = hosts::find(&mut tx, host).await?;
        tx.commit().await?;
        if batch.is_empty() {
            return Ok(arrived);
        }
        let manner = Manner::remembered(known.as_ref().and_then(|host| host.signature.as_deref()));
        let tried = try_batch(node, &batch, manner).await?;
        arrived += tried.arrived.len();
        let is_reachable = tried.unreachable.is_none();
        write_down(node, host, &batch, &tried, known.map_or(0, |host| host.failures)).await?;
        if !is_reachable {
            return Ok(arrived);
        }
    }
}

/// What a batch led to.
#[derive(Debug, Default)]
struct Tried {
    arrived: Vec<DeliveryId>,
    refused: Vec<DeliveryId>,
    later: Vec<(DeliveryId, i64, String)>,
    untried: Vec<DeliveryId>,
    unreachable: Option<(String, Option<i64>)>,
    last_refusal: Option<String>,
    prefers: Option<Manner>,
}

async fn try_batch(node: &Federation, batch: &[Claimed], mut manner: Manner) -> Result<Tried, error::Error> {
    let mut tried = Tried::default();
    let mut waiting: HashSet<&str> = HashSet::new();
    for delivery in batch {
        if tried.unreachable.is_some() || waiting.contains(delivery.thread.as_str()) {
            tried.untried.push(delivery.id);
            continue;
        }
        let (result, spoke) = send(node, delivery, manner).await?;
        match result {
            Sent::Arrived => {
                if spoke != manner {
                    manner = spoke;
                    tried.prefers = Some(manner);
                }
                tried.arrived.push(delivery.id);
            }
            Sent::Later(error) if has_time(delivery, node.app().now()) => {
                waiting.insert(&delivery.thread);
                tried.later.push((delivery.id, delivery.attempts, error));
            }
            Sent::Unreachable { error, wait_secs } if has_time(delivery, node.app().now()) => {
                tried.untried.push(delivery.id);
                tried.unreachable = Some((error, wait_secs));
            }
            Sent::Refused(error) | Sent::Later(error) | Sent::Unreachable { error, .. } => {
                tried.last_refusal = Some(error);
                tried.refused.push(delivery.id);
            }
        }
    }
    Ok(tried)
}

fn has_time(delivery: &Claimed, now: Timestamp) -> bool {
    delivery.at.plus_secs(GIVE_UP_SECS) > now
}

/// Sends one delivery, in the other kind of signature if the first is not understood. Which one it was that
/// the host took.
async fn send(node: &Federation, delivery: &Claimed, manner: Manner) -> Result<(Sent, Manner), error::Error> {
    let Ok(inbox) = Url::parse(&delivery.inbox) else {
        return Ok((Sent::Refused("the inbox has no address".to_owned()), manner));
    };
    let Some(actor) = actors::find(&mut node.app().reader(), delivery.actor_id).await? else {
        return Ok((Sent::Refused("the sender is gone".to_owned()), manner));
    };
    let keys = match node.keys_of(&actor).await {
        Ok(keys) => keys,
        Err(error) => return Ok((Sent::Later(error.to_string()), manner)),
    };
    let followers =
        if delivery.to_followers { synchronize::header(node, &actor, &inbox).await? } else { None };
    let first = post(node, &inbox, delivery, &keys, (manner, followers.clone())).await;
    if !is_not_understood(&first) {
        return Ok((judge(first), manner));
    }
    let second = post(node, &inbox, delivery, &keys, (manner.other(), followers)).await;
    let arrived = second.as_ref().is_ok_and(|answer| answer.status.is_success());
    if arrived { Ok((judge(second), manner.other())) } else { Ok((judge(first), manner)) }
}

async fn post(
    node: &Federation,
    inbox: &Url,
    delivery: &Claimed,
    keys: &Arc<ActorKeys>,
    (manner, followers): (Manner, Option<HeaderValue>),
) -> Result<Answer, FetchError> {
    let body = Bytes::from(delivery.body.clone());
    // Signed anew at every try: a signature is only good for a while.
    let mut headers = manner.sign(&Method::POST, inbox, &body, keys, node.unix_now());
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/activity+json"));
    headers.extend(followers.map(|followers| (synchronize::HEADER, followers)));
    node.client().post(inbox, headers, body).await
}

fn is_not_understood(answer: &Result<Answer, FetchError>) -> bool {
    answer
        .as_ref()
        .is_ok_and(|answer| matches!(answer.status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED))
}

fn judge(answer: Result<Answer, FetchError>) -> Sent {
    let answer = match answer {
        Ok(answer) => answer,
        Err(FetchError::Unavailable { retry_after, .. }) => {
            return Sent::Unreachable { error: "not reachable".to_owned(), wait_secs: secs(retry_after) };
        }
        Err(FetchError::Refused(refusal)) => return Sent::Refused(refusal.to_string()),
        Err(error) => return Sent::Refused(error.to_string()),
    };
    let error = format!("status {}", answer.status.as_u16());
    match answer.status.as_u16() {
        200..=299 => Sent::Arrived,
        429 | 503 => Sent::Unreachable { error, wait_secs: secs(answer.retry_after) },
        // A host that cannot read our key right now says 401 too.
        401 | 408 | 425 | 500..=599 => Sent::Later(error),
        _ => Sent::Refused(error),
    }
}

fn secs(wait: Option<std::time::Duration>) -> Option<i64> {
    wait.and_then(|wait| i64::try_from(wait.as_secs()).ok())
}

async fn write_down(
    node: &Federation,
    host: &str,
    batch: &[Claimed],
    tried: &Tried,
    failures: i64,
) -> Result<(), error::Error> {
    let now = node.app().now();
    let mut tx = node.app().store().begin().await?;
    let done: Vec<DeliveryId> = tried.arrived.iter().chain(&tried.refused).copied().collect();
    deliveries::finish(&mut tx, &done).await?;
    deliveries::release(&mut tx, &tried.untried).await?;
    for (id, attempts, error) in &tried.later {
        deliveries::retry(&mut tx, *id, now.plus_millis(backoff_millis(node, *attempts)), error).await?;
    }
    match &tried.unreachable {
        Some((error, wait_secs)) => {
            let wait =
                wait_secs.map_or_else(|| backoff_millis(node, failures), |secs| secs.saturating_mul(1_000));
            hosts::failed(&mut tx, host, now, now.plus_millis(wait), error).await?;
            tracing::info!(host.name = host, delivery.waiting = batch.len(), "host left alone for a while");
        }
        None if !tried.arrived.is_empty() => hosts::succeeded(&mut tx, host, now).await?,
        None => {}
    }
    if let Some(refusal) = &tried.last_refusal {
        hosts::refused(&mut tx, host, now, refusal).await?;
    }
    if let Some(manner) = tried.prefers {
        hosts::remember_signature(&mut tx, host, manner.as_str()).await?;
    }
    tx.commit().await
}

/// The wait before the next try: doubling from the first, up to the longest, give or take a fifth, so
/// that not everybody comes back at the same moment.
pub fn backoff_millis(node: &Federation, failures: i64) -> i64 {
    let settings = node.settings();
    let doublings = u32::try_from(failures.max(0)).unwrap_or(DOUBLINGS_MAX).min(DOUBLINGS_MAX);
    let secs = settings.retry_first_secs.saturating_mul(1 << doublings).min(settings.retry_max_secs);
    let fifth = (secs.saturating_mul(1_000) / 5).max(1);
    let chance = i64::from(u16::from_le_bytes(node.app().random()));
    secs.saturating_mul(1_000) - fifth + chance * (2 * fifth) / i64::from(u16::MAX)
}
