//! Recommending somebody one follows, on one's own profile, for everybody to see. Who is in a community for its
//! members is nobody's business, so such a community cannot be recommended.

use crate::context::App;
use alongside_domain::actor::Actor;
use alongside_domain::community::Audience;
use alongside_domain::id::{ActorId, MemberId};
use alongside_domain::limits::ENDORSEMENTS_MAX;
use alongside_domain::policy::Refusal;
use alongside_store::page::Page;
use alongside_store::{actors, communities, endorsements, error, follows};

/// Why somebody was not recommended. The texts are shown to the member.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is nobody like that.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The member does not follow them.
    #[error("Validation failed: You must be already following the person you want to recommend")]
    NotFollowing,
    /// It would tell everybody where the member is.
    #[error(
        "Validation failed: This community is for its members only, so you cannot show that you are in it"
    )]
    MembersOnly,
    /// There are enough.
    #[error("Validation failed: You can recommend {ENDORSEMENTS_MAX}")]
    TooMany,
    /// The store could not do it.
    #[error("this could not be kept")]
    Store(#[from] error::Error),
}

/// Recommends somebody.
pub async fn endorse(app: &App, member: MemberId, target: ActorId) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    let target = actors::find(&mut tx, target).await?.filter(Actor::is_present).ok_or(Refusal::Hidden)?;
    let follow = follows::between(&mut tx, member.actor(), target.id).await?;
    if !follow.is_some_and(|follow| follow.accepted) {
        return Err(Error::NotFollowing);
    }
    let community = communities::find(&mut tx, target.id).await?;
    if community.is_some_and(|community| community.audience == Audience::Members) {
        return Err(Error::MembersOnly);
    }
    let known = endorsements::page(&mut tx, member.actor(), &Page::newest(ENDORSEMENTS_MAX)).await?;
    let is_known = known.iter().any(|known| known.target_id == target.id);
    if !is_known && i64::try_from(known.len()).is_ok_and(|known| known >= ENDORSEMENTS_MAX) {
        return Err(Error::TooMany);
    }
    endorsements::add(&mut tx, member, target.id, app.next_id()).await?;
    tx.commit().await?;
    Ok(())
}

/// Recommends somebody no more.
pub async fn withdraw(app: &App, member: MemberId, target: ActorId) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    actors::find(&mut tx, target).await?.filter(Actor::is_present).ok_or(Refusal::Hidden)?;
    endorsements::remove(&mut tx, member, target).await?;
    tx.commit().await?;
    Ok(())
}
