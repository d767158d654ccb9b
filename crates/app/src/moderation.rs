//! Moderation: the measures that those who look after a community take there. One verb, whether a member
//! here takes them, the operator, or a moderator on another node.

pub mod people;
mod posts;
pub mod sites;
pub mod standing;

use crate::context::App;
use crate::effects::{self, Via};
use alongside_domain::actor::Actor;
use alongside_domain::community::Community;
use alongside_domain::event::Event;
use alongside_domain::id::{CommunityId, MemberId};
use alongside_domain::limits::{FEATURED_MAX, REASON_CHARS_MAX, STEWARDS_MAX};
use alongside_domain::moderation::{Measure, Taken};
use alongside_domain::policy::Refusal;
use alongside_store::engine::Tx;
use alongside_store::{actors, audit, communities, error, measures, members};

/// Why a measure was not taken. The texts are shown to the moderator.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The policy said no, or there is no such post or person in the community.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The reason is too long.
    #[error("Validation failed: a reason may have {REASON_CHARS_MAX} characters")]
    Reason,
    /// Whoever looks after the community is out of reach.
    #[error(
        "They look after this community. Staff, or a moderator who has served longer, can dismiss them first"
    )]
    OutOfReach,
    /// A community or a program cannot look after one, or be sent out of one.
    #[error("This is not a person")]
    NotAPerson,
    /// Somebody who was sent out cannot look after the community.
    #[error("They were sent out of this community: let them come back first")]
    Banned,
    /// The end of a ban is not in the future, or too far in it.
    #[error("Validation failed: a ban ends in the future, and within ten years, or not by itself")]
    Until,
    /// Only what begins a thread stands first.
    #[error("Only a post that begins a thread can be featured")]
    NotAThread,
    /// There are enough.
    #[error("A community can feature {FEATURED_MAX} posts")]
    TooManyFeatured,
    /// There are enough.
    #[error("{STEWARDS_MAX} people can look after a community")]
    TooManyStewards,
    /// The store could not do it.
    #[error("the measure could not be kept")]
    Store(#[from] error::Error),
}

/// Takes a measure in a community; false if it changes nothing, and then nobody is told. `by` is whoever
/// takes it: somebody who looks after the community, staff of its node, or the community itself.
pub async fn take(
    app: &App,
    by: &Actor,
    community: CommunityId,
    measure: Measure,
    reason: &str,
    via: Via,
) -> Result<bool, Error> {
    let mut tx = app.store().begin().await?;
    let community = communities::find(&mut tx, community.actor()).await?.ok_or(Refusal::Hidden)?;
    let changed = take_in(&mut tx, app, by, &community, measure, reason, via).await?;
    tx.commit().await?;
    Ok(changed)
}

/// As [`take`], as part of something else.
async fn take_in(
    tx: &mut Tx,
    app: &App,
    by: &Actor,
    community: &Community,
    measure: Measure,
    reason: &str,
    via: Via,
) -> Result<bool, Error> {
    let reason = reason.trim();
    if reason.chars().count() > REASON_CHARS_MAX {
        return Err(Error::Reason);
    }
    let authority = standing::authority(tx, app, by, community).await?;
    let taken = Taken {
        id: app.next_id(),
        community: community.id,
        by: by.id,
        measure,
        reason: reason.to_owned(),
        at: app.now(),
    };
    let changed = match measure {
        Measure::Remove(_)
        | Measure::Restore(_)
        | Measure::Lock(_)
        | Measure::Unlock(_)
        | Measure::Feature(_)
        | Measure::Unfeature(_) => posts::carry_out(tx, app, &authority, community, &taken).await?,
        Measure::Appoint(_) | Measure::Dismiss(_) | Measure::Ban { .. } | Measure::Unban(_) => {
            people::carry_out(tx, app, &authority, community, &taken).await?
        }
    };
    if changed {
        remember(tx, app, by, community, &taken, via).await?;
    }
    Ok(changed)
}

/// Writes down what was done here, by somebody here, or to somebody here. What others do among themselves in
/// a community elsewhere is for its own node to keep.
async fn remember(
    tx: &mut Tx,
    app: &App,
    by: &Actor,
    community: &Community,
    taken: &Taken,
    via: Via,
) -> Result<(), Error> {
    let is_ours = community.local || by.is_local() || concerns_somebody_here(tx, taken).await?;
    if !is_ours {
        return Ok(());
    }
    measures::insert(tx, taken).await?;
    effects::of(tx, app, Event::Moderated { taken, community }, via).await?;
    let account = members::find(tx, MemberId::of(by.id)).await?;
    let about = match (taken.measure.post(), taken.measure.member()) {
        (Some(post), _) => format!("post {post}"),
        (None, Some(member)) => format!("actor {member}"),
        (None, None) => String::new(),
    };
    audit::append(
        tx,
        app.ids(),
        app.now(),
        account.map(|member| member.account_id),
        &format!("community.{}", taken.measure.kind()),
        &format!("community {} {about}", community.id),
        &format!("measure {} by {}", taken.id, by.uri),
    )
    .await?;
    Ok(())
}

/// Whether another node did it to something written here, or to somebody here who has written in the community:
/// nobody hears from a community they never had to do with.
async fn concerns_somebody_here(tx: &mut Tx, taken: &Taken) -> Result<bool, error::Error> {
    let whom = match taken.measure {
        Measure::Remove(post) | Measure::Restore(post) => {
            alongside_store::posts::find(tx, post).await?.map(|post| post.author)
        }
        Measure::Ban { member, .. } if measures::has_written(tx, taken.community, member).await? => {
            Some(member)
        }
        Measure::Ban { .. }
        | Measure::Lock(_)
        | Measure::Unlock(_)
        | Measure::Feature(_)
        | Measure::Unfeature(_)
        | Measure::Appoint(_)
        | Measure::Dismiss(_)
        | Measure::Unban(_) => None,
    };
    match whom {
        Some(whom) => Ok(actors::find(tx, whom).await?.is_some_and(|actor| actor.is_local())),
        None => Ok(false),
    }
}
