//! Boosts: an `Announce` of a post by its address. A community's own boost of a thread is what shows it
//! to software that knows no communities.

use crate::build::{Audience, activity, undo, with};
use alongside_domain::actor::Actor;
use alongside_domain::id::EntryId;
use alongside_domain::place::{Place, Places, boost_name};
use alongside_domain::post::{Post, Visibility};
use alongside_store::entries::Entry;
use serde_json::Value;

/// Somebody here, or a community of ours, boosted a post.
pub fn boost(places: &Places, line: &Entry, actor: &Actor, post: &Post, author: &Actor) -> Value {
    let boost = bare_boost(places, line.id, line.visibility, actor, post, author);
    with(boost, "published", Some(line.at.to_string()))
}

/// A boost was taken back that was for these. The row is gone by now, and with it when it was made.
pub fn unboost(
    places: &Places,
    id: EntryId,
    visibility: Visibility,
    actor: &Actor,
    post: &Post,
    author: &Actor,
) -> Value {
    undo(places, bare_boost(places, id, visibility, actor, post, author), actor, &boost_name(id))
}

fn bare_boost(
    places: &Places,
    id: EntryId,
    visibility: Visibility,
    actor: &Actor,
    post: &Post,
    author: &Actor,
) -> Value {
    let audience = Audience::following(actor, visibility).and_cc([author.uri.clone()]);
    let id = places.of(Place::Activity(&boost_name(id)));
    activity(id, "Announce", actor, post.uri.clone().into(), audience)
}
