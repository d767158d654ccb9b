//! Outgoing: what a job tells others, and whom. The activities and their deliveries are written in one
//! transaction; a worker sends them afterwards.

mod ears;
mod moderation;
mod people;
mod posts;
mod quotes;
mod reach;
mod relays;
mod reports;
mod staff;

use crate::build;
use crate::build::parts::{self, PostParts};
use crate::node::Federation;
use crate::proof;
use crate::worker::JobError;
use alongside_app::context::App;
use alongside_app::hosts::NoTalk;
use alongside_domain::actor::Actor;
use alongside_domain::fold;
use alongside_domain::id::{ActorId, CommunityId, ErasureId, PostId};
use alongside_domain::job::Job;
use alongside_domain::post::{Post, Visibility};
use alongside_store::activities::{self, Activity as Kept};
use alongside_store::deliveries::{self, New};
use alongside_store::engine::Tx;
use alongside_store::{entries, erasures, error, holding, hosts, reactions};
use posts::Change;
use serde_json::Value;
use std::collections::BTreeSet;
use url::Url;

/// An activity and the inboxes it goes to.
#[derive(Debug)]
struct Envelope {
    /// Its address.
    pub(super) uri: String,
    /// Who acts, and signs.
    pub(super) actor: ActorId,
    /// The post whose words it carries.
    pub(super) words_of: Option<PostId>,
    /// The post it is about: whoever may read that may read this.
    pub(super) about: Option<PostId>,
    /// Its text.
    pub(super) body: String,
    /// Anybody may read it at its address.
    pub(super) open: bool,
    /// It is for the followers of who acts, and they alone.
    pub(super) to_followers: bool,
    /// The community whose members it is for: it goes to their nodes in the agreement alone.
    pub(super) members_of: Option<CommunityId>,
    /// What it belongs to: things of the same thread arrive in order.
    pub(super) thread: String,
    /// Where it goes.
    pub(super) inboxes: BTreeSet<String>,
    /// The erasure it tells of: what each host answers is kept.
    pub(super) erasure: Option<ErasureId>,
    /// The post that is gone, so that where its words went need not be remembered.
    pub(super) ends: Option<PostId>,
    /// What it has to do with whether its actor is still here.
    pub(super) presence: Presence,
}

/// What an activity has to do with whether its actor is still here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    /// Nothing.
    Any,
    /// It tells of them, and is not said any more when they are gone.
    Needed,
    /// It tells that they are gone, and nothing of them is to be remembered any more.
    Ended,
}

/// Tells others what the job says.
pub async fn send(node: &Federation, job: &Job) -> Result<(), JobError> {
    let envelopes = match job {
        Job::Publish { post } => posts::published(node, *post, Change::New).await?,
        Job::Revise { post } => posts::published(node, *post, Change::Revised).await?,
        Job::Withdraw { post } => posts::published(node, *post, Change::Gone).await?,
        Job::React { reaction } => match reactions::find(&mut node.app().reader(), *reaction).await? {
            Some(given) => {
                posts::reacted(node, given.actor_id, given.post_id, |node, actor, on| {
                    build::reaction::like(node.app().places(), given.id, given.kind, actor, on)
                })
                .await?
            }
            None => Vec::new(),
        },
        Job::Unreact { reaction, post, actor } => {
            posts::reacted(node, *actor, *post, |node, actor, on| {
                build::reaction::unlike(node.app().places(), *reaction, actor, on)
            })
            .await?
        }
        Job::Boost { entry } => match entries::find(&mut node.app().reader(), *entry).await? {
            Some(line) if line.by_community => moderation::reboosted(node, &line).await?,
            Some(line) => posts::boosted(node, &line).await?,
            None => Vec::new(),
        },
        Job::Unboost { entry, post, actor } => posts::unboosted(node, *entry, *post, *actor).await?,
        Job::Follow { .. } | Job::Unfollow { .. } | Job::Accept { .. } | Job::Reject { .. } => {
            people::followed(node, job).await?
        }
        Job::RefuseQuote { request, quoting, asker, post } => {
            quotes::refused(node, request, quoting, *asker, *post).await?
        }
        Job::Vote { poll, actor } => posts::voted(node, *poll, *actor).await?,
        Job::Profile { actor } => people::profile(node, *actor).await?,
        Job::Moderate { measure, inbox } => moderation::moderated(node, *measure, *inbox).await?,
        Job::Flag { report } => reports::flagged(node, *report).await?,
        Job::Depart { actor } => people::departed(node, *actor).await?,
        Job::Move { actor } => people::moved(node, *actor).await?,
        Job::Relay { inbox, community } => relays::relayed(node, *inbox, *community).await?,
        Job::Forward { inbox, community } => relays::forwarded(node, *inbox, *community).await?,
        Job::Receive { .. }
        | Job::Moderators { .. }
        | Job::Backfill { .. }
        | Job::Replies { .. }
        | Job::HostLists
        | Job::IndexOlder { .. }
        | Job::Film { .. }
        | Job::LetGo { .. }
        | Job::Synchronize { .. }
        | Job::Push { .. }
        | Job::Letter { .. }
        | Job::PublishScheduled { .. }
        | Job::SanctionEnded { .. }
        | Job::PollEnded { .. } => Vec::new(),
    };
    Ok(post_all(node, &envelopes).await?)
}

/// Writes the activities and one delivery for each inbox, and remembers who was sent what.
async fn post_all(node: &Federation, envelopes: &[Envelope]) -> Result<(), error::Error> {
    if envelopes.iter().all(Envelope::says_nothing) {
        return Ok(());
    }
    let app = node.app();
    let mut tx = app.store().begin().await?;
    let hosts = talked_with(&mut tx, node, envelopes).await?;
    hosts::wake(&mut tx, &hosts.iter().cloned().collect::<Vec<_>>(), app.now()).await?;
    for envelope in envelopes {
        if envelope.presence == Presence::Needed && !is_here(&mut tx, envelope.actor).await? {
            // Gone since it was read what they say of themselves.
            continue;
        }
        let post = match envelope.words_of {
            // Held, so that whoever is deleting it either finds what is written here or is found to have deleted it.
            Some(post) => holding::post(&mut tx, post).await?,
            None => None,
        };
        if envelope.words_of.is_some() && !post.as_ref().is_some_and(Post::is_present) {
            // Deleted since the words were read.
            continue;
        }
        let to = addressed(envelope, &hosts);
        deliver_all(&mut tx, app, envelope, &to).await?;
        reach::note(&mut tx, app, (envelope, &to), post.as_ref()).await?;
    }
    tx.commit().await
}

/// Whether somebody is still here. Held, so that whoever is deleting them either finds what is written of them or is found
/// to have deleted them.
async fn is_here(tx: &mut Tx, actor: ActorId) -> Result<bool, error::Error> {
    Ok(holding::actor(tx, actor).await?.is_some_and(|actor| actor.deleted_at.is_none()))
}

/// The hosts of all these inboxes that this node talks with.
async fn talked_with(
    tx: &mut Tx,
    node: &Federation,
    envelopes: &[Envelope],
) -> Result<BTreeSet<String>, error::Error> {
    let inboxes = envelopes.iter().flat_map(|envelope| &envelope.inboxes);
    let mut hosts: BTreeSet<String> = inboxes.filter_map(|inbox| host_of(inbox)).collect();
    for host in hosts.clone() {
        match node.may_talk(tx, &host).await {
            Ok(()) => {}
            Err(NoTalk::Silent(_)) => {
                hosts.remove(&host);
            }
            Err(NoTalk::Store(error)) => return Err(error),
        }
    }
    Ok(hosts)
}

/// An inbox and the host it is on.
struct Inbox<'a> {
    host: String,
    inbox: &'a str,
}

fn addressed<'a>(envelope: &'a Envelope, hosts: &BTreeSet<String>) -> Vec<Inbox<'a>> {
    let inboxes = envelope.inboxes.iter().filter_map(|inbox| Some(Inbox { host: host_of(inbox)?, inbox }));
    inboxes.filter(|inbox| hosts.contains(&inbox.host)).collect()
}

async fn deliver_all(
    tx: &mut Tx,
    app: &App,
    envelope: &Envelope,
    to: &[Inbox<'_>],
) -> Result<(), error::Error> {
    let kept = Kept {
        id: app.next_id(),
        uri: envelope.uri.clone(),
        actor_id: envelope.actor,
        post_id: envelope.words_of,
        about_id: envelope.about,
        body: envelope.body.clone(),
        open: envelope.open,
        to_followers: envelope.to_followers,
        members_of: envelope.members_of,
        at: app.now(),
    };
    let activity = activities::put(tx, &kept).await?;
    for Inbox { host, inbox } in to {
        let (id, thread, erasure) = (app.next_id(), envelope.thread.as_str(), envelope.erasure);
        let new = New { id, activity, host, inbox, thread, erasure };
        let is_new = deliveries::push(tx, new, app.now()).await?;
        if let Some(erasure) = erasure.filter(|_| is_new) {
            erasures::expect(tx, erasure, host, app.now()).await?;
        }
    }
    Ok(())
}

fn host_of(inbox: &str) -> Option<String> {
    Url::parse(inbox).ok().as_ref().and_then(fold::host_of)
}

impl Envelope {
    fn says_nothing(&self) -> bool {
        self.inboxes.is_empty() && !self.open && self.erasure.is_none() && self.ends.is_none()
    }
}

async fn load(node: &Federation, post: PostId) -> Result<Option<PostParts>, error::Error> {
    let mut reader = node.app().reader();
    let Some(post) = alongside_store::posts::find(&mut reader, post).await? else { return Ok(None) };
    parts::load_one(node.app(), &mut reader, post).await
}

/// What an actor did about a post. What everybody may read is proved (FEP-8b32), so that it can be passed on;
/// what was said to a few is not, so that nobody can prove it to others.
async fn envelope(
    node: &Federation,
    activity: Value,
    by: &Actor,
    about: &Post,
) -> Result<Envelope, JobError> {
    envelope_for(node, activity, by, (about, about.visibility)).await
}

/// As [`envelope`], of something that may be for fewer people than what it is about.
async fn envelope_for(
    node: &Federation,
    activity: Value,
    by: &Actor,
    (about, seen_by): (&Post, Visibility),
) -> Result<Envelope, JobError> {
    let thread = alongside_app::effects::thread(about);
    let open = seen_by.is_open();
    let activity = if open { proved(node, activity, by).await? } else { activity };
    Ok(Envelope {
        open,
        thread,
        about: Some(about.id),
        members_of: members_of(about),
        ..bare(&activity, by)?
    })
}

/// The community whose members a post is for, if it is for nobody else.
fn members_of(post: &Post) -> Option<CommunityId> {
    post.community.filter(|_| post.visibility == Visibility::Members)
}

async fn proved(node: &Federation, activity: Value, by: &Actor) -> Result<Value, JobError> {
    let keys = node.keys_of(by).await?;
    proof::prove(activity, &keys, node.app().now()).map_err(|error| JobError::fail(&error))
}

fn bare(activity: &Value, by: &Actor) -> Result<Envelope, JobError> {
    let uri = activity.get("id").and_then(Value::as_str);
    let uri = uri.ok_or_else(|| JobError::Fail("an activity without an address".to_owned()))?.to_owned();
    let thread = uri.clone();
    Ok(Envelope {
        uri,
        actor: by.id,
        words_of: None,
        about: None,
        body: activity.to_string(),
        open: true,
        to_followers: false,
        members_of: None,
        thread,
        inboxes: BTreeSet::new(),
        erasure: None,
        ends: None,
        presence: Presence::Any,
    })
}

fn elsewhere(actor: &Actor) -> Option<String> {
    (!actor.is_local()).then(|| actor.delivery_inbox().to_owned())
}

/// The name at the end of an address of ours.
fn last_part(uri: &str) -> &str {
    uri.rsplit('/').next().unwrap_or_default()
}
