//! Keeping posts for later.

use crate::context::App;
use crate::reading;
use alongside_domain::id::{MemberId, PostId};
use alongside_domain::policy::Refusal;
use alongside_domain::post::Post;
use alongside_store::engine::Tx;
use alongside_store::{bookmarks, error, mutes};

/// Why a post was not kept or muted.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The policy said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store could not do it.
    #[error("this could not be kept")]
    Store(#[from] error::Error),
}

/// Keeps a post, and gives it.
pub async fn add(app: &App, member: MemberId, post: PostId) -> Result<Post, Error> {
    let mut tx = app.store().begin().await?;
    let post = seen(&mut tx, app, member, post).await?;
    bookmarks::add(&mut tx, app.next_id(), member, post.id).await?;
    tx.commit().await?;
    Ok(post)
}

/// Keeps a post no more, and gives it.
pub async fn remove(app: &App, member: MemberId, post: PostId) -> Result<Post, Error> {
    let mut tx = app.store().begin().await?;
    let post = seen(&mut tx, app, member, post).await?;
    bookmarks::remove(&mut tx, member, post.id).await?;
    tx.commit().await?;
    Ok(post)
}

/// Mutes the thread a post is in, and gives the post.
pub async fn mute_thread(app: &App, member: MemberId, post: PostId) -> Result<Post, Error> {
    let mut tx = app.store().begin().await?;
    let post = seen(&mut tx, app, member, post).await?;
    mutes::add_thread(&mut tx, member, post.root).await?;
    tx.commit().await?;
    Ok(post)
}

/// Ends the mute of the thread a post is in, and gives the post.
pub async fn unmute_thread(app: &App, member: MemberId, post: PostId) -> Result<Post, Error> {
    let mut tx = app.store().begin().await?;
    let post = seen(&mut tx, app, member, post).await?;
    mutes::remove_thread(&mut tx, member, post.root).await?;
    tx.commit().await?;
    Ok(post)
}

async fn seen(tx: &mut Tx, app: &App, member: MemberId, post: PostId) -> Result<Post, Error> {
    Ok(reading::post(tx, Some(member.actor()), post, app.now()).await?.ok_or(Refusal::Hidden)?)
}
