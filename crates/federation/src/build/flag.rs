//! Reports, as others are told of them: by the node itself, which names no reporter.

use crate::build::{Audience, activity, with};
use alongside_domain::actor::Actor;
use alongside_domain::place::{Place, Places};
use alongside_domain::report::Report;
use serde_json::Value;

/// A report about somebody and these posts of theirs, for one other: their community, or themselves.
pub fn flag(
    places: &Places,
    report: &Report,
    node: &Actor,
    about: &Actor,
    posts: &[String],
    told: &Actor,
) -> Value {
    let objects: Vec<&str> = std::iter::once(&*about.uri).chain(posts.iter().map(String::as_str)).collect();
    let id = places.of(Place::Activity(&format!("flag-{}-{}", report.id, told.id)));
    let document = activity(id, "Flag", node, objects.into(), Audience::only(told));
    let comment = Some(report.comment.clone()).filter(|comment| !comment.is_empty());
    // Two names for the same, each read by some.
    let document = with(with(document, "content", comment.clone()), "summary", comment);
    with(document, "audience", told.is_community().then(|| told.uri.clone()))
}
