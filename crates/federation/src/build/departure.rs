//! Going and moving: an actor deletes itself, says that it has moved, or which other addresses are its own.

use crate::build::{Audience, activity, with};
use crate::documents::addressing::PUBLIC;
use alongside_domain::actor::Actor;
use alongside_domain::id::PostId;
use alongside_domain::place::{Place, Places};
use alongside_domain::post::Visibility;
use alongside_store::moves::{Moved, Moves};
use serde_json::{Value, json};

/// An actor is gone, and everything of theirs: the Lemmy family keeps what was written by whoever does not say so.
pub fn delete(places: &Places, actor: &Actor) -> Value {
    let id = places.of(Place::Activity(&format!("gone-{}", actor.id)));
    let audience = Audience::following(actor, Visibility::Public);
    with(activity(id, "Delete", actor, actor.uri.clone().into(), audience), "removeData", Some(true))
}

/// A post is gone with its author, who can sign no more: the node says so.
pub fn delete_post(places: &Places, node: &Actor, post: PostId, uri: &str) -> Value {
    let id = places.of(Place::Activity(&format!("gone-with-{post}")));
    let audience = Audience { to: vec![PUBLIC.to_owned()], cc: Vec::new() };
    activity(id, "Delete", node, json!({ "id": uri, "type": "Tombstone" }), audience)
}

/// An actor has moved: their followers are asked to follow the other.
pub fn moved(places: &Places, actor: &Actor, to: &Moved) -> Value {
    let id = places.of(Place::Activity(&format!("move-{}-{}", actor.id, to.at.as_micros())));
    let audience = Audience::following(actor, Visibility::Followers);
    let moved = activity(id, "Move", actor, actor.uri.clone().into(), audience);
    with(moved, "target", Some(to.uri.clone()))
}

/// What an actor's document says of other addresses, where there are any.
pub fn add_to(document: &mut Value, moves: &Moves) {
    let Some(members) = document.as_object_mut() else { return };
    if moves.aliases.is_empty() && moves.moved.is_none() {
        return;
    }
    members.insert("alsoKnownAs".to_owned(), json!(moves.aliases));
    if let Some(moved) = &moves.moved {
        members.insert("movedTo".to_owned(), json!(moved.uri));
    }
    if let Some(context) = members.get_mut("@context").and_then(Value::as_array_mut) {
        context.push(json!({
            "movedTo": { "@id": "as:movedTo", "@type": "@id" },
            "alsoKnownAs": { "@id": "as:alsoKnownAs", "@type": "@id" },
        }));
    }
}
