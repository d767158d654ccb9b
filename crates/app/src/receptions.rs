//! Whose notifications a member gets at once, whose wait apart, and those who wait.

use crate::avoiding;
use crate::context::App;
use crate::effects::noted;
use alongside_domain::change::Change;
use alongside_domain::id::{ActorId, MemberId, PostId};
use alongside_domain::notification::NotificationKind;
use alongside_domain::post::Visibility;
use alongside_domain::reception::{Handling, Reception, Sender, can_wait};
use alongside_store::engine::Tx;
use alongside_store::error::Error;
use alongside_store::{posts, receptions, threads};

/// What a member changes about whose notifications wait; what is none stays.
#[derive(Debug, Clone, Copy, Default)]
pub struct Changes {
    /// Of those the member does not follow.
    pub not_following: Option<Handling>,
    /// Of those who do not follow the member.
    pub not_followers: Option<Handling>,
    /// Of those who came a short time ago.
    pub new_accounts: Option<Handling>,
    /// Of those who write to the member alone, unasked.
    pub private_mentions: Option<Handling>,
    /// Of those whose host is silenced here.
    pub limited_accounts: Option<Handling>,
}

/// Changes what a member wants, from now on: what waits stays where it is.
pub async fn change(app: &App, member: MemberId, changes: Changes) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    let before = receptions::of_member(&mut tx, member).await?;
    let after = Reception {
        not_following: changes.not_following.unwrap_or(before.not_following),
        not_followers: changes.not_followers.unwrap_or(before.not_followers),
        new_accounts: changes.new_accounts.unwrap_or(before.new_accounts),
        private_mentions: changes.private_mentions.unwrap_or(before.private_mentions),
        limited_accounts: changes.limited_accounts.unwrap_or(before.limited_accounts),
    };
    receptions::put(&mut tx, member, after).await?;
    tx.commit().await
}

/// Lets those of these through of whom something waits: that is told, and whatever they cause from now on. Says
/// whether anything waited.
pub async fn let_through(app: &App, member: MemberId, from: &[ActorId]) -> Result<bool, Error> {
    let mut tx = app.store().begin().await?;
    let mut waited = 0;
    for from in from {
        waited += receptions::let_through(&mut tx, member, *from).await?;
    }
    if waited > 0 {
        noted::note(&mut tx, app, &Change::Merged { member }).await?;
    }
    tx.commit().await?;
    Ok(waited > 0)
}

/// Forgets what waits of these. Says whether anything did.
pub async fn turn_away(app: &App, member: MemberId, from: &[ActorId]) -> Result<bool, Error> {
    let mut tx = app.store().begin().await?;
    let mut waited = 0;
    for from in from {
        waited += receptions::turn_away(&mut tx, member, *from).await?;
    }
    tx.commit().await?;
    Ok(waited > 0)
}

/// What becomes of a notification.
pub(crate) async fn handling(
    tx: &mut Tx,
    app: &App,
    kind: NotificationKind,
    to: ActorId,
    from: ActorId,
    post: Option<PostId>,
) -> Result<Handling, Error> {
    let (member, now) = (MemberId::of(to), app.now());
    let silenced = avoiding::is_silenced_stranger(tx, to, from, now).await?;
    if !can_wait(kind) {
        return Ok(if silenced { Handling::Drop } else { Handling::Accept });
    }
    let Some(known) = receptions::circumstances(tx, member, from).await?.filter(|known| !known.let_through)
    else {
        return Ok(Handling::Accept);
    };
    let wanted = receptions::of_member(tx, member).await?;
    let asks_of_letters = !known.followed && wanted.private_mentions != Handling::Accept;
    let sender = Sender {
        followed: known.followed,
        follower_since: known.follower_since,
        came_at: known.came_at,
        writes_unasked: asks_of_letters
            && kind == NotificationKind::Mention
            && is_unasked(tx, member, post).await?,
        silenced,
    };
    Ok(wanted.handling(&sender, now))
}

/// Whether a post was written to a member alone, in a thread in which they have written nothing.
async fn is_unasked(tx: &mut Tx, member: MemberId, post: Option<PostId>) -> Result<bool, Error> {
    let Some(post) = post else { return Ok(false) };
    let letter = posts::find(tx, post).await?.filter(|post| post.visibility == Visibility::Direct);
    match letter {
        Some(letter) => Ok(!threads::has_written_in(tx, member.actor(), letter.root).await?),
        None => Ok(false),
    }
}
