//! Reports, as others are told of them: by the node itself, or its staff, which name no reporter.

use crate::build::{Audience, activity, with};
use alongside_domain::actor::Actor;
use alongside_domain::place::{Place, Places};
use alongside_domain::report::Report;
use serde_json::Value;

/// A report, under a name of its own, about one or more whose addresses these are; and to whom it says that it is: a
/// community, or whoever it is about.
pub fn flag(places: &Places, report: &Report, by: &Actor, name: &str, about: Value, to: &Actor) -> Value {
    let id = places.of(Place::Activity(name));
    let document = activity(id, "Flag", by, about, Audience::only(to));
    // Two names for the same, each read by some. Lemmy takes none where there is neither, be it empty.
    let comment = Some(report.comment.clone());
    let document = with(with(document, "content", comment.clone()), "summary", comment);
    with(document, "audience", to.is_community().then(|| to.uri.clone()))
}
