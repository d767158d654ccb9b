//! A community's wall (FEP-400e), for software that knows communities by nothing else: what is hung on it, and what is
//! taken off.

use crate::build::{Audience, activity, with};
use alongside_domain::actor::Actor;
use alongside_domain::id::EntryId;
use alongside_domain::place::{Part, Place, Places};
use alongside_domain::post::Post;
use serde_json::Value;

/// A community of ours has a new thread.
pub fn add(places: &Places, id: EntryId, community: &Actor, post: &Post, author: &Actor) -> Value {
    about(places, ("Add", format!("hang-{id}")), community, post, author)
}

/// A thread is no longer in a community of ours.
pub fn remove(places: &Places, id: EntryId, community: &Actor, post: &Post, author: &Actor) -> Value {
    about(places, ("Remove", format!("take-down-{id}")), community, post, author)
}

fn about(
    places: &Places,
    (kind, name): (&str, String),
    community: &Actor,
    post: &Post,
    author: &Actor,
) -> Value {
    let audience = Audience::following(community, post.visibility).and_cc([author.uri.clone()]);
    let id = places.of(Place::Activity(&name));
    let wall = places.of(Place::Of(&community.handle, Part::Wall));
    with(activity(id, kind, community, post.uri.clone().into(), audience), "target", Some(wall))
}
