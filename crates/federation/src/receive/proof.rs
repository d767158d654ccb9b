//! What an actor has proved to have done (FEP-8b32): then it does not matter who passes it on, and their
//! origin need not be asked. A proof that is wrong, old or of somebody else is as if there were none.

use crate::documents::activity::Activity;
use crate::documents::origin;
use crate::node::Federation;
use crate::receive::{Refused, key};
use crate::resolve;
use alongside_app::hosts::NoTalk;
use alongside_domain::fold;
use alongside_store::error;
use http_signatures::refused::Refused as Unsigned;

/// Whether its own actor vouches for an activity that somebody else passes on. Only what belongs to the host
/// of its actor can be vouched for, and only lately: what was taken back since must not come again.
pub async fn vouches(node: &Federation, passed_on: &Activity) -> Result<bool, error::Error> {
    let Some(proof) = passed_on.proof.as_deref().filter(|proof| proof.is_fresh(node.app().now())) else {
        return Ok(false);
    };
    let actor = &passed_on.actor;
    let is_theirs = |id| origin::same(id, actor);
    let is_possible = passed_on.id.as_ref().is_some_and(is_theirs)
        && is_theirs(&proof.key)
        && !node.app().places().is_here(actor.as_str())
        && node.client().allows(&proof.key).is_ok();
    let Some(host) = fold::host_of(actor).filter(|_| is_possible) else { return Ok(false) };
    match node.may_talk(&mut node.app().reader(), &host).await {
        Ok(()) => {}
        Err(NoTalk::Silent(_)) => return Ok(false),
        Err(NoTalk::Store(error)) => return Err(error),
    }
    // Getting to know the actor brings their keys, and has to be done anyway.
    if resolve::actor(node, actor).await.is_err() {
        return Ok(false);
    }
    let verify = |key: &_| if proof.is_by(key) { Ok(()) } else { Err(Unsigned::BadSignature) };
    match key::of_signer(node, &proof.key, verify).await {
        Ok(owner) => Ok(owner == actor.as_str()),
        Err(Refused::Store(error)) => Err(error),
        Err(refused) => {
            tracing::debug!(reason = %refused, "a proof does not count");
            Ok(false)
        }
    }
}
