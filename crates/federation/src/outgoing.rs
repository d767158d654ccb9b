//! Outgoing: what a job tells others, and whom. The activities and their deliveries are written in one
//! transaction; a worker sends them afterwards.

use crate::build::parts::{self, PostParts};
use crate::build::relay::{self, Relayed};
use crate::build::{self, publish};
use crate::documents::activity::{Action, Activity};
use crate::documents::reference::Reference;
use crate::documents::{self};
use crate::keys;
use crate::node::Federation;
use crate::resolve;
use crate::software::{Ear, ear};
use crate::worker::JobError;
use alongside_domain::actor::{Actor, ActorKind};
use alongside_domain::id::{ActorId, CommunityId, InboxId, PollId, PostId};
use alongside_domain::job::Job;
use alongside_domain::post::{Post, Visibility};
use alongside_store::activities::{self, Activity as Kept};
use alongside_store::{actors, communities, deliveries, entries, error, follows, hosts, inbox, polls, posts, reactions};
use serde_json::Value;
use std::collections::BTreeSet;
use url::Url;

/// An activity and the inboxes it goes to.
#[derive(Debug)]
struct Envelope {
    /// Its address.
    uri: String,
    /// Who acts, and signs.
    actor: ActorId,
    /// Its text.
    body: String,
    /// Anybody may read it at its address.
    open: bool,
    /// What it belongs to: things of the same thread arrive in order.
    thread: String,
    /// Where it goes.
    inboxes: BTreeSet<String>,
}

/// Tells others what the job says.
pub async fn send(node: &Federation, job: &Job) -> Result<(), JobError> {
    let envelopes = match job {
        Job::Publish { post } => published(node, *post, Change::New).await?,
        Job::Revise { post } => published(node, *post, Change::Revised).await?,
        Job::Withdraw { post } => published(node, *post, Change::Gone).await?,
        Job::React { reaction } => match reactions::find(&mut node.app().reader(), *reaction).await? {
            Some(given) => reacted(node, given.actor_id, given.post_id, |node, actor, on| {
                build::reaction::like(node.app().places(), given.id, given.kind, actor, on)
            })
            .await?,
            None => Vec::new(),
        },
        Job::Unreact { reaction, post, actor } => {
            reacted(node, *actor, *post, |node, actor, on| {
                build::reaction::unlike(node.app().places(), *reaction, actor, on)
            })
            .await?
        }
        Job::Boost { entry } => match entries::find(&mut node.app().reader(), *entry).await? {
            Some(line) => boosted(node, line.actor_id, line.post_id, |places, actor, post, author| {
                build::boost::boost(places, line.id, line.at, actor, post, author)
            })
            .await?,
            None => Vec::new(),
        },
        Job::Unboost { entry, post, actor } => {
            boosted(node, *actor, *post, |places, actor, post, author| {
                build::boost::unboost(places, *entry, actor, post, author)
            })
            .await?
        }
        Job::Follow { .. } | Job::Unfollow { .. } | Job::Accept { .. } | Job::Reject { .. } => {
            followed(node, job).await?
        }
        Job::Vote { poll, actor } => voted(node, *poll, *actor).await?,
        Job::Profile { actor } => profile(node, *actor).await?,
        Job::Relay { inbox, community } => relayed(node, *inbox, *community).await?,
        Job::Forward { inbox, community } => forwarded(node, *inbox, *community).await?,
        Job::Receive { .. } | Job::Backfill { .. } | Job::Replies { .. } | Job::PollEnded { .. } => Vec::new(),
    };
    Ok(post_all(node, &envelopes).await?)
}

/// Writes the activities and one delivery for each inbox.
async fn post_all(node: &Federation, envelopes: &[Envelope]) -> Result<(), error::Error> {
    if envelopes.iter().all(|envelope| envelope.inboxes.is_empty() && !envelope.open) {
        return Ok(());
    }
    let app = node.app();
    let mut tx = app.store().begin().await?;
    for envelope in envelopes {
        let kept = Kept {
            id: app.next_id(),
            uri: envelope.uri.clone(),
            actor_id: envelope.actor,
            body: envelope.body.clone(),
            open: envelope.open,
            at: app.now(),
        };
        let activity = activities::put(&mut tx, &kept).await?;
        for inbox in &envelope.inboxes {
            let Some(host) = Url::parse(inbox).ok().as_ref().and_then(resolve::host_of) else { continue };
            hosts::ensure(&mut tx, &host).await?;
            deliveries::push(&mut tx, app.next_id(), activity, &host, inbox, &envelope.thread, app.now()).await?;
        }
    }
    tx.commit().await
}

/// What happened to a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    New,
    Revised,
    Gone,
}

/// A post written here is new, changed or gone. What is for the members of a community stays here.
async fn published(node: &Federation, post: PostId, change: Change) -> Result<Vec<Envelope>, JobError> {
    let Some(on) = load(node, post).await? else { return Ok(Vec::new()) };
    let is_there = on.post.is_present();
    if on.post.visibility == Visibility::Members || is_there == (change == Change::Gone) {
        return Ok(Vec::new());
    }
    let places = node.app().places();
    let activity = match change {
        Change::New => publish::create(places, &on),
        Change::Revised => publish::update(places, &on),
        Change::Gone => publish::delete(places, &on),
    };
    let mut own = envelope(&activity, &on.author, &on.post)?;
    own.inboxes = concerned(node, &on).await?;
    let Some(community) = on.community.as_ref().filter(|community| community.is_local()) else {
        return Ok(vec![own]);
    };
    let ears = ears(node, community).await?;
    if change != Change::New {
        // Software that knows boosts only believes what the author signs.
        own.inboxes.extend(ears.boosts.iter().cloned());
    }
    let mut out = vec![own];
    out.extend(announced(node, community, &on.post, &out[0].body, &last_part(&out[0].uri), &ears)?);
    if change == Change::New {
        out.extend(boost_by(node, community, &on.post, &on.author, &ears).await?);
    }
    Ok(out)
}

/// The inboxes of those a post is addressed to, elsewhere.
async fn concerned(node: &Federation, on: &PostParts) -> Result<BTreeSet<String>, JobError> {
    let mut out: BTreeSet<String> = BTreeSet::new();
    let mut reader = node.app().reader();
    let parent = match on.post.reply_to_author {
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

/// Somebody here reacted, or took it back: the author is told, and the post's community.
async fn reacted(
    node: &Federation,
    actor: ActorId,
    post: PostId,
    document: impl FnOnce(&Federation, &Actor, &PostParts) -> Value,
) -> Result<Vec<Envelope>, JobError> {
    let Some(on) = load(node, post).await? else { return Ok(Vec::new()) };
    let Some(actor) = actors::find(&mut node.app().reader(), actor).await? else { return Ok(Vec::new()) };
    if on.post.visibility == Visibility::Members {
        return Ok(Vec::new());
    }
    let mut own = envelope(&document(node, &actor, &on), &actor, &on.post)?;
    own.inboxes.extend(elsewhere(&on.author));
    if !on.post.visibility.is_open() {
        return Ok(vec![own]);
    }
    let Some(community) = &on.community else { return Ok(vec![own]) };
    if !community.is_local() {
        own.inboxes.extend(elsewhere(community));
        return Ok(vec![own]);
    }
    let ears = ears(node, community).await?;
    let mut out = vec![own];
    out.extend(announced(node, community, &on.post, &out[0].body, &last_part(&out[0].uri), &ears)?);
    Ok(out)
}

/// Somebody here boosted, or took it back: their followers are told, and the author.
async fn boosted(
    node: &Federation,
    actor: ActorId,
    post: PostId,
    document: impl FnOnce(&alongside_domain::place::Places, &Actor, &Post, &Actor) -> Value,
) -> Result<Vec<Envelope>, JobError> {
    let Some(on) = load(node, post).await? else { return Ok(Vec::new()) };
    let mut reader = node.app().reader();
    let Some(actor) = actors::find(&mut reader, actor).await? else { return Ok(Vec::new()) };
    let activity = document(node.app().places(), &actor, &on.post, &on.author);
    let mut own = envelope(&activity, &actor, &on.post)?;
    own.inboxes.extend(elsewhere(&on.author));
    own.inboxes.extend(follows::inboxes(&mut reader, actor.id).await?.into_iter().map(|inbox| inbox.inbox));
    Ok(vec![own])
}

/// Follows, and the answers to them, go to the other side only.
async fn followed(node: &Federation, job: &Job) -> Result<Vec<Envelope>, JobError> {
    let (app, mut reader) = (node.app(), node.app().reader());
    let (follower, target) = match job {
        Job::Follow { follow } | Job::Accept { follow } => {
            let Some(follow) = follows::find(&mut reader, *follow).await? else { return Ok(Vec::new()) };
            (follow.follower_id, follow.target_id)
        }
        Job::Unfollow { follower, target, .. } | Job::Reject { follower, target, .. } => (*follower, *target),
        _ => return Ok(Vec::new()),
    };
    let both = (actors::find(&mut reader, follower).await?, actors::find(&mut reader, target).await?);
    let (Some(follower), Some(target)) = both else { return Ok(Vec::new()) };
    let (places, at) = (app.places(), app.now());
    let (activity, by, to) = match job {
        Job::Follow { follow } => (build::follow::follow(places, *follow, &follower, &target), &follower, &target),
        Job::Unfollow { follow, .. } => {
            (build::follow::unfollow(places, *follow, &follower, &target), &follower, &target)
        }
        Job::Accept { follow } => {
            let Some(kept) = follows::find(&mut reader, *follow).await? else { return Ok(Vec::new()) };
            (build::follow::accept(places, &kept, &follower, &target, at), &target, &follower)
        }
        Job::Reject { follow_uri, .. } => {
            (build::follow::reject(places, follow_uri, &follower, &target, at), &target, &follower)
        }
        _ => return Ok(Vec::new()),
    };
    let thread = format!("follow:{}:{}", follower.id, target.id);
    let mut own = Envelope { open: false, thread, ..bare(&activity, by)? };
    // To them alone, and not to their host's shared inbox: it is nobody else's business.
    own.inboxes.extend((!to.is_local()).then(|| to.inbox.clone()));
    Ok(vec![own])
}

/// Somebody here voted: the poll's author counts.
async fn voted(node: &Federation, poll: PollId, actor: ActorId) -> Result<Vec<Envelope>, JobError> {
    let mut reader = node.app().reader();
    let Some(poll) = polls::find(&mut reader, poll).await? else { return Ok(Vec::new()) };
    let Some(voter) = actors::find(&mut reader, actor).await? else { return Ok(Vec::new()) };
    let chosen: Vec<usize> = polls::votes_of(&mut reader, actor, &[poll.id])
        .await?
        .iter()
        .filter_map(|vote| usize::try_from(vote.position).ok())
        .collect();
    let Some(on) = load(node, poll.post).await? else { return Ok(Vec::new()) };
    let votes = build::vote::votes(node.app().places(), &poll, &chosen, &voter, &on, node.app().now());
    votes
        .iter()
        .map(|vote| {
            let mut own = Envelope { open: false, ..envelope(vote, &voter, &on.post)? };
            own.inboxes.extend(elsewhere(&on.author).map(|_| on.author.inbox.clone()));
            Ok(own)
        })
        .collect()
}

/// A profile changed: everybody who follows is told.
async fn profile(node: &Federation, actor: ActorId) -> Result<Vec<Envelope>, JobError> {
    let mut reader = node.app().reader();
    let Some(actor) = actors::find(&mut reader, actor).await?.filter(Actor::is_present) else { return Ok(Vec::new()) };
    let community = communities::find(&mut reader, actor.id).await?;
    let keys = node.keys_of(&actor).await.map_err(|error| JobError::Retry(error.to_string()))?;
    let places = node.app().places();
    let document = build::actor::actor(places, &actor, community.as_ref(), &keys);
    let activity = build::actor::update(places, &actor, document, node.app().now());
    let mut own = bare(&activity, &actor)?;
    own.inboxes.extend(follows::inboxes(&mut reader, actor.id).await?.into_iter().map(|inbox| inbox.inbox));
    Ok(vec![own])
}

/// A community of ours passes on, word for word, what arrived for it; and boosts a new thread.
async fn relayed(node: &Federation, id: InboxId, community: ActorId) -> Result<Vec<Envelope>, JobError> {
    let mut reader = node.app().reader();
    let Some(arrival) = inbox::find(&mut reader, id).await? else { return Ok(Vec::new()) };
    let Some(community) = actors::find(&mut reader, community).await? else { return Ok(Vec::new()) };
    let sender = actors::find_by_uri(&mut reader, &arrival.actor_uri).await?;
    let text = match sender.as_ref().map(|sender| sender.kind) {
        // Another node told us: what it told us of is passed on, not that it did.
        Some(ActorKind::Application | ActorKind::Service) => {
            documents::embedded_text(&arrival.body).unwrap_or(&arrival.body)
        }
        Some(ActorKind::Person | ActorKind::Group | ActorKind::Organization) | None => &arrival.body,
    };
    let activity =
        documents::parse_activity(text.as_bytes()).map_err(|error| JobError::Fail(error.to_string()))?;
    let about = match about(&activity) {
        Some(uri) => posts::find_by_uri(&mut reader, uri.as_str()).await?,
        None => None,
    };
    let Some(about) = about.filter(|post| post.community == Some(CommunityId::of(community.id))) else {
        return Ok(Vec::new());
    };
    let mut ears = ears(node, &community).await?;
    // Whoever wrote it learns by this that it was published, whether they are members or not.
    ears.activities.extend(sender.iter().filter_map(elsewhere));
    let mut out: Vec<Envelope> =
        announced(node, &community, &about, text, &format!("relay-{id}"), &ears)?.into_iter().collect();
    if matches!(activity.action, Action::Create { .. })
        && let Some(author) = actors::find(&mut reader, about.author).await?
    {
        out.extend(boost_by(node, &community, &about, &author, &ears).await?);
    }
    Ok(out)
}

/// The post that an activity in a community is about.
fn about(activity: &Activity) -> Option<&Url> {
    match &activity.action {
        Action::Create { objects } => objects.first().and_then(Reference::id),
        Action::Update { object } | Action::Delete { object, .. } => object.id(),
        Action::Like { object, .. } | Action::EmojiReact { object, .. } => Some(object),
        Action::Undo { object } => about(object.activity()?),
        _ => None,
    }
}

/// What reached only a member of ours is told to the node of the community it belongs to.
async fn forwarded(node: &Federation, id: InboxId, community: ActorId) -> Result<Vec<Envelope>, JobError> {
    let mut reader = node.app().reader();
    let Some(arrival) = inbox::find(&mut reader, id).await? else { return Ok(Vec::new()) };
    let Some(community) = actors::find(&mut reader, community).await? else { return Ok(Vec::new()) };
    let own = keys::node_actor(node.app()).await.map_err(|error| JobError::Retry(error.to_string()))?;
    let relayed = Relayed {
        name: &format!("forward-{id}"),
        text: &arrival.body,
        visibility: Visibility::Public,
        at: node.app().now(),
    };
    let told = relay::announce(node.app().places(), &own, relayed).map_err(|error| JobError::Fail(error.to_string()))?;
    Ok(vec![Envelope {
        uri: told.uri.clone(),
        actor: own.id,
        body: told.text,
        open: true,
        thread: told.uri,
        inboxes: elsewhere(&community).into_iter().collect(),
    }])
}

/// The followers of a community, by how their software understands it.
#[derive(Debug, Default)]
struct Ears {
    /// Those told by an activity passed on.
    activities: BTreeSet<String>,
    /// Those told by a boost.
    boosts: BTreeSet<String>,
}

async fn ears(node: &Federation, community: &Actor) -> Result<Ears, error::Error> {
    let mut out = Ears::default();
    for inbox in follows::inboxes(&mut node.app().reader(), community.id).await? {
        let ear = ear(inbox.software.as_deref());
        if ear != Ear::Boosts {
            out.activities.insert(inbox.inbox.clone());
        }
        if ear != Ear::Activities {
            out.boosts.insert(inbox.inbox);
        }
    }
    Ok(out)
}

/// The community passes an activity on to those who understand that.
fn announced(
    node: &Federation,
    community: &Actor,
    post: &Post,
    text: &str,
    name: &str,
    ears: &Ears,
) -> Result<Option<Envelope>, JobError> {
    if !post.visibility.is_open() {
        return Ok(None);
    }
    let relayed = Relayed { name, text, visibility: post.visibility, at: node.app().now() };
    let told = relay::announce(node.app().places(), community, relayed);
    let told = told.map_err(|error| JobError::Fail(error.to_string()))?;
    Ok(Some(Envelope {
        uri: told.uri,
        actor: community.id,
        body: told.text,
        open: true,
        thread: alongside_app::effects::thread(post),
        inboxes: ears.activities.clone(),
    }))
}

/// The community boosts a new thread to those who understand that.
async fn boost_by(
    node: &Federation,
    community: &Actor,
    post: &Post,
    author: &Actor,
    ears: &Ears,
) -> Result<Option<Envelope>, JobError> {
    let Some(line) = entries::boost_of(&mut node.app().reader(), community.id, post.id).await? else {
        return Ok(None);
    };
    let activity = build::boost::boost(node.app().places(), line.id, line.at, community, post, author);
    let mut own = envelope(&activity, community, post)?;
    own.inboxes.clone_from(&ears.boosts);
    Ok(Some(own))
}

async fn load(node: &Federation, post: PostId) -> Result<Option<PostParts>, error::Error> {
    let mut reader = node.app().reader();
    let Some(post) = posts::find(&mut reader, post).await? else { return Ok(None) };
    parts::load_one(&mut reader, post, node.app().now()).await
}

fn envelope(activity: &Value, by: &Actor, about: &Post) -> Result<Envelope, JobError> {
    let thread = alongside_app::effects::thread(about);
    Ok(Envelope { thread, open: about.visibility.is_open(), ..bare(activity, by)? })
}

fn bare(activity: &Value, by: &Actor) -> Result<Envelope, JobError> {
    let uri = activity.get("id").and_then(Value::as_str);
    let uri = uri.ok_or_else(|| JobError::Fail("an activity without an address".to_owned()))?.to_owned();
    let thread = uri.clone();
    Ok(Envelope { uri, actor: by.id, body: activity.to_string(), open: true, thread, inboxes: BTreeSet::new() })
}

fn elsewhere(actor: &Actor) -> Option<String> {
    (!actor.is_local()).then(|| actor.delivery_inbox().to_owned())
}

/// The name at the end of an address of ours.
fn last_part(uri: &str) -> String {
    uri.rsplit('/').next().unwrap_or_default().to_owned()
}
