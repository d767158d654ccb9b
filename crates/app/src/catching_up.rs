//! Catching up with a thread that lives elsewhere, when somebody here reads it.

use crate::context::App;
use crate::effects;
use alongside_domain::job::Job;
use alongside_domain::post::Post;
use alongside_store::error::Error;
use alongside_store::{jobs, posts};

/// How long the replies that were brought in are taken to be all there are.
const FRESH_SECS: i64 = 600;

/// Has the replies under a post from elsewhere brought in, unless that was done a moment ago. Whoever
/// reads gets what is here whether this succeeds or not.
pub async fn replies(app: &App, post: &Post) {
    if post.local {
        return;
    }
    if let Err(error) = ask(app, post).await {
        tracing::warn!(post.id = %post.id, error = &error as &dyn std::error::Error, "a thread is not caught up with");
    }
}

/// Reads first: of many who read a thread only the first has to wait for its turn to write.
async fn ask(app: &App, post: &Post) -> Result<(), Error> {
    let since = app.now().plus_secs(-FRESH_SECS);
    if !posts::awaits_replies(&mut app.reader(), post.id, since).await? {
        return Ok(());
    }
    let mut tx = app.store().begin().await?;
    if posts::claim_replies(&mut tx, post.id, app.now(), since).await? {
        effects::push(
            &mut tx,
            app,
            &Job::Replies { post: post.id },
            &format!("{}replies:{}", jobs::FROM_OTHERS, post.id),
        )
        .await?;
    }
    tx.commit().await
}
