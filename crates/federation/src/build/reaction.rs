//! Reactions: a `Like` with the symbol of what it says.

use crate::build::parts::PostParts;
use crate::build::{Audience, activity, undo, with};
use crate::documents::addressing::PUBLIC;
use alongside_domain::actor::Actor;
use alongside_domain::id::ReactionId;
use alongside_domain::place::{Place, Places, reaction_name};
use alongside_domain::post::Visibility;
use alongside_domain::reaction::Reaction;
use serde_json::Value;

/// Somebody here reacted to a post.
pub fn like(places: &Places, id: ReactionId, says: Reaction, actor: &Actor, on: &PostParts) -> Value {
    with(bare_like(places, id, actor, on), "content", Some(says.symbol()))
}

/// Somebody here took a reaction back. The row is gone by now, and with it what it said.
pub fn unlike(places: &Places, id: ReactionId, actor: &Actor, on: &PostParts) -> Value {
    undo(places, bare_like(places, id, actor, on), actor, &reaction_name(id))
}

fn bare_like(places: &Places, id: ReactionId, actor: &Actor, on: &PostParts) -> Value {
    let id = places.of(Place::Activity(&reaction_name(id)));
    let community = on.community.as_ref().map(|community| community.uri.clone());
    let document = activity(id, "Like", actor, on.post.uri.clone().into(), audience(on));
    with(document, "audience", community)
}

/// To the author. In a community to that too, which passes it on to all who may see what it is about.
fn audience(on: &PostParts) -> Audience {
    if on.post.visibility == Visibility::Members {
        return crate::build::post::members(on);
    }
    let mut audience = Audience::only(&on.author);
    if let Some(community) = &on.community {
        audience.to.push(community.uri.clone());
        if on.post.visibility.is_open() {
            audience.cc.push(PUBLIC.to_owned());
        }
    }
    audience
}
