//! Measures about people: appointed and dismissed, sent out and let back.

use super::Error;
use super::posts;
use super::standing::{Authority, rank};
use crate::context::App;
use crate::follows;
use crate::sign_ups;
use alongside_domain::actor::{Actor, ActorKind};
use alongside_domain::clock::Timestamp;
use alongside_domain::community::Community;
use alongside_domain::id::{ActorId, CommunityId};
use alongside_domain::limits::{BAN_REMOVALS_MAX, BAN_SECS_MAX, STEWARDS_MAX};
use alongside_domain::moderation::{Measure, Taken};
use alongside_domain::policy::Refusal;
use alongside_store::bans::{self, Ban};
use alongside_store::engine::Tx;
use alongside_store::{communities, error, follows as stored_follows, measures};

/// The role of those who look after a community.
const MODERATOR: &str = "moderator";

/// Does to somebody what the measure says; false if it was so before.
pub(super) async fn carry_out(
    tx: &mut Tx,
    app: &App,
    authority: &Authority,
    community: &Community,
    taken: &Taken,
) -> Result<bool, Error> {
    let Some(id) = taken.measure.member() else { return Ok(false) };
    let whom = sign_ups::known(tx, id).await?.ok_or(Refusal::Hidden)?;
    if matches!(whom.kind, ActorKind::Group | ActorKind::Application) {
        return Err(Error::NotAPerson);
    }
    let rank = rank(tx, whom.id, community).await?;
    if !authority.reaches(taken.measure.kind(), whom.id, rank) {
        return Err(Error::OutOfReach);
    }
    match taken.measure {
        Measure::Appoint(_) => appoint(tx, community, &whom, taken.at).await,
        Measure::Dismiss(_) => Ok(communities::dismiss(tx, community.id, whom.id).await?),
        Measure::Ban { until, removes_posts, .. } => {
            ban(tx, app, community, &whom, until, taken, removes_posts).await
        }
        Measure::Unban(_) => Ok(bans::lift(tx, community.id, whom.id).await?),
        Measure::Remove(_)
        | Measure::Restore(_)
        | Measure::Lock(_)
        | Measure::Unlock(_)
        | Measure::Feature(_)
        | Measure::Unfeature(_) => Ok(false),
    }
}

async fn appoint(tx: &mut Tx, community: &Community, whom: &Actor, at: Timestamp) -> Result<bool, Error> {
    if !whom.is_present() {
        return Err(Refusal::Hidden.into());
    }
    if bans::find(tx, community.id, whom.id, at).await?.is_some() {
        return Err(Error::Banned);
    }
    let stewards = communities::stewards(tx, community.id).await?;
    if stewards.iter().any(|steward| steward.actor_id == whom.id) {
        return Ok(false);
    }
    if stewards.len() >= STEWARDS_MAX {
        return Err(Error::TooManyStewards);
    }
    communities::appoint(tx, community.id, whom.id, MODERATOR, at).await?;
    Ok(true)
}

/// Sends somebody out: they are no member any more, and cannot become one until the ban is over.
async fn ban(
    tx: &mut Tx,
    app: &App,
    community: &Community,
    whom: &Actor,
    until: Option<Timestamp>,
    taken: &Taken,
    removes_posts: bool,
) -> Result<bool, Error> {
    if until.is_some_and(|until| until <= taken.at || until > taken.at.plus_secs(BAN_SECS_MAX)) {
        return Err(Error::Until);
    }
    let ban = Ban { actor_id: whom.id, expires_at: until, reason: taken.reason.clone() };
    let mut changed = bans::put(tx, community.id, &ban, taken.at).await?;
    communities::dismiss(tx, community.id, whom.id).await?;
    if let Some(follow) = stored_follows::between(tx, whom.id, community.id.actor()).await? {
        follows::cut(tx, app, &follow).await?;
    }
    if removes_posts {
        for id in measures::posts_of(tx, community.id, whom.id, BAN_REMOVALS_MAX).await? {
            let Some(post) = alongside_store::posts::find(tx, id).await? else { continue };
            changed |= posts::remove(tx, app, &post, taken.at).await?;
        }
    }
    Ok(changed)
}

/// Keeps who looks after a community elsewhere, as it says itself. Of a community of ours nobody else says
/// that.
pub async fn keep_stewards(app: &App, community: CommunityId, named: &[ActorId]) -> Result<(), error::Error> {
    let mut tx = app.store().begin().await?;
    let Some(found) = communities::find(&mut tx, community.actor()).await?.filter(|found| !found.local)
    else {
        return Ok(());
    };
    let known = communities::stewards(&mut tx, found.id).await?;
    for steward in known.iter().filter(|steward| !named.contains(&steward.actor_id)) {
        communities::dismiss(&mut tx, found.id, steward.actor_id).await?;
    }
    for actor in named.iter().take(STEWARDS_MAX) {
        if !known.iter().any(|steward| steward.actor_id == *actor) {
            communities::appoint(&mut tx, found.id, *actor, MODERATOR, app.now()).await?;
        }
    }
    tx.commit().await
}
