//! Blocking, muting, and what one notes about somebody: how a member keeps others at a distance.

use crate::context::App;
use crate::follows as following;
use crate::{severances, sign_ups};
use alongside_domain::actor::Actor;
use alongside_domain::fold;
use alongside_domain::id::{ActorId, MemberId};
use alongside_domain::limits::PRIVATE_NOTE_CHARS_MAX;
use alongside_domain::notification::SeveranceKind;
use alongside_domain::policy::Refusal;
use alongside_store::engine::Tx;
use alongside_store::host_blocks::Ties;
use alongside_store::mutes::Mute;
use alongside_store::partings::Crossing;
use alongside_store::{blocks, error, follows, host_blocks, mutes, notifications, private_notes};

/// Follows ended in one transaction with the block of a host. Nothing of the rest is shown either.
const PARTED_MAX: i64 = 10_000;

/// Why it was not done. The texts are shown to the member.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is nobody like that, or it is oneself.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The note is too long.
    #[error("A note may have {PRIVATE_NOTE_CHARS_MAX} characters")]
    NoteTooLong,
    /// That is not a host.
    #[error("That is not a domain")]
    Host,
    /// The store could not do it.
    #[error("this could not be kept")]
    Store(#[from] error::Error),
}

/// Blocks somebody: follows end both ways, and what they did is told no more. Done by a member, or by
/// somebody elsewhere.
pub async fn block(app: &App, actor: ActorId, target: ActorId) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    other(&mut tx, actor, target).await?;
    if blocks::add(&mut tx, app.next_id(), actor, target).await? {
        if let Some(follow) = follows::between(&mut tx, target, actor).await? {
            following::cut(&mut tx, app, &follow).await?;
        }
        following::unfollow_in(&mut tx, app, actor, target).await?;
        notifications::clear_from(&mut tx, MemberId::of(actor), target).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Ends a block. The follows it ended stay ended.
pub async fn unblock(app: &App, actor: ActorId, target: ActorId) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    blocks::remove(&mut tx, actor, target).await?;
    tx.commit().await?;
    Ok(())
}

/// Mutes somebody, for ever or for some seconds; their notifications too, if so wished.
pub async fn mute(
    app: &App,
    member: MemberId,
    target: ActorId,
    notifications: bool,
    secs: Option<i64>,
) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    other(&mut tx, member.actor(), target).await?;
    let expires_at = secs.filter(|secs| *secs > 0).map(|secs| app.now().plus_secs(secs));
    let mute = Mute { id: app.next_id(), target_id: target, notifications, expires_at };
    mutes::put(&mut tx, member, &mute).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends a mute.
pub async fn unmute(app: &App, member: MemberId, target: ActorId) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    mutes::remove(&mut tx, member, target).await?;
    tx.commit().await?;
    Ok(())
}

/// Keeps what a member notes about somebody; nothing takes the note away.
pub async fn note(app: &App, member: MemberId, target: ActorId, text: &str) -> Result<(), Error> {
    if text.chars().count() > PRIVATE_NOTE_CHARS_MAX {
        return Err(Error::NoteTooLong);
    }
    let mut tx = app.store().begin().await?;
    sign_ups::known(&mut tx, target).await?.ok_or(Refusal::Hidden)?;
    private_notes::put(&mut tx, member, target, text.trim()).await?;
    tx.commit().await?;
    Ok(())
}

/// Blocks a host: nothing of it is shown to the member, and follows end both ways. They are told how many that were.
pub async fn block_host(app: &App, member: MemberId, host: &str) -> Result<(), Error> {
    let host = another(app, host)?;
    let mut tx = app.store().begin().await?;
    host_blocks::add(&mut tx, member, &host).await?;
    notifications::clear_from_host(&mut tx, member, &host).await?;
    let lost = part(&mut tx, app, member, &host).await?;
    if lost.followers + lost.following > 0 {
        severances::tell(&mut tx, app, (SeveranceKind::Member, &host), &[lost]).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Ends the follows between a member and whoever lives on a host.
async fn part(tx: &mut Tx, app: &App, member: MemberId, host: &str) -> Result<Crossing, Error> {
    let mut lost = Crossing { member_id: member, followers: 0, following: 0 };
    for follow in follows::with_host(tx, member.actor(), host, PARTED_MAX).await? {
        if follow.target_id == member.actor() {
            lost.followers += i64::from(follow.accepted);
            following::cut(tx, app, &follow).await?;
        } else {
            lost.following += i64::from(follow.accepted);
            following::unfollow_in(tx, app, member.actor(), follow.target_id).await?;
        }
    }
    Ok(lost)
}

/// How many people of a host a member follows and is followed by, before they block it.
pub async fn ties_with_host(app: &App, member: MemberId, host: &str) -> Result<Ties, Error> {
    Ok(host_blocks::ties(&mut app.reader(), member, &another(app, host)?).await?)
}

/// Ends the block of a host.
pub async fn unblock_host(app: &App, member: MemberId, host: &str) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    host_blocks::remove(&mut tx, member, &fold::host(host)).await?;
    tx.commit().await?;
    Ok(())
}

/// A host that is not this one, as it is kept.
fn another(app: &App, host: &str) -> Result<String, Error> {
    let host = fold::host(host);
    let fits = !host.is_empty()
        && host.len() <= 253
        && host != app.places().host()
        && !host.contains(char::is_whitespace);
    if fits { Ok(host) } else { Err(Error::Host) }
}

async fn other(tx: &mut Tx, actor: ActorId, target: ActorId) -> Result<Actor, Error> {
    if actor == target {
        return Err(Refusal::Forbidden.into());
    }
    Ok(sign_ups::known(tx, target).await?.ok_or(Refusal::Hidden)?)
}
