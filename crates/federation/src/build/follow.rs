//! Follows, and the answers to them. An answer carries the whole follow under the address it came with,
//! because some find it by that address alone.

use crate::build::{Audience, activity, undo};
use alongside_domain::actor::Actor;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::FollowId;
use alongside_domain::place::{Place, Places, follow_name};
use alongside_store::follows::Follow;
use serde_json::{Value, json};

/// Somebody here asks to follow. Where what is asked again has to have another name, the moment is part of it.
pub fn follow(
    places: &Places,
    id: FollowId,
    again: Option<Timestamp>,
    follower: &Actor,
    target: &Actor,
) -> Value {
    let again = again.map(|at| format!("-{}", at.as_micros())).unwrap_or_default();
    let id = places.of(Place::Activity(&format!("{}{again}", follow_name(id))));
    activity(id, "Follow", follower, target.uri.clone().into(), Audience::only(target))
}

/// Somebody here follows no longer. The row is gone by now.
pub fn unfollow(places: &Places, id: FollowId, follower: &Actor, target: &Actor) -> Value {
    undo(places, follow(places, id, None, follower, target), follower, &follow_name(id))
}

/// Somebody here, or a community, lets a follower in. Asked again, they answer again, so the moment is
/// part of the name.
pub fn accept(places: &Places, followed: &Follow, follower: &Actor, target: &Actor, at: Timestamp) -> Value {
    let name = format!("accept-{}-{}", followed.id, at.as_micros());
    answer(places, "Accept", &name, &followed.uri, follower, target)
}

/// Somebody here, or a community, refuses a follower or sends them out. The row is gone by now.
pub fn reject(places: &Places, follow_uri: &str, follower: &Actor, target: &Actor, at: Timestamp) -> Value {
    let name = format!("reject-{}-{}-{}", target.id, follower.id, at.as_micros());
    answer(places, "Reject", &name, follow_uri, follower, target)
}

fn answer(
    places: &Places,
    kind: &str,
    name: &str,
    follow_uri: &str,
    follower: &Actor,
    target: &Actor,
) -> Value {
    let asked = json!({ "id": follow_uri, "type": "Follow", "actor": follower.uri, "object": target.uri });
    activity(places.of(Place::Activity(name)), kind, target, asked, Audience::only(follower))
}
