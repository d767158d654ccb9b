//! Moving: which other addresses a member says are theirs, where they have gone, and following those who move.
//!
//! A persona's other addresses are only those its member named. No two personas of an account are ever linked here
//! by themselves.

use crate::context::App;
use crate::effects;
use crate::follows::{self, Wishes};
use alongside_domain::actor::Actor;
use alongside_domain::id::{ActorId, MemberId};
use alongside_domain::job::Job;
use alongside_domain::limits::{ALIASES_MAX, MOVE_AGAIN_SECS, MOVED_FOLLOWERS_MAX};
use alongside_store::follows as stored;
use alongside_store::{actors, audit, error, members, moves};

/// Why nobody moved.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such member, or none any more.
    #[error("there is no member of that name here")]
    Nobody,
    /// They are the same.
    #[error("nobody moves to themselves")]
    Same,
    /// The other does not say so.
    #[error("the other account does not name this one among its other addresses: add it there first")]
    NotNamed,
    /// There are enough.
    #[error("a member has at most {ALIASES_MAX} other addresses")]
    TooMany,
    /// They have moved lately.
    #[error("this member has moved within the last 30 days")]
    TooSoon,
    /// The store could not do it.
    #[error("the move could not be kept")]
    Store(#[from] error::Error),
}

/// Says that another address is the member's too, so that they can move from there to here.
pub async fn add_alias(app: &App, handle: &str, other: &Actor) -> Result<(), Error> {
    let member = member(app, handle).await?;
    if other.id == member.actor() {
        return Err(Error::Same);
    }
    let mut tx = app.store().begin().await?;
    if moves::aliases(&mut tx, member.actor()).await?.len() >= ALIASES_MAX {
        return Err(Error::TooMany);
    }
    moves::add_alias(&mut tx, member.actor(), &other.uri, app.now()).await?;
    effects::push(&mut tx, app, &Job::Profile { actor: member.actor() }, "").await?;
    tx.commit().await?;
    Ok(())
}

/// Takes another address away again; true if it was there.
pub async fn remove_alias(app: &App, handle: &str, uri: &str) -> Result<bool, Error> {
    let member = member(app, handle).await?;
    let mut tx = app.store().begin().await?;
    let removed = moves::remove_alias(&mut tx, member.actor(), uri).await?;
    if removed {
        effects::push(&mut tx, app, &Job::Profile { actor: member.actor() }, "").await?;
    }
    tx.commit().await?;
    Ok(removed)
}

/// Moves a member to another account, whose own host says that it is theirs. Their followers are told.
pub async fn depart_to(app: &App, handle: &str, other: &Actor, names_us: bool) -> Result<(), Error> {
    let member = member(app, handle).await?;
    if other.id == member.actor() {
        return Err(Error::Same);
    }
    if !names_us {
        return Err(Error::NotNamed);
    }
    let mut tx = app.store().begin().await?;
    if moved_lately(moves::of(&mut tx, member.actor()).await?, app) {
        return Err(Error::TooSoon);
    }
    moves::put(&mut tx, member.actor(), &other.uri, app.now()).await?;
    effects::push(&mut tx, app, &Job::Profile { actor: member.actor() }, "").await?;
    effects::push(&mut tx, app, &Job::Move { actor: member.actor() }, "").await?;
    let (subject, detail) = (format!("member {member}"), other.uri.as_str());
    audit::append(&mut tx, app.ids(), app.now(), None, "member.move", &subject, detail).await?;
    tx.commit().await?;
    lead(app, member.actor(), other).await?;
    Ok(())
}

/// Somebody elsewhere has moved, as both sides say: whoever follows them here asks to follow them there. How many
/// that were; none, where they have moved lately.
pub async fn arrived(app: &App, from: ActorId, to: &Actor) -> Result<Option<usize>, Error> {
    let mut tx = app.store().begin().await?;
    let moved = moves::of(&mut tx, from).await?;
    // Told again of the same move, those who could not be led the first time are led now.
    if moved_lately(moved.filter(|moved| moved.uri != to.uri), app) {
        return Ok(None);
    }
    moves::put(&mut tx, from, &to.uri, app.now()).await?;
    tx.commit().await?;
    lead(app, from, to).await.map(Some)
}

/// Lets those who follow one ask to follow the other, each as if they had asked themselves. One who may not is left
/// where they are.
async fn lead(app: &App, from: ActorId, to: &Actor) -> Result<usize, Error> {
    let mut led = 0;
    for follower in stored::here(&mut app.reader(), from, MOVED_FOLLOWERS_MAX).await? {
        let wishes = Wishes {
            show_boosts: follower.show_boosts,
            notify: follower.notify,
            languages: Some(follower.languages),
        };
        match follows::follow(app, follower.follower_id, to.id, wishes, None).await {
            Ok(_) => led += 1,
            Err(follows::Error::Refused(_) | follows::Error::NoTalk(_) | follows::Error::Languages) => {}
            Err(follows::Error::Store(error)) => return Err(error.into()),
        }
    }
    Ok(led)
}

fn moved_lately(moved: Option<moves::Moved>, app: &App) -> bool {
    moved.is_some_and(|moved| moved.at.plus_secs(MOVE_AGAIN_SECS) > app.now())
}

async fn member(app: &App, handle: &str) -> Result<MemberId, Error> {
    let mut reader = app.reader();
    let found = members::find_by_handle(&mut reader, handle).await?.ok_or(Error::Nobody)?;
    let actor = actors::find(&mut reader, found.id.actor()).await?.filter(Actor::is_present);
    actor.map(|_| found.id).ok_or(Error::Nobody)
}
