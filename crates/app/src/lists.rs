//! A member's own lists. The communities a member joined are shown among them, each as a list of its
//! own that nobody can change: so every client has a timeline for each community.

use crate::context::App;
use alongside_domain::id::{ActorId, CommunityId, ListId, MemberId};
use alongside_domain::limits::{JOINED_SHOWN_MAX, KEYWORD_CHARS_MAX, LIST_ENTRIES_MAX, LISTS_MAX};
use alongside_domain::list::{List, RepliesPolicy};
use alongside_store::communities::Joined;
use alongside_store::engine::Tx;
use alongside_store::session::Session;
use alongside_store::{communities, error, follows, lists};

/// Why a list was not changed. The texts are shown to the member.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The member has no such list, or does not follow whom they would put in it.
    #[error("Record not found")]
    NotFound,
    /// It is a community, which is joined and left but not edited.
    #[error("This list is a community you joined: follow or unfollow the community to change it")]
    Community,
    /// It needs a title.
    #[error("Validation failed: a title has 1 to {KEYWORD_CHARS_MAX} characters")]
    Title,
    /// There are enough.
    #[error("Validation failed: you can have {LISTS_MAX} lists with {LIST_ENTRIES_MAX} entries each")]
    TooMany,
    /// They are in it.
    #[error("Validation failed: Account has already been taken")]
    Listed,
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

/// A member's own lists, oldest first, and after them the communities they joined.
pub async fn all(session: &mut impl Session, member: MemberId) -> Result<Vec<List>, error::Error> {
    let mut all = lists::of_member(session, member).await?;
    let joined = communities::joined(session, member.actor(), JOINED_SHOWN_MAX).await?;
    all.extend(joined.into_iter().map(of_community));
    Ok(all)
}

/// What the id of a list of this member stands for.
#[derive(Debug)]
pub enum Found {
    /// A list of their own.
    Own(List),
    /// A community they joined.
    Community(CommunityId, List),
}

/// The list with this id, which may be a community the member joined.
pub async fn find(
    session: &mut impl Session,
    member: MemberId,
    id: ListId,
) -> Result<Option<Found>, error::Error> {
    if let Some(own) = lists::find(session, member, id).await? {
        return Ok(Some(Found::Own(own)));
    }
    let joined = communities::joined_one(session, member.actor(), ActorId::new(id.get())).await?;
    Ok(joined.map(|joined| Found::Community(CommunityId::of(joined.actor_id), of_community(joined))))
}

/// What is to be changed of a list; what is none stays.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// What it is called.
    pub title: Option<String>,
    /// Which replies it shows.
    pub replies_policy: Option<RepliesPolicy>,
    /// Who is in it is left out of the home timeline.
    pub exclusive: Option<bool>,
}

/// Makes a list.
pub async fn create(app: &App, member: MemberId, wanted: &Wanted) -> Result<List, Error> {
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
pub async fn update(app: &App, member: MemberId, id: ListId, changes: Changes) -> Result<List, Error> {
    let mut tx = app.store().begin().await?;
    let before = own(&mut tx, member, id).await?;
    let wanted = Wanted {
        title: changes.title.unwrap_or(before.title),
        replies_policy: changes.replies_policy.unwrap_or(before.replies_policy),
        exclusive: changes.exclusive.unwrap_or(before.exclusive),
    };
    let list = checked(id, &wanted)?;
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

/// Puts people and communities that the member follows, or asked to follow, into a list; all of them or none.
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
        if *actor != member.actor() && follow.is_none() {
            return Err(Error::NotFound);
        }
        if !lists::add(&mut tx, id, *actor).await? {
            return Err(Error::Listed);
        }
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
    match find(tx, member, id).await? {
        Some(Found::Own(list)) => Ok(list),
        Some(Found::Community(..)) => Err(Error::Community),
        None => Err(Error::NotFound),
    }
}

fn of_community(joined: Joined) -> List {
    List {
        id: ListId::new(joined.actor_id.get()),
        title: joined.name,
        replies_policy: RepliesPolicy::None,
        exclusive: false,
    }
}

fn checked(id: ListId, wanted: &Wanted) -> Result<List, Error> {
    let title = wanted.title.trim().to_owned();
    if !(1..=KEYWORD_CHARS_MAX).contains(&title.chars().count()) {
        return Err(Error::Title);
    }
    Ok(List { id, title, replies_policy: wanted.replies_policy, exclusive: wanted.exclusive })
}
