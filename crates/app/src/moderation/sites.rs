//! Whoever runs a server elsewhere sends somebody out of it, as in the Lemmy family they can: out of each of its communities,
//! and where it is their own server, with everything they wrote. A server speaks for its names and its communities, and for
//! nothing else.

use super::{Error, posts, take_in};
use crate::context::App;
use crate::effects::{self, Via};
use alongside_domain::actor::{Actor, ActorKind};
use alongside_domain::clock::Timestamp;
use alongside_domain::community::Community;
use alongside_domain::id::{ActorId, CommunityId};
use alongside_domain::job::Job;
use alongside_domain::limits::{BAN_REMOVALS_MAX, SITE_COMMUNITIES_MAX};
use alongside_domain::moderation::Measure;
use alongside_domain::place::origin_of;
use alongside_domain::policy::Refusal;
use alongside_domain::post::Post;
use alongside_store::engine::Tx;
use alongside_store::{actors, communities, entries, site_removals};

/// What becomes of whoever is sent out.
#[derive(Debug, Clone, Copy)]
pub struct Sentence<'a> {
    /// Until when; without a moment, until it is taken back.
    pub until: Option<Timestamp>,
    /// What they wrote goes too.
    pub removes_posts: bool,
    /// Why.
    pub reason: &'a str,
}

/// Sends somebody out of the server of `by`; false if it was so before.
pub async fn send_out(app: &App, by: &Actor, whom: ActorId, sentence: Sentence<'_>) -> Result<bool, Error> {
    let mut tx = app.store().begin().await?;
    let whom = person(&mut tx, whom).await?;
    let found = communities_of(&mut tx, by, &whom).await?;
    let measure = Measure::Ban { member: whom.id, until: sentence.until, removes_posts: false };
    let mut changed = false;
    for community in &found {
        changed |= take_in(&mut tx, app, by, community, measure, sentence.reason, Via::Fetched).await?;
    }
    if sentence.removes_posts {
        changed |= remove(&mut tx, app, by, &whom, &found).await?;
    }
    tx.commit().await?;
    Ok(changed)
}

/// Lets somebody come back, and (if so said) what they wrote with them; false if it was so before.
pub async fn let_back(app: &App, by: &Actor, whom: ActorId, restores_posts: bool) -> Result<bool, Error> {
    let mut tx = app.store().begin().await?;
    let whom = person(&mut tx, whom).await?;
    let mut changed = false;
    for community in communities_of(&mut tx, by, &whom).await? {
        changed |= take_in(&mut tx, app, by, &community, Measure::Unban(whom.id), "", Via::Fetched).await?;
    }
    if restores_posts {
        changed |= restore(&mut tx, app, by, &whom).await?;
    }
    tx.commit().await?;
    Ok(changed)
}

async fn person(tx: &mut Tx, id: ActorId) -> Result<Actor, Error> {
    let found = actors::find(tx, id).await?.ok_or(Refusal::Hidden)?;
    match found.kind {
        ActorKind::Person | ActorKind::Service | ActorKind::Organization => Ok(found),
        ActorKind::Group | ActorKind::Application => Err(Error::NotAPerson),
    }
}

async fn communities_of(tx: &mut Tx, by: &Actor, whom: &Actor) -> Result<Vec<Community>, Error> {
    let origin = origin_of(&by.uri).ok_or(Refusal::Forbidden)?;
    let ids = site_removals::communities_of(tx, &origin, whom.id, SITE_COMMUNITIES_MAX).await?;
    let ids: Vec<ActorId> = ids.into_iter().map(CommunityId::actor).collect();
    Ok(communities::among(tx, &ids).await?)
}

/// Takes away what somebody wrote: all of it where they live, and elsewhere what they wrote in these communities.
async fn remove(
    tx: &mut Tx,
    app: &App,
    by: &Actor,
    whom: &Actor,
    found: &[Community],
) -> Result<bool, Error> {
    let ids = if whom.server() == by.server() {
        site_removals::posts_of(tx, whom.id, BAN_REMOVALS_MAX).await?
    } else {
        let found: Vec<_> = found.iter().map(|community| community.id).collect();
        site_removals::posts_in(tx, &found, whom.id, BAN_REMOVALS_MAX).await?
    };
    let at = site_removals::begin(tx, &by.server(), whom.id, app.now()).await?;
    let mut changed = false;
    for id in ids {
        let Some(post) = alongside_store::posts::find(tx, id).await? else { continue };
        if posts::remove(tx, app, &post, at).await? {
            retell(tx, app, &post).await?;
            changed = true;
        }
    }
    Ok(changed)
}

/// Brings back what went then, and nothing that moderators removed.
async fn restore(tx: &mut Tx, app: &App, by: &Actor, whom: &Actor) -> Result<bool, Error> {
    let host = by.server();
    let Some(removal) = site_removals::find(tx, &host, whom.id).await? else { return Ok(false) };
    let mut changed = false;
    for id in site_removals::removed_at(tx, whom.id, removal.at, BAN_REMOVALS_MAX).await? {
        let Some(post) = alongside_store::posts::find(tx, id).await? else { continue };
        if posts::restore(tx, &post).await? {
            retell(tx, app, &post).await?;
            changed = true;
        }
    }
    site_removals::end(tx, &host, whom.id).await?;
    Ok(changed)
}

/// A thread of a community of ours that it boosted: followers hear that it is gone, or there again. Servers that know how
/// somebody is sent out of a server hear it from that one.
async fn retell(tx: &mut Tx, app: &App, post: &Post) -> Result<(), Error> {
    let Some(community) = post.community.filter(|_| post.visibility.is_open()) else { return Ok(()) };
    if !communities::find(tx, community.actor()).await?.is_some_and(|community| community.local) {
        return Ok(());
    }
    if let Some(line) = entries::boost_of(tx, community.actor(), post.id).await? {
        effects::push(tx, app, &Job::Boost { entry: line.id }, &effects::thread(post)).await?;
    }
    Ok(())
}
