//! What moderators elsewhere do: in a community of ours that they look after, or in a community elsewhere that
//! announces it.
//!
//! Whose post or list it is decides nothing. Only the community's own moderators count, and for a community
//! elsewhere those who live on its host: the verb asks. Here it is found out what is meant, and in which
//! community.

use crate::documents::activity::{Action, Activity};
use crate::documents::origin;
use crate::documents::reference::Reference;
use crate::node::Federation;
use crate::receive::act::{Context, Error, Outcome};
use crate::{resolve, sanitise};
use alongside_app::effects::Via;
use alongside_app::moderation;
use alongside_domain::actor::Actor;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, CommunityId, PostId};
use alongside_domain::limits::{BAN_SECS_MAX, REASON_CHARS_MAX};
use alongside_domain::moderation::Measure;
use alongside_domain::place::{Part, Place};
use alongside_domain::post::Post;
use alongside_store::{actors, communities, posts};
use url::Url;

/// What is meant, and where.
#[derive(Debug)]
struct Order {
    community: CommunityId,
    measure: Measure,
    reason: String,
}

/// In which direction an activity is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It is done.
    Done,
    /// It is taken back.
    Undone,
}

/// Whether an activity is one that moderators do, or takes one back.
pub fn is_measure(action: &Action) -> bool {
    match action {
        Action::Lock { .. } | Action::Add { .. } | Action::Remove { .. } | Action::Block { .. } => true,
        Action::Undo { object, .. } => object.activity().is_some_and(|undone| {
            matches!(undone.action, Action::Lock { .. } | Action::Delete { .. } | Action::Block { .. })
        }),
        _ => false,
    }
}

/// The post or the person that a measure, or a deletion, is about.
pub fn about(action: &Action) -> Option<&Url> {
    match action {
        Action::Lock { object, .. } | Action::Block { object, .. } => Some(object),
        Action::Delete { object, .. } | Action::Add { object, .. } | Action::Remove { object, .. } => {
            object.id()
        }
        Action::Undo { object, .. } => about(&object.activity()?.action),
        _ => None,
    }
}

/// Somebody elsewhere takes a measure in a community of ours, or a community elsewhere takes one itself.
pub async fn arrived(context: &Context<'_>, action: &Action, way: Way) -> Result<Outcome, Error> {
    let group = Some(&context.actor).filter(|actor| actor.is_community());
    match order(context, group, action, way).await? {
        Ok(order) => carry_out(context, &context.actor, order, context.via).await,
        Err(outcome) => Ok(outcome),
    }
}

/// A community elsewhere announces what one of its moderators did.
pub async fn announced(context: &Context<'_>, inner: &Activity) -> Result<Outcome, Error> {
    let by = moderator(context, &inner.actor).await?;
    if by.is_local() {
        return Ok(Outcome::Ignored("our own, come back"));
    }
    let (action, way) = match &inner.action {
        Action::Undo { object, .. } => match object.activity() {
            Some(undone) => (&undone.action, Way::Undone),
            None => return Ok(Outcome::Ignored("nothing kept that could be undone")),
        },
        action => (action, Way::Done),
    };
    match order(context, Some(&context.actor), action, way).await? {
        Ok(order) => carry_out(context, &by, order, Via::Fetched).await,
        Err(outcome) => Ok(outcome),
    }
}

/// A community elsewhere takes a post out of itself.
pub async fn taken_out(context: &Context<'_>, post: &Post) -> Result<Outcome, Error> {
    let community = CommunityId::of(context.actor.id);
    let order = Order { community, measure: Measure::Remove(post.id), reason: String::new() };
    carry_out(context, &context.actor, order, Via::Fetched).await
}

async fn carry_out(context: &Context<'_>, by: &Actor, order: Order, via: Via) -> Result<Outcome, Error> {
    let app = context.node.app();
    let changed = moderation::take(app, by, order.community, order.measure, &order.reason, via).await?;
    Ok(if changed { Outcome::Done } else { Outcome::Ignored("it was so before") })
}

/// Who acted, according to the community. Somebody never heard of is asked for only on its own host: no one
/// else there can be one of its moderators.
async fn moderator(context: &Context<'_>, uri: &Url) -> Result<Actor, Error> {
    if let Some(known) = actors::find_by_uri(&mut context.node.app().reader(), uri.as_str()).await? {
        return Ok(known);
    }
    if Url::parse(&context.actor.uri).is_ok_and(|own| origin::same(&own, uri)) {
        return Ok(resolve::actor(context.node, uri).await?);
    }
    Err(Error::Never("not one of its moderators"))
}

/// What is meant, if it concerns a community of ours or that group; otherwise what becomes of it.
async fn order(
    context: &Context<'_>,
    group: Option<&Actor>,
    action: &Action,
    way: Way,
) -> Result<Result<Order, Outcome>, Error> {
    match action {
        Action::Delete { object, reason } => {
            let measure = if way == Way::Done { Measure::Remove } else { Measure::Restore };
            about_post(context, group, object.id(), reason.as_deref(), measure).await
        }
        Action::Lock { object, reason } => {
            let measure = if way == Way::Done { Measure::Lock } else { Measure::Unlock };
            about_post(context, group, Some(object), reason.as_deref(), measure).await
        }
        Action::Block { object, target: Some(target), ends, removes_posts, reason } => {
            let Some(community) = community_at(context, group, target).await? else {
                return Ok(Err(Outcome::Ignored("blocks of others are theirs")));
            };
            let Some(member) = actors::find_by_uri(&mut context.node.app().reader(), object.as_str()).await?
            else {
                return Ok(Err(Outcome::Ignored("nobody known here")));
            };
            let until = end_of_ban(context.node, *ends);
            let measure = match way {
                Way::Done => Measure::Ban { member: member.id, until, removes_posts: *removes_posts },
                Way::Undone => Measure::Unban(member.id),
            };
            Ok(Ok(Order { community, measure, reason: cut(reason.as_deref()) }))
        }
        Action::Add { object, target } if way == Way::Done => {
            listed(context, group, object, target, true).await
        }
        Action::Remove { object, target } if way == Way::Done => {
            listed(context, group, object, target, false).await
        }
        Action::Block { target: None, .. } => Ok(Err(Outcome::Ignored("blocks of others are theirs"))),
        _ => Ok(Err(Outcome::Ignored("nothing kept that could be undone"))),
    }
}

async fn about_post(
    context: &Context<'_>,
    group: Option<&Actor>,
    object: Option<&Url>,
    reason: Option<&str>,
    measure: fn(PostId) -> Measure,
) -> Result<Result<Order, Outcome>, Error> {
    let mut reader = context.node.app().reader();
    let object = object.ok_or(Error::Never("about nothing"))?;
    let Some(post) = posts::find_by_uri(&mut reader, object.as_str()).await? else {
        return Ok(Err(Outcome::Ignored("unknown post")));
    };
    let Some(community) = post.community else { return Err(Error::Never("not a post of a community")) };
    let is_theirs = match group {
        Some(group) => community == CommunityId::of(group.id),
        None => communities::find(&mut reader, community.actor()).await?.is_some_and(|found| found.local),
    };
    if !is_theirs {
        return Err(Error::Never("not a post of that community"));
    }
    Ok(Ok(Order { community, measure: measure(post.id), reason: cut(reason) }))
}

/// Something is put on a list of a community, or taken off it.
async fn listed(
    context: &Context<'_>,
    group: Option<&Actor>,
    object: &Reference,
    target: &Url,
    is_on: bool,
) -> Result<Result<Order, Outcome>, Error> {
    let Some((community, part)) = list_at(context, group, target).await? else {
        return Ok(Err(Outcome::Ignored("collections of others are not kept")));
    };
    let object = object.id().ok_or(Error::Never("about nothing"))?;
    if part == Part::Featured {
        let measure = if is_on { Measure::Feature } else { Measure::Unfeature };
        let order = about_post(context, group, Some(object), None, measure).await?;
        return match order {
            Ok(order) if order.community != community => Err(Error::Never("not a post of that community")),
            order => Ok(order),
        };
    }
    let member = match actors::find_by_uri(&mut context.node.app().reader(), object.as_str()).await? {
        Some(known) => known.id,
        None if is_on => newcomer(context, community, object).await?,
        None => return Ok(Err(Outcome::Ignored("nobody known here"))),
    };
    let measure = if is_on { Measure::Appoint(member) } else { Measure::Dismiss(member) };
    Ok(Ok(Order { community, measure, reason: String::new() }))
}

/// Somebody never heard of who is to look after a community. Nobody makes us ask for them who could not
/// appoint them.
async fn newcomer(context: &Context<'_>, community: CommunityId, uri: &Url) -> Result<ActorId, Error> {
    let app = context.node.app();
    if !context.actor.is_community() {
        moderation::standing::check(app, context.actor.id, community).await?;
    }
    Ok(resolve::actor(context.node, uri).await?.id)
}

/// The community of this address: the group itself, or without one a community of ours.
async fn community_at(
    context: &Context<'_>,
    group: Option<&Actor>,
    uri: &Url,
) -> Result<Option<CommunityId>, Error> {
    if let Some(group) = group {
        return Ok((group.uri == uri.as_str()).then(|| CommunityId::of(group.id)));
    }
    let app = context.node.app();
    let Some(Place::Actor(handle)) = app.places().read(uri.as_str()) else { return Ok(None) };
    ours(context, handle, uri, |community| community.uri.clone()).await
}

/// Whose list an address is: the group's own, or without one that of a community of ours. The list of another
/// is nothing that the group could change.
async fn list_at(
    context: &Context<'_>,
    group: Option<&Actor>,
    uri: &Url,
) -> Result<Option<(CommunityId, Part)>, Error> {
    let app = context.node.app();
    if let Some(group) = group {
        let id = CommunityId::of(group.id);
        let lists = communities::lists(&mut app.reader(), id).await?;
        let is = |list: &Option<String>| list.as_deref() == Some(uri.as_str());
        return Ok(match (is(&lists.featured), is(&lists.moderators)) {
            (true, _) => Some((id, Part::Featured)),
            (false, true) => Some((id, Part::Moderators)),
            (false, false) => return Err(Error::Never("not a list of that community")),
        });
    }
    let Some(Place::Of(handle, part @ (Part::Featured | Part::Moderators))) = app.places().read(uri.as_str())
    else {
        return Ok(None);
    };
    let list = |community: &Actor| app.places().of(Place::Of(&community.handle, part));
    Ok(ours(context, handle, uri, list).await?.map(|community| (community, part)))
}

/// A community of ours of this name, if the address is written as we write it.
async fn ours(
    context: &Context<'_>,
    handle: &str,
    uri: &Url,
    address: impl Fn(&Actor) -> String,
) -> Result<Option<CommunityId>, Error> {
    let found = actors::find_by_address(&mut context.node.app().reader(), handle, "").await?;
    let found = found.filter(|actor| actor.is_community() && actor.is_present());
    Ok(found.filter(|found| address(found) == uri.as_str()).map(|found| CommunityId::of(found.id)))
}

/// When a ban ends, if it does. `PieFed` says of one without an end that it ends in the year 2100: what lies further ahead than
/// an end could is none.
pub(super) fn end_of_ban(node: &Federation, said: Option<jiff::Timestamp>) -> Option<Timestamp> {
    let last = node.app().now().plus_secs(BAN_SECS_MAX);
    said.map(|at| Timestamp::from_micros(at.as_microsecond())).filter(|end| *end <= last)
}

pub(super) fn cut(reason: Option<&str>) -> String {
    reason.map(|reason| sanitise::line(reason, REASON_CHARS_MAX)).unwrap_or_default()
}

#[cfg(test)]
pub(super) mod tests;
