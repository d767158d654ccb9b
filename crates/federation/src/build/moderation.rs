//! Measures of moderators, as activities (FEP-1b12): what a moderator did, for a community to announce or to
//! be asked for. They name the public and the community, because that is how they are recognised; in what is for
//! the members of a community, that and its members.

use crate::build::{Audience, activity, undo, with};
use crate::documents::addressing::PUBLIC;
use alongside_domain::actor::Actor;
use alongside_domain::moderation::{Measure, MeasureKind, Taken};
use alongside_domain::place::{Place, Places};
use alongside_domain::post::Visibility;
use alongside_store::communities::Lists;
use serde_json::Value;

/// What is said of a removal for which no reason was given: without any, a `Delete` says that the author did it.
const NO_REASON: &str = "Removed by a moderator";

/// A measure and all that its document names.
#[derive(Debug, Clone)]
pub struct MeasureParts {
    /// The measure.
    pub taken: Taken,
    /// Who took it.
    pub by: Actor,
    /// In which community.
    pub community: Actor,
    /// The lists of that community.
    pub lists: Lists,
    /// What it is about: a post, or somebody.
    pub about: String,
    /// Who may read what it is about, and so the measure.
    pub visibility: Visibility,
    /// What it takes back, where that is known here.
    pub undone: Option<Taken>,
}

/// The activity of a measure. None where the community has no list that it could change.
pub fn measure(places: &Places, parts: &MeasureParts) -> Option<Value> {
    let taken = &parts.taken;
    let name = format!("measure-{}", taken.id);
    Some(match taken.measure {
        Measure::Remove(_) | Measure::Lock(_) | Measure::Ban { .. } => plain(places, &name, taken, parts),
        Measure::Restore(_) | Measure::Unlock(_) | Measure::Unban(_) => {
            let (name, undone) = taken_back(parts, &name)?;
            undo(places, plain(places, &name, &undone, parts), &parts.by, &format!("{name}-by-{}", taken.id))
        }
        Measure::Feature(_) => listed(places, &name, "Add", parts.lists.featured.as_ref()?, parts),
        Measure::Unfeature(_) => listed(places, &name, "Remove", parts.lists.featured.as_ref()?, parts),
        Measure::Appoint(_) => listed(places, &name, "Add", parts.lists.moderators.as_ref()?, parts),
        Measure::Dismiss(_) => listed(places, &name, "Remove", parts.lists.moderators.as_ref()?, parts),
    })
}

/// What is taken back, and its name: that of the earlier measure where the same moderator took it, else one
/// that nothing else has, because an `Undo` embeds what its own actor did.
fn taken_back(parts: &MeasureParts, name: &str) -> Option<(String, Taken)> {
    let earlier = parts.undone.as_ref();
    if let Some(earlier) = earlier.filter(|earlier| earlier.by == parts.taken.by) {
        return Some((format!("measure-{}", earlier.id), earlier.clone()));
    }
    let measure = match (earlier, parts.taken.measure) {
        (Some(earlier), _) => earlier.measure,
        (None, Measure::Restore(post)) => Measure::Remove(post),
        (None, Measure::Unlock(post)) => Measure::Lock(post),
        (None, Measure::Unban(member)) => Measure::Ban { member, until: None, removes_posts: false },
        (None, _) => return None,
    };
    let reason = earlier.map(|earlier| earlier.reason.clone()).unwrap_or_default();
    Some((format!("{name}-undone"), Taken { measure, reason, ..parts.taken.clone() }))
}

/// A removal, a lock or a ban.
fn plain(places: &Places, name: &str, taken: &Taken, parts: &MeasureParts) -> Value {
    let reason = Some(taken.reason.clone()).filter(|reason| !reason.is_empty());
    if let Measure::Ban { until, removes_posts, .. } = taken.measure {
        let ban = bare(places, name, "Block", parts);
        let ban = with(ban, "target", Some(parts.community.uri.clone()));
        let ban = with(with(ban, "summary", reason), "removeData", Some(removes_posts));
        // Two names for the same, each read by some.
        let ends = until.map(|until| until.to_string());
        return with(with(ban, "endTime", ends.clone()), "expires", ends);
    }
    if taken.measure.kind() == MeasureKind::Lock {
        return with(bare(places, name, "Lock", parts), "summary", reason);
    }
    let reason = reason.unwrap_or_else(|| NO_REASON.to_owned());
    with(bare(places, name, "Delete", parts), "summary", Some(reason))
}

fn listed(places: &Places, name: &str, kind: &str, list: &str, parts: &MeasureParts) -> Value {
    with(bare(places, name, kind, parts), "target", Some(list.to_owned()))
}

fn bare(places: &Places, name: &str, kind: &str, parts: &MeasureParts) -> Value {
    let community = parts.community.uri.clone();
    let audience = if parts.visibility == Visibility::Members {
        let to = std::iter::once(community).chain(parts.community.followers.clone()).collect();
        Audience { to, cc: Vec::new() }
    } else {
        Audience { to: vec![PUBLIC.to_owned()], cc: vec![community] }
    };
    let id = places.of(Place::Activity(name));
    let document = activity(id, kind, &parts.by, parts.about.clone().into(), audience);
    with(document, "audience", Some(parts.community.uri.clone()))
}
