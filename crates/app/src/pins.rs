//! Pinning one's own posts to one's profile.

use crate::context::App;
use alongside_domain::id::{MemberId, PostId};
use alongside_domain::limits::PINS_MAX;
use alongside_domain::policy::Refusal;
use alongside_domain::post::Post;
use alongside_store::engine::Tx;
use alongside_store::{error, pins, posts};

/// Why a post was not pinned. The texts are shown to the member.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The post is not there.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Somebody else wrote it.
    #[error("Someone else's post cannot be pinned")]
    NotYours,
    /// It is for a few, or for the members of a community.
    #[error("Only what is public or for one's followers can be pinned")]
    TooNarrow,
    /// There are enough.
    #[error("You can pin {PINS_MAX} posts")]
    TooMany,
    /// The store could not do it.
    #[error("the post could not be pinned")]
    Store(#[from] error::Error),
}

/// Pins a post, and gives it.
pub async fn pin(app: &App, member: MemberId, post: PostId) -> Result<Post, Error> {
    let mut tx = app.store().begin().await?;
    let post = own(&mut tx, member, post).await?;
    if !post.visibility.can_be_pinned() {
        return Err(Error::TooNarrow);
    }
    let pinned = pins::of_actor(&mut tx, member.actor()).await?;
    if pinned.len() >= PINS_MAX && !pinned.contains(&post.id) {
        return Err(Error::TooMany);
    }
    pins::add(&mut tx, member.actor(), post.id, app.now()).await?;
    tx.commit().await?;
    Ok(post)
}

/// Takes a pin off, and gives the post.
pub async fn unpin(app: &App, member: MemberId, post: PostId) -> Result<Post, Error> {
    let mut tx = app.store().begin().await?;
    let post = own(&mut tx, member, post).await?;
    pins::remove(&mut tx, member.actor(), post.id).await?;
    tx.commit().await?;
    Ok(post)
}

async fn own(tx: &mut Tx, member: MemberId, post: PostId) -> Result<Post, Error> {
    let post = posts::find(tx, post).await?.filter(Post::is_present).ok_or(Refusal::Hidden)?;
    if post.author == member.actor() {
        Ok(post)
    } else if post.visibility.is_open() {
        Err(Error::NotYours)
    } else {
        Err(Refusal::Hidden.into())
    }
}
