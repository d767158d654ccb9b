//! Getting to know actors of other nodes, and seeing them go.

use crate::communities::guidance;
use crate::context::App;
use crate::departures;
use crate::effects;
use alongside_domain::actor::{Actor, ActorKind};
use alongside_domain::community::{Audience, Community, JoinPolicy};
use alongside_domain::id::{ActorId, CommunityId};
use alongside_domain::job::Job;
use alongside_domain::policy::Refusal;
use alongside_store::actors::Profile;
use alongside_store::jobs::FROM_OTHERS;
use alongside_store::keys::Key;
use alongside_store::{actors, communities, error, follows, hosts, keys, sanctions};

/// Why an actor was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is deleted, or its name belongs to another.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store could not do it.
    #[error("the actor could not be kept")]
    Store(#[from] error::Error),
}

/// A public key that an actor lists.
#[derive(Debug, Clone)]
pub struct ListedKey {
    /// Its address.
    pub uri: String,
    /// `rsa` or `ed25519`.
    pub algorithm: &'static str,
    /// The key, as PEM.
    pub public_key: String,
}

/// What an actor says of what is written by it, or in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Says {
    /// A community is for its members only.
    pub members_only: bool,
    /// What it writes for everybody may be found by its words.
    pub indexable: bool,
}

/// Takes in what an actor's origin says of it, for the first time or again. Its keys are those it
/// lists now. What was deleted stays so, and a name that is held by another is not given to it.
pub async fn learn(app: &App, profile: &Profile, listed: &[ListedKey], says: Says) -> Result<Actor, Error> {
    let mut tx = app.store().begin().await?;
    let known = actors::find_by_uri(&mut tx, &profile.uri).await?;
    let id = match &known {
        Some(known)
            if known.is_local()
                || known.deleted_at.is_some()
                || known.is_community() != is_group(profile) =>
        {
            return Err(Refusal::Forbidden.into());
        }
        Some(known) => {
            actors::update(&mut tx, known.id, profile, app.now()).await?;
            if known.suspended_at.is_some() {
                sanctions::unsuspend_elsewhere(&mut tx, known.id).await?;
                guidance::retell_looked_after_by(&mut tx, app, known.id).await?;
            }
            known.id
        }
        None => {
            if actors::find_by_address(&mut tx, &profile.handle, &profile.host).await?.is_some() {
                return Err(Refusal::Forbidden.into());
            }
            let id: ActorId = app.next_id();
            actors::insert(&mut tx, id, profile, app.now()).await?;
            id
        }
    };
    if known.as_ref().is_some_and(|known| known.indexable) != says.indexable {
        actors::set_indexable(&mut tx, id, says.indexable).await?;
    }
    if is_group(profile) {
        communities::put(&mut tx, &settings(id, profile, says.members_only)).await?;
        if known.is_some() && follows::is_followed_here(&mut tx, id).await? {
            let sequence = format!("{FROM_OTHERS}outbox:{id}");
            effects::push(&mut tx, app, &Job::Moderators { community: id }, &sequence).await?;
        }
    }
    let listed: Vec<Key> = listed
        .iter()
        .map(|key| Key {
            uri: key.uri.clone(),
            actor_id: id,
            algorithm: key.algorithm.to_owned(),
            public_key: key.public_key.clone(),
            private_key: None,
            fetched_at: app.now(),
            renewed: false,
        })
        .collect();
    keys::replace(&mut tx, id, &listed).await?;
    hosts::ensure(&mut tx, &profile.host).await?;
    let actor = actors::find(&mut tx, id).await?.ok_or(Refusal::Hidden)?;
    tx.commit().await?;
    Ok(actor)
}

/// Hides an actor elsewhere whose own server has suspended it, until [`learn`] is called for it again: what it said of
/// itself is kept for then. None if it is not known here.
pub async fn suspend(app: &App, uri: &str) -> Result<Option<Actor>, error::Error> {
    let mut tx = app.store().begin().await?;
    let known = actors::find_by_uri(&mut tx, uri).await?;
    let Some(known) = known.filter(|known| !known.is_local() && known.deleted_at.is_none()) else {
        return Ok(None);
    };
    sanctions::suspend_elsewhere(&mut tx, known.id, app.now()).await?;
    guidance::retell_looked_after_by(&mut tx, app, known.id).await?;
    let actor = actors::find(&mut tx, known.id).await?;
    tx.commit().await?;
    Ok(actor)
}

/// An actor elsewhere was deleted: nothing of it is shown any more, and its name is not given away.
pub async fn depart(app: &App, actor: ActorId) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    departures::erase(&mut tx, app, actor).await?;
    tx.commit().await?;
    Ok(())
}

fn is_group(profile: &Profile) -> bool {
    profile.kind == ActorKind::Group
}

/// What a community elsewhere is to us: its own node decides who reads and who joins.
fn settings(id: ActorId, profile: &Profile, members_only: bool) -> Community {
    Community {
        id: CommunityId::of(id),
        audience: if members_only { Audience::Members } else { Audience::Everyone },
        join_policy: if profile.locked { JoinPolicy::Approval } else { JoinPolicy::Open },
        indexable: false,
        safeguarding_contact: None,
        local: false,
    }
}
