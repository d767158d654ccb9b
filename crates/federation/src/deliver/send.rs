//! One delivery: signed, sent, and what the answer means.

use crate::deliver::GIVE_UP_SECS;
use crate::fetch::Answer;
use crate::fetch::error::{FetchError, Outage};
use crate::keys::{ActorKeys, KeyError};
use crate::node::Federation;
use crate::signing::Manner;
use crate::synchronize;
use alongside_app::audience;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, DeliveryId, moment_of};
use alongside_domain::{causes, fold};
use alongside_store::deliveries::{self, Text};
use alongside_store::{actors, error, hosts};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, StatusCode};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use url::Url;

/// How long a host may go by a key of ours that was renewed: Lemmy reads an actor again after a day, and until then answers 400
/// to what is signed with the new one.
const RENEWED_SECS: i64 = 25 * 3_600;
/// Times that a delivery may be left unanswered by a host that takes others.
const UNANSWERED_MAX: i64 = 8;

/// What became of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sent {
    /// It arrived.
    Arrived(String),
    /// It never will: the host refused it.
    Refused(String),
    /// The host could not take it for so long that it is given up.
    TooLate(String),
    /// It is not to be sent any more.
    TakenBack,
    /// The host could not take this one now.
    Later {
        /// How often it was tried before.
        attempts: i64,
        /// Why not.
        error: String,
    },
    /// It could not be sent now for a reason that is ours: the host has nothing to do with it.
    Unready {
        /// How often it was tried before.
        attempts: i64,
        /// Why not.
        error: String,
    },
    /// The host could not be reached, or asks to be left alone.
    Unreachable {
        /// Why.
        error: String,
        /// For how long, if it says so.
        wait_secs: Option<i64>,
    },
}

/// Sends a delivery, in the other kind of signature if the first is not understood. What it says is read
/// only now, so that nothing leaves that was taken back while it waited for its turn.
pub(super) async fn send(
    node: &Federation,
    id: DeliveryId,
    manner: &Mutex<Manner>,
) -> Result<Sent, error::Error> {
    let Some(text) = deliveries::text(&mut node.app().reader(), id).await? else {
        return Ok(Sent::TakenBack);
    };
    let Ok(inbox) = Url::parse(&text.inbox) else {
        return Ok(Sent::Refused("the inbox has no address".to_owned()));
    };
    // Asked again now: the agreement may have ended while this waited, or while it was being addressed.
    if text.members_only && !audience::may_go_to_host_of(&mut node.app().reader(), &text.inbox).await? {
        return Ok(Sent::Refused("what is for members does not go there any more".to_owned()));
    }
    let keys = match keys_of(node, text.actor_id).await? {
        Ok(keys) => keys,
        Err(Some(error)) => return Ok(unready(put_off(node, (id, &text), error))),
        Err(None) => return Ok(Sent::Refused("the sender is gone".to_owned())),
    };
    let followers = if text.to_followers { followers(node, text.actor_id, &inbox).await? } else { None };
    let body = Bytes::from(text.body.clone());
    let begun = *manner.lock().unwrap_or_else(PoisonError::into_inner);
    let first = post(node, &inbox, &body, &keys, (begun, followers.clone())).await;
    if is_unanswered(&first) && is_stumbled_over(node, (id, &text), &inbox).await? {
        return Ok(Sent::Refused("no answer to this, while other things are taken".to_owned()));
    }
    if !is_not_understood(&first) {
        return Ok(judge(node, (id, &text), first));
    }
    let second = post(node, &inbox, &body, &keys, (begun.other(), followers)).await;
    if second.as_ref().is_ok_and(|answer| answer.status.is_success()) {
        *manner.lock().unwrap_or_else(PoisonError::into_inner) = begun.other();
        return Ok(judge(node, (id, &text), second));
    }
    if are_new(&keys, node.app().now()) {
        return Ok(unready(put_off(node, (id, &text), "our new key may not be known there yet".to_owned())));
    }
    Ok(judge(node, (id, &text), first))
}

/// The keys of who signs; or why they cannot be had now, or nothing, where nobody of that id lives here any more.
async fn keys_of(
    node: &Federation,
    actor: ActorId,
) -> Result<Result<Arc<ActorKeys>, Option<String>>, error::Error> {
    if let Some(keys) = node.keys().known(node.app(), actor) {
        return Ok(Ok(keys));
    }
    let Some(actor) = actors::find(&mut node.app().reader(), actor).await? else { return Ok(Err(None)) };
    Ok(node.keys_of(&actor).await.map_err(|error| match error {
        KeyError::Gone => None,
        KeyError::Store(_) | KeyError::Unusable(_) | KeyError::Stopped(_) | KeyError::Elsewhere(_) => {
            Some(causes::line(&error))
        }
    }))
}

/// What is said of the followers of who signs, at the host of the inbox.
async fn followers(
    node: &Federation,
    actor: ActorId,
    inbox: &Url,
) -> Result<Option<HeaderValue>, error::Error> {
    match actors::find(&mut node.app().reader(), actor).await? {
        Some(actor) => synchronize::header(node, &actor, inbox).await,
        None => Ok(None),
    }
}

async fn post(
    node: &Federation,
    inbox: &Url,
    body: &Bytes,
    keys: &Arc<ActorKeys>,
    (manner, followers): (Manner, Option<HeaderValue>),
) -> Result<Answer, FetchError> {
    // Signed anew at every try: a signature is only good for a while.
    let mut headers = manner.sign(&Method::POST, inbox, body, keys, node.unix_now());
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/activity+json"));
    headers.extend(followers.map(|followers| (synchronize::HEADER, followers)));
    node.client().post(inbox, headers, body.clone()).await
}

fn is_unanswered(answer: &Result<Answer, FetchError>) -> bool {
    matches!(answer, Err(FetchError::Unavailable { outage: Outage::Deadline, .. }))
}

/// Whether a host has left this unanswered time and again, and has taken something else meanwhile. `NodeBB` gives no
/// answer to what it fails over, and would keep all that follows in the same thread waiting for days.
async fn is_stumbled_over(
    node: &Federation,
    (id, text): (DeliveryId, &Text),
    inbox: &Url,
) -> Result<bool, error::Error> {
    if text.attempts + 1 < UNANSWERED_MAX {
        return Ok(false);
    }
    let name = fold::host_of(inbox).unwrap_or_default();
    let host = hosts::find(&mut node.app().reader(), &name).await?;
    Ok(host.and_then(|host| host.succeeded_at).is_some_and(|at| at > moment_of(id.get())))
}

/// Whether a refusal may be that of a host which has not read these keys yet.
fn are_new(keys: &ActorKeys, now: Timestamp) -> bool {
    keys.renewed_at.is_some_and(|at| at.plus_secs(RENEWED_SECS) > now)
}

fn is_not_understood(answer: &Result<Answer, FetchError>) -> bool {
    answer
        .as_ref()
        .is_ok_and(|answer| matches!(answer.status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED))
}

fn judge(node: &Federation, what: (DeliveryId, &Text), answer: Result<Answer, FetchError>) -> Sent {
    let answer = match answer {
        Ok(answer) => answer,
        Err(FetchError::Unavailable { outage: Outage::Undecided(error), .. }) => {
            return unready(put_off(node, what, causes::line(&*error)));
        }
        // It took the connection. What it does not answer may be this alone.
        Err(FetchError::Unavailable { outage: outage @ Outage::Deadline, .. }) => {
            return put_off(node, what, outage.told());
        }
        Err(FetchError::Unavailable { retry_after, outage }) => {
            return Sent::Unreachable { error: outage.told(), wait_secs: secs(retry_after) };
        }
        Err(FetchError::Refused(refusal)) => return Sent::Refused(refusal.to_string()),
        Err(error) => return Sent::Refused(causes::line(&error)),
    };
    let says = format!("status {}", answer.status.as_u16());
    match answer.status.as_u16() {
        200..=299 => Sent::Arrived(says),
        429 | 503 => Sent::Unreachable { error: says, wait_secs: secs(answer.retry_after) },
        500..=599 if answer.retry_after.is_some() => {
            Sent::Unreachable { error: says, wait_secs: secs(answer.retry_after) }
        }
        // A host that cannot read our key right now says 401 too.
        401 | 408 | 425 | 500..=599 => put_off(node, what, says),
        _ => Sent::Refused(says),
    }
}

/// It is tried again, unless it has waited for too long.
fn put_off(node: &Federation, (id, text): (DeliveryId, &Text), error: String) -> Sent {
    // Since it was to be delivered: what was taken out and restored is an older activity.
    if moment_of(id.get()).plus_secs(GIVE_UP_SECS) > node.app().now() {
        Sent::Later { attempts: text.attempts, error }
    } else {
        Sent::TooLate(error)
    }
}

/// What was put off, but not because of the host.
fn unready(sent: Sent) -> Sent {
    match sent {
        Sent::Later { attempts, error } => Sent::Unready { attempts, error },
        ended => ended,
    }
}

fn secs(wait: Option<Duration>) -> Option<i64> {
    wait.and_then(|wait| i64::try_from(wait.as_secs()).ok())
}
