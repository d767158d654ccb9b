//! A member's own lists.

use crate::context::App;
use alongside_domain::id::{ActorId, ListId, MemberId};
use alongside_domain::limits::{KEYWORD_CHARS_MAX, LIST_ENTRIES_MAX, LISTS_MAX};
use alongside_domain::list::{List, RepliesPolicy};
use alongside_store::engine::Tx;
use alongside_store::{error, follows, lists};

/// Why a list was not changed. The texts are shown to the member.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The member has no such list, or does not follow whom they would put in it.
    #[error("Record not found")]
    NotFound,
    /// It needs a title.
    #[error("Validation failed: a title has 1 to {KEYWORD_CHARS_MAX} characters")]
    Title,
    /// There are enough.
    #[error("Validation failed: you can have {LISTS_MAX} lists with {LIST_ENTRIES_MAX} entries each")]
    TooMany,
    /// The store could not do it.
    #[error("the list could not be kept")]
    Store(#[from] error::Error),
}

/// What a member says of a list.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What it is called.
    pub title: String,
    /// Which replies it shows.
    pub replies_policy: RepliesPolicy,
    /// Who is in it is left out of the home timeline.
    pub exclusive: bool,
}

/// Makes a list.
pub async fn create(app: &App, member: MemberId, wanted: Wanted) -> Result<List, Error> {
    let mut tx = app.store().begin().await?;
    if lists::of_member(&mut tx, member).await?.len() >= LISTS_MAX {
        return Err(Error::TooMany);
    }
    let list = checked(app.next_id(), wanted)?;
    lists::put(&mut tx, member, &list).await?;
    tx.commit().await?;
    Ok(list)
}

/// Changes a list.
pub async fn update(app: &App, member: MemberId, id: ListId, wanted: Wanted) -> Result<List, Error> {
    let mut tx = app.store().begin().await?;
    own(&mut tx, member, id).await?;
    let list = checked(id, wanted)?;
    lists::put(&mut tx, member, &list).await?;
    tx.commit().await?;
    Ok(list)
}

/// Forgets a list.
pub async fn remove(app: &App, member: MemberId, id: ListId) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    own(&mut tx, member, id).await?;
    lists::remove(&mut tx, id).await?;
    tx.commit().await?;
    Ok(())
}

/// Puts people and communities that the member follows into a list.
pub async fn add(app: &App, member: MemberId, id: ListId, actors: &[ActorId]) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    own(&mut tx, member, id).await?;
    let most = i64::try_from(LIST_ENTRIES_MAX).unwrap_or(i64::MAX);
    let there = lists::actors(&mut tx, id, i64::MAX, most).await?.len();
    if there + actors.len() > LIST_ENTRIES_MAX {
        return Err(Error::TooMany);
    }
    for actor in actors {
        let follow = follows::between(&mut tx, member.actor(), *actor).await?;
        if *actor != member.actor() && !follow.is_some_and(|follow| follow.accepted) {
            return Err(Error::NotFound);
        }
        lists::add(&mut tx, id, *actor).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Takes people and communities out of a list.
pub async fn take_out(app: &App, member: MemberId, id: ListId, actors: &[ActorId]) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    own(&mut tx, member, id).await?;
    for actor in actors {
        lists::take_out(&mut tx, id, *actor).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn own(tx: &mut Tx, member: MemberId, id: ListId) -> Result<List, Error> {
    lists::find(tx, member, id).await?.ok_or(Error::NotFound)
}

fn checked(id: ListId, wanted: Wanted) -> Result<List, Error> {
    let title = wanted.title.trim().to_owned();
    if !(1..=KEYWORD_CHARS_MAX).contains(&title.chars().count()) {
        return Err(Error::Title);
    }
    Ok(List { id, title, replies_policy: wanted.replies_policy, exclusive: wanted.exclusive })
}
