//! What moderators did: announced by a community of ours to its followers, or sent to a community elsewhere
//! that one of ours looks after.

use super::ears::{Ears, agreed, boost_by, ears, heard_at, unboost_by};
use super::{Envelope, Presence, bare, elsewhere, last_part, staff};
use crate::build::moderation::{self, MeasureParts};
use crate::build::relay::{self, Relayed};
use crate::node::Federation;
use crate::worker::JobError;
use alongside_domain::actor::Actor;
use alongside_domain::community::Audience;
use alongside_domain::id::{CommunityId, InboxId, MeasureId, PostId};
use alongside_domain::limits::BAN_REMOVALS_MAX;
use alongside_domain::moderation::{Measure, Taken};
use alongside_domain::post::Visibility;
use alongside_store::entries::Entry;
use alongside_store::session::Session;
use alongside_store::{actors, communities, error, follows, inbox, measures, posts};
use std::collections::BTreeSet;

/// Tells others of a measure: in its moderator's words, or in those that arrived.
pub(super) async fn moderated(
    node: &Federation,
    measure: MeasureId,
    arrived: Option<InboxId>,
) -> Result<Vec<Envelope>, JobError> {
    let mut reader = node.app().reader();
    let Some(taken) = measures::find(&mut reader, measure).await? else { return Ok(Vec::new()) };
    let Some(found) = communities::find(&mut reader, taken.community.actor()).await? else {
        return Ok(Vec::new());
    };
    let post = match taken.measure.post() {
        Some(post) => posts::find(&mut reader, post).await?,
        None => None,
    };
    let visibility = match (&post, found.audience) {
        (Some(post), _) => post.visibility,
        (None, Audience::Members) => Visibility::Members,
        (None, Audience::Everyone) => Visibility::Public,
    };
    if matches!(visibility, Visibility::Followers | Visibility::Direct) {
        return Ok(Vec::new());
    }
    let Some(parts) = load(&mut reader, taken, visibility).await? else { return Ok(Vec::new()) };
    let of_people = || format!("community:{}", parts.taken.community);
    let thread = post.as_ref().map_or_else(of_people, alongside_app::effects::thread);
    if !found.local {
        let own = own(node, &parts, &thread)?;
        let inboxes =
            those_who_may_know(node, visibility, elsewhere(&parts.community).into_iter().collect()).await?;
        return Ok(own.map(|own| Envelope { inboxes, ..own }).into_iter().collect());
    }
    let ears = ears(node, &parts.community, visibility).await?;
    let mut out = match arrived {
        Some(arrived) => match inbox::find(&mut reader, arrived).await? {
            Some(arrival) => {
                let name = format!("relay-{arrived}");
                vec![announced(node, &parts, &name, &arrival.body, &thread, &ears).await?]
            }
            None => Vec::new(),
        },
        None => match own(node, &parts, &thread)? {
            Some(own) => {
                let mut told =
                    announced(node, &parts, last_part(&own.uri), &own.body, &thread, &ears).await?;
                let by_staff = by_staff(node, &parts, &mut told).await?;
                [own, told].into_iter().chain(by_staff).collect()
            }
            None => Vec::new(),
        },
    };
    out.extend(boosts(node, &parts, &ears).await?);
    Ok(out)
}

async fn load(
    session: &mut impl Session,
    taken: Taken,
    visibility: Visibility,
) -> Result<Option<MeasureParts>, error::Error> {
    let by = actors::find(session, taken.by).await?;
    let community = actors::find(session, taken.community.actor()).await?;
    let about = match (taken.measure.post(), taken.measure.member()) {
        (Some(post), _) => posts::find(session, post).await?.map(|post| post.uri),
        (None, Some(member)) => actors::find(session, member).await?.map(|member| member.uri),
        (None, None) => None,
    };
    let (Some(by), Some(community), Some(about)) = (by, community, about) else { return Ok(None) };
    let undone = match taken.measure.kind().takes_back() {
        Some(kind) => measures::before(session, &taken, kind).await?,
        None => None,
    };
    let lists = communities::lists(session, taken.community).await?;
    Ok(Some(MeasureParts { taken, by, community, lists, about, visibility, undone }))
}

/// The measure as the moderator's own activity.
fn own(node: &Federation, parts: &MeasureParts, thread: &str) -> Result<Option<Envelope>, JobError> {
    let Some(activity) = moderation::measure(node.app().places(), parts) else { return Ok(None) };
    Ok(Some(Envelope {
        thread: thread.to_owned(),
        about: parts.taken.measure.post(),
        open: parts.visibility.is_open(),
        members_of: members_of(parts),
        ..bare(&activity, &parts.by)?
    }))
}

/// What the operator decided, which the community does itself, for those who hear people alone.
async fn by_staff(
    node: &Federation,
    parts: &MeasureParts,
    told: &mut Envelope,
) -> Result<Option<Envelope>, JobError> {
    if parts.by.id != parts.community.id || !parts.visibility.is_open() {
        return Ok(None);
    }
    let Some(activity) = moderation::measure(node.app().places(), parts) else { return Ok(None) };
    let heard = follows::inboxes(&mut node.app().reader(), parts.community.id).await?;
    staff::instead(node, &parts.community, &activity, told, &heard).await
}

/// The community, where the measure is known to its members alone.
fn members_of(parts: &MeasureParts) -> Option<CommunityId> {
    (parts.visibility == Visibility::Members).then_some(parts.taken.community)
}

/// The community passes it on to the followers who understand that, and to the node of whom it is about.
async fn announced(
    node: &Federation,
    parts: &MeasureParts,
    name: &str,
    text: &str,
    thread: &str,
    ears: &Ears,
) -> Result<Envelope, JobError> {
    let visibility = parts.visibility;
    let relayed = Relayed { name, text, visibility, at: node.app().now() };
    let told = relay::announce(node.app().places(), &parts.community, relayed)
        .map_err(|error| JobError::fail(&error))?;
    let mut reader = node.app().reader();
    let whom = match parts.taken.measure.post() {
        Some(post) => posts::find(&mut reader, post).await?.map(|post| post.author),
        None => parts.taken.measure.member(),
    };
    let whom = match whom {
        Some(whom) => actors::find(&mut reader, whom).await?,
        None => None,
    };
    let mut concerned = BTreeSet::new();
    for actor in whom.iter().chain([&parts.by]) {
        concerned.extend(heard_at(node, actor).await?);
    }
    let mut inboxes = those_who_may_know(node, visibility, concerned).await?;
    inboxes.extend(ears.activities.iter().cloned());
    Ok(Envelope {
        uri: told.uri,
        actor: parts.community.id,
        words_of: None,
        about: parts.taken.measure.post(),
        body: told.text,
        open: visibility.is_open(),
        to_followers: !visibility.is_open(),
        members_of: members_of(parts),
        thread: thread.to_owned(),
        inboxes,
        erasure: None,
        ends: None,
        presence: Presence::Any,
    })
}

/// What is done among members is told only where what is for them may go.
async fn those_who_may_know(
    node: &Federation,
    visibility: Visibility,
    inboxes: BTreeSet<String>,
) -> Result<BTreeSet<String>, error::Error> {
    match visibility {
        Visibility::Members => agreed(node, inboxes).await,
        Visibility::Public | Visibility::Unlisted | Visibility::Followers | Visibility::Direct => Ok(inboxes),
    }
}

/// Followers whose software knows boosts only: what was removed is boosted no more, and what was restored
/// again.
async fn boosts(node: &Federation, parts: &MeasureParts, ears: &Ears) -> Result<Vec<Envelope>, JobError> {
    if ears.of_authors().next().is_none() {
        return Ok(Vec::new());
    }
    let mut reader = node.app().reader();
    let taken = &parts.taken;
    let removed = match taken.measure {
        Measure::Remove(post) => vec![post],
        Measure::Ban { member, removes_posts: true, .. } => {
            measures::removed_at(&mut reader, taken.community, member, taken.at, BAN_REMOVALS_MAX).await?
        }
        Measure::Restore(post) => return boosted_again(node, &parts.community, post, ears).await,
        Measure::Lock(_)
        | Measure::Unlock(_)
        | Measure::Feature(_)
        | Measure::Unfeature(_)
        | Measure::Appoint(_)
        | Measure::Dismiss(_)
        | Measure::Ban { removes_posts: false, .. }
        | Measure::Unban(_) => Vec::new(),
    };
    let mut out = Vec::new();
    for post in removed {
        out.extend(unboosted(node, &parts.community, post, ears).await?);
    }
    Ok(out)
}

/// A post from elsewhere that was restored; what was written here is published again as a whole.
async fn boosted_again(
    node: &Federation,
    community: &Actor,
    post: PostId,
    ears: &Ears,
) -> Result<Vec<Envelope>, JobError> {
    let on = super::load(node, post).await?.filter(|on| !on.post.local && on.post.is_present());
    let Some(on) = on else { return Ok(Vec::new()) };
    boost_by(node, community, &on.post, &on.author, ears).await
}

/// What a community of ours boosted is gone from it, or there again, and nobody who looks after it has decided so.
pub(super) async fn reboosted(node: &Federation, line: &Entry) -> Result<Vec<Envelope>, JobError> {
    let Some(on) = super::load(node, line.post_id).await? else { return Ok(Vec::new()) };
    let community = on.community.as_ref().filter(|community| community.is_local());
    let Some(community) = community.filter(|community| community.id == line.actor_id) else {
        return Ok(Vec::new());
    };
    let ears = ears(node, community, on.post.visibility).await?;
    if ears.of_authors().next().is_none() {
        return Ok(Vec::new());
    }
    if on.post.is_present() {
        return boost_by(node, community, &on.post, &on.author, &ears).await;
    }
    unboosted(node, community, on.post.id, &ears).await
}

async fn unboosted(
    node: &Federation,
    community: &Actor,
    post: PostId,
    ears: &Ears,
) -> Result<Vec<Envelope>, JobError> {
    match super::load(node, post).await?.filter(|on| on.post.visibility.is_open()) {
        Some(on) => unboost_by(node, community, &on.post, &on.author, ears).await,
        None => Ok(Vec::new()),
    }
}
