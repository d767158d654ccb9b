//! What happens to posts here: published, changed, gone; reacted to, boosted, voted on.

use super::ears::{Told, agreed, announced, boost_by, ears};
use super::{Envelope, bare, elsewhere, envelope, envelope_for, last_part, load, members_of, reach};
use crate::build::parts::PostParts;
use crate::build::{self, publish};
use crate::node::Federation;
use crate::worker::JobError;
use alongside_domain::actor::Actor;
use alongside_domain::id::{ActorId, EntryId, PollId, PostId};
use alongside_domain::place::{Place, Places, boost_name};
use alongside_domain::post::Visibility;
use alongside_store::entries::Entry;
use alongside_store::follows::Inbox;
use alongside_store::{activities, actors, follows, polls};
use serde_json::Value;
use std::collections::BTreeSet;

/// What happened to a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    New,
    Revised,
    Gone,
}

/// A post written here is new, changed or gone.
pub(super) async fn published(
    node: &Federation,
    post: PostId,
    change: Change,
) -> Result<Vec<Envelope>, JobError> {
    let Some(on) = load(node, post).await? else { return Ok(Vec::new()) };
    if on.post.is_present() == (change == Change::Gone) {
        return Ok(Vec::new());
    }
    let places = node.app().places();
    let activity = match change {
        Change::New => publish::create(places, &on),
        Change::Revised => publish::update(places, &on),
        Change::Gone => publish::delete(places, &on),
    };
    let mut own = envelope(node, activity, &on.author, &on.post).await?;
    own.words_of = (change != Change::Gone).then_some(on.post.id);
    own.inboxes = concerned(node, &on).await?;
    own.to_followers = on.post.visibility == Visibility::Followers;
    let reached = match change {
        Change::Gone => reach::gone(node, &mut own, on.post.id).await?,
        Change::New | Change::Revised => Vec::new(),
    };
    if let Some(community) = on.community.as_ref().filter(|community| community.is_local()) {
        return through(node, &on, (community, own), &reached, change).await;
    }
    own.inboxes.extend(reached.into_iter().map(|inbox| inbox.inbox));
    Ok(vec![own])
}

/// What an author here tells is also told by the community of ours that the post is in.
async fn through(
    node: &Federation,
    on: &PostParts,
    (community, mut own): (&Actor, Envelope),
    reached: &[Inbox],
    change: Change,
) -> Result<Vec<Envelope>, JobError> {
    let mut ears = ears(node, community, on.post.visibility).await?;
    // Who follows the community no longer may not take its word, so there the author tells it too.
    let left = reached.iter().filter(|inbox| !ears.activities.contains(&inbox.inbox));
    own.inboxes.extend(left.map(|inbox| inbox.inbox.clone()));
    ears.add(reached);
    if change != Change::New {
        // Software that knows boosts only believes what the author signs.
        own.inboxes.extend(ears.of_authors());
    }
    let (erasure, ends) = (own.erasure, own.ends);
    let mut out = vec![own];
    let passed_on = announced(node, community, &on.post, told(&out[0], change != Change::Gone), &ears)?;
    out.extend(passed_on.map(|envelope| Envelope { erasure, ends, ..envelope }));
    if change == Change::New && on.post.visibility.is_open() {
        out.extend(boost_by(node, community, &on.post, &on.author, &ears).await?);
    }
    Ok(out)
}

/// The inboxes of those a post is addressed to, elsewhere.
async fn concerned(node: &Federation, on: &PostParts) -> Result<BTreeSet<String>, JobError> {
    if on.post.visibility == Visibility::Members {
        return to_community(node, on).await;
    }
    let mut out: BTreeSet<String> = BTreeSet::new();
    let mut reader = node.app().reader();
    let parent = match on.post.reply_to_author.filter(|_| on.post.visibility != Visibility::Direct) {
        Some(parent) => actors::find(&mut reader, parent).await?,
        None => None,
    };
    let named = on.mentions.iter().chain(&on.community).chain(&parent);
    out.extend(named.filter(|actor| !actor.is_local()).map(|actor| actor.delivery_inbox().to_owned()));
    if on.post.visibility != Visibility::Direct {
        out.extend(follows::inboxes(&mut reader, on.author.id).await?.into_iter().map(|inbox| inbox.inbox));
    }
    Ok(out)
}

/// What is for members goes to their community, which passes it on to them: to its node, if it lives elsewhere.
async fn to_community(node: &Federation, on: &PostParts) -> Result<BTreeSet<String>, JobError> {
    Ok(agreed(node, on.community.as_ref().and_then(elsewhere)).await?)
}

/// Somebody here reacted, or took it back: the author is told, and the post's community. Where there is none, it is
/// for the author alone.
pub(super) async fn reacted(
    node: &Federation,
    actor: ActorId,
    post: PostId,
    document: impl FnOnce(&Federation, &Actor, &PostParts) -> Value,
) -> Result<Vec<Envelope>, JobError> {
    let Some(on) = load(node, post).await? else { return Ok(Vec::new()) };
    let Some(actor) = actors::find(&mut node.app().reader(), actor).await? else { return Ok(Vec::new()) };
    let for_members = on.post.visibility == Visibility::Members;
    let seen_by = on.community.as_ref().map_or(Visibility::Direct, |_| on.post.visibility);
    let mut own = envelope_for(node, document(node, &actor, &on), &actor, (&on.post, seen_by)).await?;
    own.inboxes = if for_members {
        to_community(node, &on).await?
    } else {
        elsewhere(&on.author).into_iter().collect()
    };
    if !on.post.visibility.is_open() && !for_members {
        return Ok(vec![own]);
    }
    let Some(community) = &on.community else { return Ok(vec![own]) };
    if !community.is_local() {
        own.inboxes.extend(elsewhere(community).filter(|_| !for_members));
        return Ok(vec![own]);
    }
    let ears = ears(node, community, on.post.visibility).await?;
    let mut out = vec![own];
    out.extend(announced(node, community, &on.post, told(&out[0], false), &ears)?);
    Ok(out)
}

/// Somebody here boosted: their followers are told, and the author.
pub(super) async fn boosted(node: &Federation, line: &Entry) -> Result<Vec<Envelope>, JobError> {
    let seen_by = |_: Visibility| line.visibility;
    of_boost(node, (line.actor_id, line.post_id), seen_by, |places, actor, on, _| {
        build::boost::boost(places, line, actor, &on.post, &on.author)
    })
    .await
}

/// They took it back. It was for their followers alone, unless it is known to have been for everybody.
pub(super) async fn unboosted(
    node: &Federation,
    line: EntryId,
    post: PostId,
    actor: ActorId,
) -> Result<Vec<Envelope>, JobError> {
    let boost = node.app().places().of(Place::Activity(&boost_name(line)));
    let kept = activities::find_by_uri(&mut node.app().reader(), &boost).await?;
    let was_open = kept.is_some_and(|boost| boost.open);
    let seen_by = |of_post: Visibility| if was_open { of_post } else { Visibility::Followers };
    of_boost(node, (actor, post), seen_by, |places, actor, on, seen_by| {
        build::boost::unboost(places, line, seen_by, actor, &on.post, &on.author)
    })
    .await
}

/// What is told of a boost, which may be for fewer people than may read the post.
async fn of_boost(
    node: &Federation,
    (actor, post): (ActorId, PostId),
    seen_by: impl FnOnce(Visibility) -> Visibility,
    document: impl FnOnce(&Places, &Actor, &PostParts, Visibility) -> Value,
) -> Result<Vec<Envelope>, JobError> {
    let Some(on) = load(node, post).await? else { return Ok(Vec::new()) };
    let mut reader = node.app().reader();
    let Some(actor) = actors::find(&mut reader, actor).await? else { return Ok(Vec::new()) };
    let seen_by = seen_by(on.post.visibility);
    let activity = document(node.app().places(), &actor, &on, seen_by);
    let mut own = envelope_for(node, activity, &actor, (&on.post, seen_by)).await?;
    own.inboxes.extend(elsewhere(&on.author));
    own.inboxes.extend(follows::inboxes(&mut reader, actor.id).await?.into_iter().map(|inbox| inbox.inbox));
    Ok(vec![own])
}

/// Somebody here voted: the poll's author counts.
pub(super) async fn voted(
    node: &Federation,
    poll: PollId,
    actor: ActorId,
) -> Result<Vec<Envelope>, JobError> {
    let mut reader = node.app().reader();
    let Some(poll) = polls::find(&mut reader, poll).await? else { return Ok(Vec::new()) };
    let Some(voter) = actors::find(&mut reader, actor).await? else { return Ok(Vec::new()) };
    let chosen: Vec<usize> = polls::votes_of(&mut reader, actor, &[poll.id])
        .await?
        .iter()
        .filter_map(|vote| usize::try_from(vote.position).ok())
        .collect();
    let Some(on) = load(node, poll.post).await? else { return Ok(Vec::new()) };
    let votes = build::vote::votes(node.app().places(), &poll, &chosen, &voter, &on);
    let home = elsewhere(&on.author).map(|_| on.author.inbox.clone());
    let inboxes: BTreeSet<String> = match on.post.visibility {
        Visibility::Members => agreed(node, home).await?,
        Visibility::Public | Visibility::Unlisted | Visibility::Followers | Visibility::Direct => {
            home.into_iter().collect()
        }
    };
    votes
        .iter()
        .map(|vote| {
            // What somebody chose is for the poll's author alone.
            let thread = alongside_app::effects::thread(&on.post);
            let (inboxes, members_of) = (inboxes.clone(), members_of(&on.post));
            Ok(Envelope { open: false, thread, inboxes, members_of, ..bare(vote, &voter)? })
        })
        .collect()
}

/// An activity of ours, as the community passes it on: under the name it has itself.
fn told(own: &Envelope, words: bool) -> Told<'_> {
    Told { text: &own.body, name: last_part(&own.uri), words }
}
