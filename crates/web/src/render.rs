//! From rows to what clients are sent. Everything here works on a whole page at once: ids are
//! collected first, then read with a few statements, however long the page is.

pub(crate) mod accounts;
pub(crate) mod admin;
pub(crate) mod announcements;
pub(crate) mod around;
pub(crate) mod conversations;
pub(crate) mod emojis;
pub(crate) mod groups;
pub(crate) mod kept;
pub(crate) mod many;
pub(crate) mod measures;
pub(crate) mod media;
pub(crate) mod notifications;
pub(crate) mod own;
pub(crate) mod polls;
pub(crate) mod reports;
pub(crate) mod scheduled;
pub(crate) mod statuses;
pub(crate) mod tags;

use alongside_domain::place::{Place, Places};
use alongside_domain::post::Visibility;

/// The word of the API for who may read a post. Members of a community are nobody's followers, but
/// "followers only" is the narrowest thing that every client understands.
pub(crate) const fn visibility(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Unlisted => "unlisted",
        Visibility::Followers | Visibility::Members => "private",
        Visibility::Direct => "direct",
    }
}

/// The whole address of a file that everybody may see: what was uploaded here is kept by its bare name, what
/// comes with the node by its path, and what lies elsewhere by its address.
pub(crate) fn file(places: &Places, kept: &str) -> String {
    if kept.contains("://") {
        // Until copies can be given, nobody is sent to another server instead.
        places.elsewhere(kept).unwrap_or_else(|| places.of(Place::Copy("none")))
    } else if kept.starts_with('/') {
        format!("{}{kept}", places.origin())
    } else {
        places.of(Place::Media(kept))
    }
}
