//! Telling others of a post: that it is there, that it was changed, that it is gone.

use crate::build::parts::PostParts;
use crate::build::post::{self, audience};
use crate::build::{activity, addresses, with};
use crate::documents::addressing::PUBLIC;
use alongside_domain::id::PostId;
use alongside_domain::place::{Place, Places};
use alongside_domain::post::Visibility;
use serde_json::{Value, json};

/// What the name of an activity begins with that published a post.
const CREATE: &str = "create-";

/// A post was published.
pub fn create(places: &Places, parts: &PostParts) -> Value {
    let document = about(places, parts, "Create", &create_name(parts), post::post(places, parts));
    with(document, "published", Some(parts.post.published_at.to_string()))
}

/// A post was changed, or its poll has ended or stands otherwise.
pub fn update(places: &Places, parts: &PostParts) -> Value {
    let ended = parts.poll.as_ref().and_then(|poll| poll.ended_at);
    let at = parts.post.edited_at.max(ended).unwrap_or(parts.post.published_at);
    let name = format!("update-{}-{}{}", parts.post.id, at.as_micros(), count(parts));
    let document = about(places, parts, "Update", &name, post::post(places, parts));
    with(document, "updated", Some(at.to_string()))
}

/// How a poll stands that goes on: each count is told once. Where nobody is to know it yet, there is nothing to tell.
fn count(parts: &PostParts) -> String {
    let poll = parts.poll.as_ref().filter(|poll| parts.shows_totals && poll.ended_at.is_none());
    let votes = poll.map_or(0, |poll| poll.choices.iter().map(|choice| choice.votes_count).sum::<i64>());
    if votes > 0 { format!("-{votes}") } else { String::new() }
}

/// A post is gone.
pub fn delete(places: &Places, parts: &PostParts) -> Value {
    let tombstone = json!({ "id": parts.post.uri, "type": "Tombstone" });
    let mut document = about(places, parts, "Delete", &format!("delete-{}", parts.post.id), tombstone);
    // The Lemmy family lets go of a post only where the public stands in the first place.
    if parts.post.visibility == Visibility::Unlisted {
        document["to"] = [PUBLIC.to_owned()].into_iter().chain(addresses(&document, "to")).collect();
        document["cc"] = addresses(&document, "cc").into_iter().filter(|to| to != PUBLIC).collect();
    }
    document
}

/// The name of the activity that published a post.
pub fn create_name(parts: &PostParts) -> String {
    format!("{CREATE}{}", parts.post.id)
}

/// The post that the activity of this name published.
pub fn created(name: &str) -> Option<PostId> {
    name.strip_prefix(CREATE)?.parse().ok()
}

fn about(places: &Places, parts: &PostParts, kind: &str, name: &str, object: Value) -> Value {
    let id = places.of(Place::Activity(name));
    let document = activity(id, kind, &parts.author, object, audience(parts));
    with(document, "audience", parts.community.as_ref().map(|community| community.uri.clone()))
}
