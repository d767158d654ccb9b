//! Catching up with a thread that lives elsewhere, when somebody here reads it.

use crate::context::App;
use crate::effects;
use alongside_domain::job::Job;
use alongside_domain::post::Post;
use alongside_store::error::Error;
use alongside_store::posts;

/// How long the replies that were brought in are taken to be all there are.
const FRESH_SECS: i64 = 600;

/// Has the replies under a post from elsewhere brought in, unless that was done a moment ago.
pub async fn replies(app: &App, post: &Post) -> Result<(), Error> {
    if post.local {
        return Ok(());
    }
    let mut tx = app.store().begin().await?;
    if posts::claim_replies(&mut tx, post.id, app.now(), app.now().plus_secs(-FRESH_SECS)).await? {
        effects::push(&mut tx, app, &Job::Replies { post: post.id }, "").await?;
    }
    tx.commit().await
}
