//! Following, which for a community is joining; and being accepted, refused and leaving.

use crate::audience;
use crate::context::App;
use crate::effects;
use crate::hosts::{self, NoTalk};
use crate::moderation;
use alongside_domain::actor::Actor;
use alongside_domain::community::{Audience, Community};
use alongside_domain::draft::is_language_tag;
use alongside_domain::event::Event;
use alongside_domain::id::{ActorId, FollowId, MemberId};
use alongside_domain::job::Job;
use alongside_domain::limits::FOLLOW_LANGUAGES_MAX;
use alongside_domain::place::{Place, follow_name};
use alongside_domain::policy::{self, Joining, Refusal};
use alongside_store::engine::Tx;
use alongside_store::follows::{self, Follow};
use alongside_store::{actors, blocks, communities, error, host_blocks, lists};

/// Why a follow was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The policy said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// This node does not talk with the other's.
    #[error(transparent)]
    NoTalk(NoTalk),
    /// The languages are none, or too many.
    #[error("Validation failed: up to {FOLLOW_LANGUAGES_MAX} languages, written as en or pt-BR")]
    Languages,
    /// The store could not do it.
    #[error("the follow could not be kept")]
    Store(#[from] error::Error),
}

/// How a follower would like to be kept informed.
#[derive(Debug, Clone)]
pub struct Wishes {
    /// Boosts are shown too.
    pub show_boosts: bool,
    /// A notification for each post.
    pub notify: bool,
    /// Posts in these languages alone, and those that do not say; none at all means any. What is not said stays.
    pub languages: Option<Vec<String>>,
}

impl Default for Wishes {
    fn default() -> Self {
        Self { show_boosts: true, notify: false, languages: None }
    }
}

/// Follows somebody, or joins a community. Asked again, it changes the wishes, and whoever was let in
/// before is told so once more. `uri` is the address the request has where it came from.
pub async fn follow(
    app: &App,
    follower: ActorId,
    target: ActorId,
    wishes: Wishes,
    uri: Option<String>,
) -> Result<Follow, Error> {
    let mut tx = app.store().begin().await?;
    let follow = follow_in(&mut tx, app, follower, target, wishes, uri).await?;
    tx.commit().await?;
    Ok(follow)
}

/// As [`follow`], as part of something else.
pub(crate) async fn follow_in(
    tx: &mut Tx,
    app: &App,
    follower: ActorId,
    target: ActorId,
    wishes: Wishes,
    uri: Option<String>,
) -> Result<Follow, Error> {
    let languages = wishes.languages.map(checked).transpose()?;
    let follower = present(tx, follower).await?;
    let target = present(tx, target).await?;
    if follower.id == target.id || (!follower.is_local() && !target.is_local()) {
        return Err(Refusal::Forbidden.into());
    }
    let from_here = uri.is_none();
    if from_here && !target.is_local() {
        hosts::may_talk(app, tx, &target.server()).await.map_err(Error::NoTalk)?;
    }
    let letting_in = letting_in(tx, app, &follower, &target).await?;
    let known = follows::between(tx, follower.id, target.id).await?;
    let id = known.as_ref().map_or_else(|| app.next_id::<FollowId>(), |known| known.id);
    let wanted = Follow {
        id,
        follower_id: follower.id,
        target_id: target.id,
        accepted: false,
        uri: uri.unwrap_or_else(|| app.places().of(Place::Activity(&follow_name(id)))),
        show_boosts: wishes.show_boosts,
        notify: wishes.notify,
        at: app.now(),
    };
    let mut follow = follows::put(tx, &wanted).await?;
    if let Some(languages) = &languages {
        follows::read_in(tx, follow.id, languages).await?;
    }
    if !follow.accepted && letting_in == Some(Joining::Accepted) {
        accept_in(tx, app, &mut follow).await?;
    } else if known.is_none() || (!follow.accepted && from_here) {
        let event = Event::FollowRequested { follow: follow.id, follower: follower.id, target: target.id };
        effects::of(tx, app, event, effects::Via::Here).await?;
    } else if follow.accepted && !follower.is_local() {
        effects::push(tx, app, &Job::Accept { follow: follow.id }, "").await?;
    }
    Ok(follow)
}

/// Languages as they are kept, each once.
fn checked(mut languages: Vec<String>) -> Result<Vec<String>, Error> {
    languages.retain(|tag| !tag.is_empty());
    languages.sort_unstable();
    languages.dedup();
    let fit = languages.len() <= FOLLOW_LANGUAGES_MAX && languages.iter().all(|tag| is_language_tag(tag));
    if fit { Ok(languages) } else { Err(Error::Languages) }
}

/// Whether the follower is let in at once; none where another node decides.
async fn letting_in(
    tx: &mut Tx,
    app: &App,
    follower: &Actor,
    target: &Actor,
) -> Result<Option<Joining>, Error> {
    if blocks::exists(tx, target.id, follower.id).await? {
        return Err(Refusal::Hidden.into());
    }
    if !target.is_local() {
        return Ok(None);
    }
    if host_blocks::exists(tx, MemberId::of(target.id), &follower.host).await? {
        return Err(Refusal::Hidden.into());
    }
    if !target.is_community() {
        return Ok(Some(if target.locked { Joining::Requested } else { Joining::Accepted }));
    }
    let community = communities::find(tx, target.id).await?.ok_or(Refusal::Hidden)?;
    if !may_hear(tx, follower, &community).await? {
        return Err(Refusal::Forbidden.into());
    }
    let standing = communities::standing(tx, community.id, follower.id, app.now()).await?;
    if standing.banned {
        return Err(Refusal::Hidden.into());
    }
    Ok(Some(if standing.steward { Joining::Accepted } else { policy::joining(community.join_policy) }))
}

/// Whether what is for the members of a community may go to where somebody lives: otherwise they would see
/// nothing there, or somebody would who must not.
async fn may_hear(tx: &mut Tx, follower: &Actor, community: &Community) -> Result<bool, error::Error> {
    match community.audience {
        Audience::Members if !follower.is_local() => audience::may_go_to_host_of(tx, &follower.uri).await,
        Audience::Members | Audience::Everyone => Ok(true),
    }
}

/// Ends a follow, or leaves a community. Where there was none, nothing happens.
pub async fn unfollow(app: &App, follower: ActorId, target: ActorId) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    unfollow_in(&mut tx, app, follower, target).await?;
    tx.commit().await?;
    Ok(())
}

/// As [`unfollow`], as part of something else.
pub(crate) async fn unfollow_in(
    tx: &mut Tx,
    app: &App,
    follower: ActorId,
    target: ActorId,
) -> Result<(), error::Error> {
    let Some(follow) = follows::between(tx, follower, target).await? else { return Ok(()) };
    end(tx, &follow).await?;
    let event = Event::Unfollowed { follow: follow.id, follower, target };
    effects::of(tx, app, event, effects::Via::Here).await
}

/// Accepts somebody who asked: done by the one who is followed, or by whoever looks after the community.
pub async fn accept(app: &App, by: ActorId, follower: ActorId, target: ActorId) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    may_decide(&mut tx, app, by, target).await?;
    if let Some(community) = communities::find(&mut tx, target).await?.filter(|community| community.local) {
        let follower = present(&mut tx, follower).await?;
        if !may_hear(&mut tx, &follower, &community).await? {
            return Err(Refusal::Forbidden.into());
        }
    }
    if let Some(mut follow) = follows::between(&mut tx, follower, target).await? {
        accept_in(&mut tx, app, &mut follow).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Refuses somebody who asked, or sends away somebody who was accepted.
pub async fn reject(app: &App, by: ActorId, follower: ActorId, target: ActorId) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    may_decide(&mut tx, app, by, target).await?;
    if let Some(follow) = follows::between(&mut tx, follower, target).await? {
        cut(&mut tx, app, &follow).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Ends the follows between two, whoever follows whom.
pub async fn part(app: &App, one: ActorId, other: ActorId) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    if let Some(follow) = follows::between(&mut tx, other, one).await? {
        cut(&mut tx, app, &follow).await?;
    }
    unfollow_in(&mut tx, app, one, other).await?;
    tx.commit().await?;
    Ok(())
}

/// Tells somebody elsewhere that they may not follow: there is nothing kept of what they asked.
pub async fn refuse(app: &App, follower: ActorId, target: ActorId, follow_uri: String) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    effects::push(&mut tx, app, &Job::Reject { follow_uri, follower, target }, "").await?;
    tx.commit().await?;
    Ok(())
}

/// Ends a follow from the side of the one who is followed, and tells the follower's node.
pub async fn cut(tx: &mut Tx, app: &App, follow: &Follow) -> Result<(), error::Error> {
    end(tx, follow).await?;
    let (follower, target) = (follow.follower_id, follow.target_id);
    let elsewhere = actors::find(tx, follower).await?.is_some_and(|follower| !follower.is_local());
    let target_is_here = actors::find(tx, target).await?.is_some_and(|target| target.is_local());
    if elsewhere && target_is_here {
        let job = Job::Reject { follow_uri: follow.uri.clone(), follower, target };
        effects::push(tx, app, &job, "").await?;
    }
    effects::of(tx, app, Event::FollowRejected { follow: follow.id, follower, target }, effects::Via::Here)
        .await
}

/// Who is not followed any more is in none of the follower's lists either.
async fn end(tx: &mut Tx, follow: &Follow) -> Result<(), error::Error> {
    lists::take_out_of_all(tx, MemberId::of(follow.follower_id), follow.target_id).await?;
    if follows::remove(tx, follow.id).await? && follow.accepted {
        follows::count(tx, follow.follower_id, follow.target_id, -1).await?;
    }
    Ok(())
}

async fn accept_in(tx: &mut Tx, app: &App, follow: &mut Follow) -> Result<(), error::Error> {
    if follows::accept(tx, follow.id).await? {
        follow.accepted = true;
        follows::count(tx, follow.follower_id, follow.target_id, 1).await?;
        let event = Event::FollowAccepted {
            follow: follow.id,
            follower: follow.follower_id,
            target: follow.target_id,
        };
        effects::of(tx, app, event, effects::Via::Here).await?;
    }
    Ok(())
}

async fn may_decide(tx: &mut Tx, app: &App, by: ActorId, target: ActorId) -> Result<(), Error> {
    if by == target {
        return Ok(());
    }
    // Whoever looks after a community elsewhere decides there, not here.
    let community = communities::find(tx, target).await?.filter(|community| community.local);
    let Some(community) = community else { return Err(Refusal::Forbidden.into()) };
    match moderation::standing::authority_of(tx, app, by, &community).await {
        Ok(()) => Ok(()),
        Err(moderation::Error::Store(error)) => Err(error.into()),
        Err(_) => Err(Refusal::Forbidden.into()),
    }
}

async fn present(tx: &mut Tx, id: ActorId) -> Result<Actor, Error> {
    Ok(actors::find(tx, id).await?.filter(Actor::is_present).ok_or(Refusal::Hidden)?)
}
