//! The followers of a community: each is told in the way that their software understands.

use super::{Envelope, Presence, elsewhere, envelope, members_of};
use crate::build;
use crate::build::relay::{self, Relayed};
use crate::node::Federation;
use crate::software::{Ear, ear};
use crate::worker::JobError;
use alongside_app::audience;
use alongside_domain::actor::Actor;
use alongside_domain::post::{Post, Visibility};
use alongside_store::follows::Inbox;
use alongside_store::{entries, error, follows, hosts};
use serde_json::Value;
use std::collections::BTreeSet;

/// The followers of a community, by how their software understands it.
#[derive(Debug, Default)]
pub(super) struct Ears {
    /// Those told by an activity passed on.
    pub(super) activities: BTreeSet<String>,
    /// Those told by a boost.
    pub(super) boosts: BTreeSet<String>,
    /// Those told by what hangs on the wall.
    pub(super) walls: BTreeSet<String>,
}

/// Whom a community tells of something that these may read. What is for its members goes to their nodes in this
/// node's agreement alone, and never as a boost.
pub(super) async fn ears(
    node: &Federation,
    community: &Actor,
    visibility: Visibility,
) -> Result<Ears, error::Error> {
    let mut reader = node.app().reader();
    let followers = follows::inboxes(&mut reader, community.id).await?;
    let mut out = Ears::default();
    if visibility == Visibility::Members {
        out.activities = agreed(node, followers.into_iter().map(|inbox| inbox.inbox)).await?;
    } else {
        out.add(&followers);
    }
    Ok(out)
}

impl Ears {
    /// Those who believe what the author of a post signs and not what the community passes on.
    pub(super) fn of_authors(&self) -> impl Iterator<Item = String> {
        self.boosts.iter().chain(&self.walls).cloned()
    }

    /// These are told too.
    pub(super) fn add(&mut self, inboxes: &[Inbox]) {
        for inbox in inboxes {
            let (activities, boosts) = match ear(inbox.software.as_deref()) {
                Ear::Activities => (true, false),
                Ear::Boosts => (false, true),
                Ear::Both => (true, true),
                Ear::Walls => {
                    self.walls.insert(inbox.inbox.clone());
                    continue;
                }
            };
            self.activities.extend(activities.then(|| inbox.inbox.clone()));
            self.boosts.extend(boosts.then(|| inbox.inbox.clone()));
        }
    }
}

/// Of these inboxes those that what is for members may go to.
pub(super) async fn agreed(
    node: &Federation,
    inboxes: impl IntoIterator<Item = String>,
) -> Result<BTreeSet<String>, error::Error> {
    let mut reader = node.app().reader();
    let mut out = BTreeSet::new();
    for inbox in inboxes {
        if audience::may_go_to_host_of(&mut reader, &inbox).await? {
            out.insert(inbox);
        }
    }
    Ok(out)
}

/// Where somebody elsewhere hears what a community passes on. Software that is known to boost takes the activity itself for a
/// post, and asks for it in vain.
pub(super) async fn heard_at(node: &Federation, actor: &Actor) -> Result<Option<String>, error::Error> {
    let Some(inbox) = elsewhere(actor) else { return Ok(None) };
    let host = hosts::find(&mut node.app().reader(), &actor.host).await?;
    let boosts = ear(host.and_then(|host| host.software).as_deref()) == Ear::Boosts;
    Ok((!boosts).then_some(inbox))
}

/// An activity to be passed on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told<'a> {
    /// Its text.
    pub(super) text: &'a str,
    /// What the announcement of it is called.
    pub(super) name: &'a str,
    /// It carries the words of the post.
    pub(super) words: bool,
}

/// The community passes an activity on to those who understand that.
pub(super) fn announced(
    node: &Federation,
    community: &Actor,
    post: &Post,
    told: Told<'_>,
    ears: &Ears,
) -> Result<Option<Envelope>, JobError> {
    let open = match post.visibility {
        Visibility::Public | Visibility::Unlisted => true,
        Visibility::Members => false,
        Visibility::Followers | Visibility::Direct => return Ok(None),
    };
    let relayed =
        Relayed { name: told.name, text: told.text, visibility: post.visibility, at: node.app().now() };
    let words_of = told.words.then_some(post.id);
    let told = relay::announce(node.app().places(), community, relayed);
    let told = told.map_err(|error| JobError::fail(&error))?;
    Ok(Some(Envelope {
        uri: told.uri,
        actor: community.id,
        words_of,
        about: Some(post.id),
        body: told.text,
        open,
        to_followers: !open,
        members_of: members_of(post),
        thread: alongside_app::effects::thread(post),
        inboxes: ears.activities.clone(),
        erasure: None,
        ends: None,
        presence: Presence::Any,
    }))
}

/// The community boosts a new thread to those who understand that, and hangs it on its wall for the others.
pub(super) async fn boost_by(
    node: &Federation,
    community: &Actor,
    post: &Post,
    author: &Actor,
    ears: &Ears,
) -> Result<Vec<Envelope>, JobError> {
    let Some(line) = entries::boost_of(&mut node.app().reader(), community.id, post.id).await? else {
        return Ok(Vec::new());
    };
    let places = node.app().places();
    let boost = build::boost::boost(places, &line, community, post, author);
    let hung = build::wall::add(places, line.id, community, post, author);
    by_either(node, (boost, hung), community, post, ears).await
}

/// A thread is no longer in the community: it is boosted no more, and hangs on its wall no more.
pub(super) async fn unboost_by(
    node: &Federation,
    community: &Actor,
    post: &Post,
    author: &Actor,
    ears: &Ears,
) -> Result<Vec<Envelope>, JobError> {
    let Some(line) = entries::boost_of(&mut node.app().reader(), community.id, post.id).await? else {
        return Ok(Vec::new());
    };
    let places = node.app().places();
    let unboost = build::boost::unboost(places, line.id, line.visibility, community, post, author);
    let taken_down = build::wall::remove(places, line.id, community, post, author);
    by_either(node, (unboost, taken_down), community, post, ears).await
}

/// One activity for those who understand boosts, and where there are any, one for those who understand walls.
async fn by_either(
    node: &Federation,
    (boost, wall): (Value, Value),
    community: &Actor,
    post: &Post,
    ears: &Ears,
) -> Result<Vec<Envelope>, JobError> {
    let mut out =
        vec![Envelope { inboxes: ears.boosts.clone(), ..envelope(node, boost, community, post).await? }];
    if !ears.walls.is_empty() && post.is_top_level() {
        let own = envelope(node, wall, community, post).await?;
        out.push(Envelope { inboxes: ears.walls.clone(), ..own });
    }
    Ok(out)
}
