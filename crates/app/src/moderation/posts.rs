//! Measures about posts: removed and restored, locked and unlocked, featured and not.

use super::Error;
use super::standing::Authority;
use crate::context::App;
use crate::effects::{self, noted};
use alongside_domain::clock::Timestamp;
use alongside_domain::community::Community;
use alongside_domain::id::PostId;
use alongside_domain::limits::FEATURED_MAX;
use alongside_domain::moderation::{Measure, Taken};
use alongside_domain::policy::Refusal;
use alongside_domain::post::Post;
use alongside_store::engine::Tx;
use alongside_store::{activities, error, holding, measures, pins, posts};

/// Does to a post what the measure says; false if it was so before.
pub(super) async fn carry_out(
    tx: &mut Tx,
    app: &App,
    _: &Authority,
    community: &Community,
    taken: &Taken,
) -> Result<bool, Error> {
    let Some(id) = taken.measure.post() else { return Ok(false) };
    let post = of_community(tx, community, id).await?;
    match taken.measure {
        Measure::Remove(_) => Ok(remove(tx, app, &post, taken.at).await?),
        Measure::Restore(_) => Ok(restore(tx, &post).await?),
        Measure::Lock(id) => Ok(measures::set_locked(tx, id, Some(taken.at)).await?),
        Measure::Unlock(id) => Ok(measures::set_locked(tx, id, None).await?),
        Measure::Feature(_) => feature(tx, community, &post, taken.at).await,
        Measure::Unfeature(id) => Ok(pins::remove(tx, community.id.actor(), id).await?),
        Measure::Appoint(_) | Measure::Dismiss(_) | Measure::Ban { .. } | Measure::Unban(_) => Ok(false),
    }
}

/// A post of the community, removed or not. Of any other post a moderator of it learns nothing.
async fn of_community(tx: &mut Tx, community: &Community, id: PostId) -> Result<Post, Error> {
    let found = posts::find(tx, id).await?;
    let own = found.filter(|post| post.community == Some(community.id) && post.deleted_at.is_none());
    Ok(own.ok_or(Refusal::Hidden)?)
}

/// Takes a post out of its community: it is shown, counted and served no more, and its words are kept for
/// whoever decides again.
pub(super) async fn remove(tx: &mut Tx, app: &App, post: &Post, at: Timestamp) -> Result<bool, error::Error> {
    holding::actor(tx, post.author).await?;
    if !measures::set_removed(tx, post.id, Some(at)).await? {
        return Ok(false);
    }
    effects::recount(tx, post, -1).await?;
    noted::gone(tx, app, post).await?;
    activities::withhold(tx, post.id).await?;
    Ok(true)
}

pub(super) async fn restore(tx: &mut Tx, post: &Post) -> Result<bool, error::Error> {
    holding::actor(tx, post.author).await?;
    if !measures::set_removed(tx, post.id, None).await? {
        return Ok(false);
    }
    effects::recount(tx, post, 1).await?;
    if post.visibility.is_open() {
        activities::release(tx, post.id).await?;
    }
    Ok(true)
}

async fn feature(tx: &mut Tx, community: &Community, post: &Post, at: Timestamp) -> Result<bool, Error> {
    if !post.is_top_level() {
        return Err(Error::NotAThread);
    }
    if !post.is_present() {
        return Err(Refusal::Hidden.into());
    }
    let featured = pins::of_actor(tx, community.id.actor()).await?;
    if featured.len() >= FEATURED_MAX && !featured.contains(&post.id) {
        return Err(Error::TooManyFeatured);
    }
    Ok(pins::add(tx, community.id.actor(), post.id, at).await?)
}
