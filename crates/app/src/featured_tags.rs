//! The hashtags on a member's profile.

use crate::context::App;
use crate::own::read_tag;
use alongside_domain::id::{FeaturedTagId, MemberId};
use alongside_domain::limits::FEATURED_TAGS_MAX;
use alongside_store::featured_tags::{self, FeaturedTag};
use alongside_store::{engine::Tx, error};

/// Why a hashtag was not put on a profile or taken off. The texts are shown to the member.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is no hashtag.
    #[error("Validation failed: That is not a hashtag")]
    Tag,
    /// There are enough.
    #[error("Validation failed: You can have {FEATURED_TAGS_MAX} hashtags on your profile")]
    TooMany,
    /// It is not there.
    #[error("Record not found")]
    NotFound,
    /// The store could not do it.
    #[error("the hashtag could not be kept")]
    Store(#[from] error::Error),
}

/// Shows a hashtag on a member's profile; gives it as it stands there.
pub async fn feature(app: &App, member: MemberId, tag: &str) -> Result<FeaturedTag, Error> {
    let tag = read_tag(tag).ok_or(Error::Tag)?;
    let mut tx = app.store().begin().await?;
    if let Some(known) = find(&mut tx, member, &tag).await? {
        return Ok(known);
    }
    if featured_tags::of_member(&mut tx, member.actor()).await?.len() >= FEATURED_TAGS_MAX {
        return Err(Error::TooMany);
    }
    featured_tags::add(&mut tx, member, app.next_id(), &tag).await?;
    let added = find(&mut tx, member, &tag).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    Ok(added)
}

/// Takes a hashtag off the profile.
pub async fn remove(app: &App, member: MemberId, id: FeaturedTagId) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    let known = featured_tags::remove(&mut tx, member, id).await?;
    tx.commit().await?;
    if known { Ok(()) } else { Err(Error::NotFound) }
}

/// Takes a hashtag off the profile, by its name; gives it as it is kept.
pub async fn remove_named(app: &App, member: MemberId, tag: &str) -> Result<String, Error> {
    let tag = read_tag(tag).ok_or(Error::Tag)?;
    let mut tx = app.store().begin().await?;
    if let Some(known) = find(&mut tx, member, &tag).await? {
        featured_tags::remove(&mut tx, member, known.id).await?;
    }
    tx.commit().await?;
    Ok(tag)
}

async fn find(tx: &mut Tx, member: MemberId, tag: &str) -> Result<Option<FeaturedTag>, error::Error> {
    let featured = featured_tags::of_member(tx, member.actor()).await?;
    Ok(featured.into_iter().find(|featured| featured.tag == tag))
}
