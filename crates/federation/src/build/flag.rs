//! Reports, as others are told of them: by the node itself, or its staff, which name no reporter.

use crate::build::{Audience, activity, with};
use alongside_domain::actor::Actor;
use alongside_domain::place::{Place, Places};
use alongside_domain::report::Report;
use serde_json::Value;

/// A report about somebody and these posts of theirs, for one other: their community, or themselves; and to whom it
/// says that it is.
pub fn flag(
    places: &Places,
    report: &Report,
    by: &Actor,
    about: &Actor,
    posts: &[String],
    (told, to): (&Actor, &Actor),
) -> Value {
    let objects: Vec<&str> = std::iter::once(&*about.uri).chain(posts.iter().map(String::as_str)).collect();
    let id = places.of(Place::Activity(&format!("flag-{}-{}", report.id, told.id)));
    let document = activity(id, "Flag", by, objects.into(), Audience::only(to));
    // Two names for the same, each read by some. Lemmy takes none where there is neither, be it empty.
    let comment = Some(report.comment.clone());
    let document = with(with(document, "content", comment.clone()), "summary", comment);
    with(document, "audience", to.is_community().then(|| to.uri.clone()))
}
