//! A member leaves for good: everything of theirs goes, here and wherever it went.

use crate::communities::guidance;
use crate::context::App;
use crate::passwords::Stopped;
use crate::{accounts as sign_ins, effects, sanctions, strays};
use alongside_domain::account::Role;
use alongside_domain::actor::Actor;
use alongside_domain::id::{AccountId, ActorId, ErasureId, MemberId};
use alongside_domain::job::Job;
use alongside_domain::policy::Refusal;
use alongside_domain::staff::Duty;
use alongside_store::engine::Tx;
use alongside_store::erasures::{self, Erasure};
use alongside_store::{accounts, actors, audit, communities, departures, error, holding, members, reports};

/// Why nobody left.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such member, or none any more.
    #[error("there is no member of that name here")]
    Nobody,
    /// It is somebody else's.
    #[error("the e-mail address, the password or the name is wrong")]
    Wrong,
    /// Staff keep them from signing in, and have to do it for them.
    #[error("this account is closed for a time: ask those who look after the node to delete it")]
    Kept,
    /// The policy said no, or there is nobody of that id.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// What can be taken back comes first.
    #[error("They are not suspended: suspend them first, and delete them when that turns out to be right")]
    NotSuspended,
    /// What was written is still needed.
    #[error("Nothing is deleted while a report about them is open: resolve it first")]
    Reported,
    /// The node would be without anybody who runs it.
    #[error("this is the last administrator of the node: make another one first")]
    LastAdmin,
    /// Try again later.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// The store could not do it.
    #[error("nothing was deleted")]
    Store(#[from] error::Error),
}

/// Deletes a member, because whoever runs the node says so. What is gone cannot be brought back, and the name is
/// never given away.
pub async fn delete(app: &App, handle: &str) -> Result<ErasureId, Error> {
    let member = members::find_by_handle(&mut app.reader(), handle).await?.ok_or(Error::Nobody)?;
    leave(app, member.id, None).await
}

/// Deletes a member, because they say so themselves, with the address and the password they sign in with.
pub async fn delete_own(app: &App, email: &str, password: &str, handle: &str) -> Result<ErasureId, Error> {
    let own = sign_ins::sign_in_as(app, email, password, handle).await.map_err(|error| match error {
        sign_ins::SignInError::Wrong
        | sign_ins::SignInError::Unconfirmed
        | sign_ins::SignInError::Waiting => Error::Wrong,
        sign_ins::SignInError::Kept => Error::Kept,
        sign_ins::SignInError::Stopped(stopped) => Error::Stopped(stopped),
        sign_ins::SignInError::Store(error) => Error::Store(error),
    })?;
    leave(app, own.id, Some(own.account_id)).await
}

/// Deletes somebody who is suspended, because an administrator says so, once nobody has to look at a report about
/// them any more. Of somebody elsewhere it deletes what is kept here.
pub async fn expel(app: &App, by: MemberId, target: ActorId) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    let (by, whom) = sanctions::reached(&mut tx, by, target, Duty::Deletion).await.map_err(not_reached)?;
    if whom.suspended_at.is_none() {
        return Err(Error::NotSuspended);
    }
    if reports::any_open(&mut tx, target).await? {
        return Err(Error::Reported);
    }
    if whom.is_local() {
        depart(&mut tx, app, MemberId::of(target), Some(by.account)).await?;
    } else {
        erase(&mut tx, app, target).await?;
        let subject = format!("actor {target}");
        audit::append(&mut tx, app.ids(), app.now(), Some(by.account), "actor.delete", &subject, "").await?;
    }
    let portraits = if whom.is_local() { portraits(&whom) } else { Vec::new() };
    strays::let_go(&mut tx, app, &portraits).await?;
    tx.commit().await?;
    strays::remove(app, portraits).await;
    Ok(())
}

fn not_reached(error: sanctions::Error) -> Error {
    match error {
        sanctions::Error::Refused(refusal) => Error::Refused(refusal),
        sanctions::Error::Store(error) => Error::Store(error),
        sanctions::Error::OutOfReach
        | sanctions::Error::Waiting
        | sanctions::Error::Message
        | sanctions::Error::Unending(_)
        | sanctions::Error::Elsewhere
        | sanctions::Error::Report => Error::Refused(Refusal::Forbidden),
    }
}

async fn leave(app: &App, member: MemberId, by: Option<AccountId>) -> Result<ErasureId, Error> {
    let mut tx = app.store().begin().await?;
    let (erasure, actor) = depart(&mut tx, app, member, by).await?;
    let portraits = portraits(&actor);
    strays::let_go(&mut tx, app, &portraits).await?;
    tx.commit().await?;
    strays::remove(app, portraits).await;
    Ok(erasure)
}

/// The files that somebody who lives here was shown by.
pub(crate) fn portraits(actor: &Actor) -> Vec<String> {
    [&actor.avatar, &actor.header].into_iter().flatten().cloned().collect()
}

async fn depart(
    tx: &mut Tx,
    app: &App,
    member: MemberId,
    by: Option<AccountId>,
) -> Result<(ErasureId, Actor), Error> {
    let found = members::find(tx, member).await?.ok_or(Error::Nobody)?;
    // Held before anything of theirs is looked at: what they are writing right now is there, or will be refused.
    let actor = holding::actor(tx, member.actor()).await?.filter(|actor| actor.deleted_at.is_none());
    let actor = actor.ok_or(Error::Nobody)?;
    let is_last = !members::has_another(tx, found.account_id, member).await?;
    if is_last && found.role == Role::Admin && accounts::count(tx, Role::Admin).await? <= 1 {
        return Err(Error::LastAdmin);
    }
    let erasure = begin(tx, app, &actor).await?;
    erase(tx, app, actor.id).await?;
    departures::forget_member(tx, member, app.now()).await?;
    if is_last {
        accounts::close(tx, found.account_id, app.now()).await?;
    }
    effects::push(tx, app, &Job::Depart { actor: actor.id }, "").await?;
    let subject = format!("member {}", actor.id);
    audit::append(tx, app.ids(), app.now(), by, "member.delete", &subject, "").await?;
    Ok((erasure, actor))
}

/// Takes away everything of an actor, wherever it lived, and its name from the communities here that it looked after.
pub(crate) async fn erase(tx: &mut Tx, app: &App, actor: ActorId) -> Result<(), error::Error> {
    let (looked_after, now) = (communities::looked_after_by(tx, actor).await?, app.now());
    departures::forget(tx, actor, now).await?;
    actors::delete(tx, actor, now).await?;
    for community in looked_after {
        guidance::retell(tx, app, community).await?;
    }
    Ok(())
}

/// Begins the erasure of everything of an actor.
pub(crate) async fn begin(tx: &mut Tx, app: &App, actor: &Actor) -> Result<ErasureId, error::Error> {
    let id: ErasureId = app.next_id();
    let erasure = Erasure {
        id,
        actor_id: actor.id,
        post_id: None,
        uri: actor.uri.clone(),
        at: app.now(),
        told_at: None,
    };
    erasures::insert(tx, &erasure).await?;
    Ok(id)
}
