//! Boosts: an `Announce` of a post by its address. A community's own boost of a thread is what shows it
//! to software that knows no communities.

use crate::build::{Audience, activity, undo, with};
use alongside_domain::actor::Actor;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::EntryId;
use alongside_domain::place::{Place, Places};
use alongside_domain::post::Post;
use serde_json::Value;

/// Somebody here, or a community of ours, boosted a post.
pub fn boost(
    places: &Places,
    id: EntryId,
    at: Timestamp,
    actor: &Actor,
    post: &Post,
    author: &Actor,
) -> Value {
    with(bare_boost(places, id, actor, post, author), "published", Some(at.to_string()))
}

/// A boost was taken back. The row is gone by now, and with it when it was made.
pub fn unboost(places: &Places, id: EntryId, actor: &Actor, post: &Post, author: &Actor) -> Value {
    undo(places, bare_boost(places, id, actor, post, author), actor, &name(id))
}

fn bare_boost(places: &Places, id: EntryId, actor: &Actor, post: &Post, author: &Actor) -> Value {
    let audience = Audience::following(actor, post.visibility).and_cc([author.uri.clone()]);
    let id = places.of(Place::Activity(&name(id)));
    activity(id, "Announce", actor, post.uri.clone().into(), audience)
}

fn name(id: EntryId) -> String {
    format!("boost-{id}")
}
