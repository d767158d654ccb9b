//! A member leaves for good: everything of theirs goes, here and wherever it went.

use crate::context::App;
use crate::{accounts as sign_ins, effects, files};
use alongside_domain::account::Role;
use alongside_domain::actor::Actor;
use alongside_domain::id::{AccountId, ErasureId, MemberId};
use alongside_domain::job::Job;
use alongside_store::engine::Tx;
use alongside_store::erasures::{self, Erasure};
use alongside_store::{accounts, actors, audit, departures, error, holding, members};

/// Why nobody left.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such member, or none any more.
    #[error("there is no member of that name here")]
    Nobody,
    /// It is somebody else's.
    #[error("the e-mail address, the password or the name is wrong")]
    Wrong,
    /// The node would be without anybody who runs it.
    #[error("this is the last administrator of the node: make another one first")]
    LastAdmin,
    /// Try again later.
    #[error(transparent)]
    Stopped(#[from] crate::passwords::Stopped),
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
    let account = sign_ins::sign_in(app, email, password).await.map_err(|error| match error {
        sign_ins::SignInError::Wrong => Error::Wrong,
        sign_ins::SignInError::Stopped(stopped) => Error::Stopped(stopped),
        sign_ins::SignInError::Store(error) => Error::Store(error),
    })?;
    let member = members::find_by_handle(&mut app.reader(), handle).await?;
    let own = member.filter(|member| member.account_id == account).ok_or(Error::Wrong)?;
    leave(app, own.id, Some(account)).await
}

async fn leave(app: &App, member: MemberId, by: Option<AccountId>) -> Result<ErasureId, Error> {
    let mut tx = app.store().begin().await?;
    let found = members::find(&mut tx, member).await?.ok_or(Error::Nobody)?;
    // Held before anything of theirs is looked at: what they are writing right now is there, or will be refused.
    let actor = holding::actor(&mut tx, member.actor()).await?.filter(|actor| actor.deleted_at.is_none());
    let actor = actor.ok_or(Error::Nobody)?;
    let is_last = members::of_account(&mut tx, found.account_id).await?.len() <= 1;
    if is_last && found.role == Role::Admin && accounts::count(&mut tx, Role::Admin).await? <= 1 {
        return Err(Error::LastAdmin);
    }
    let erasure = begin(&mut tx, app, &actor).await?;
    departures::forget(&mut tx, actor.id, app.now()).await?;
    departures::forget_member(&mut tx, member, app.now()).await?;
    actors::delete(&mut tx, actor.id, app.now()).await?;
    if is_last {
        accounts::close(&mut tx, found.account_id, app.now()).await?;
    }
    effects::push(&mut tx, app, &Job::Depart { actor: actor.id }, "").await?;
    let subject = format!("member {}", actor.id);
    audit::append(&mut tx, app.ids(), app.now(), by, "member.delete", &subject, "").await?;
    tx.commit().await?;
    files::remove(app, [actor.avatar, actor.header].into_iter().flatten().collect()).await;
    Ok(erasure)
}

async fn begin(tx: &mut Tx, app: &App, actor: &Actor) -> Result<ErasureId, error::Error> {
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
