//! Catching up with a thread that lives elsewhere, when somebody here reads it, and how far that has come; and with a community
//! of which something was missed.

use crate::context::App;
use crate::effects;
use alongside_domain::id::{ActorId, PostId};
use alongside_domain::job::Job;
use alongside_domain::post::Post;
use alongside_store::error::Error;
use alongside_store::session::Session;
use alongside_store::{catch_ups, follows, jobs, posts};

/// How long the replies that were brought in are taken to be all there are.
const FRESH_SECS: i64 = 600;
/// What has not ended by then will not: its worker is gone.
const SECS_MAX: i64 = 300;

/// How far catching up has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The post it is about.
    pub post: PostId,
    /// More may still land.
    pub is_running: bool,
    /// Posts that have landed.
    pub found: i64,
}

/// Has the thread around a post from elsewhere brought in, unless that was done a moment ago, and says how far
/// that has come. Whoever reads gets what is here whether this succeeds or not.
pub async fn replies(app: &App, post: &Post) -> Option<Progress> {
    let asked = async {
        let Some(about) = about(app, post).await? else { return Ok(None) };
        ask(app, about).await?;
        progress(app, about).await
    };
    asked.await.unwrap_or_else(|error: Error| {
        tracing::warn!(post.id = %post.id, error = &error as &dyn std::error::Error, "a thread is not caught up with");
        None
    })
}

/// How far catching up with the thread around a post has come, if it was begun lately.
pub async fn progress(app: &App, post: PostId) -> Result<Option<Progress>, Error> {
    let found = catch_ups::find(&mut app.reader(), post).await?;
    Ok(found.map(|last| Progress {
        post,
        is_running: last.ended_at.is_none() && last.began_at.plus_secs(SECS_MAX) > app.now(),
        found: last.found,
    }))
}

/// Has the recent threads of a community elsewhere read again, if anybody here belongs to it; whether that is so.
pub async fn threads(app: &App, community: ActorId) -> Result<bool, Error> {
    if !follows::is_followed_here(&mut app.reader(), community).await? {
        return Ok(false);
    }
    let mut tx = app.store().begin().await?;
    effects::read_threads(&mut tx, app, community).await?;
    tx.commit().await?;
    Ok(true)
}

/// The post to ask about: of what was written here, the beginning of its thread, if that lives elsewhere.
async fn about(app: &App, post: &Post) -> Result<Option<PostId>, Error> {
    if !post.local {
        return Ok(Some(post.id));
    }
    let root = posts::find(&mut app.reader(), post.root).await?;
    Ok(root.filter(|root| !root.local && root.is_present() && root.visibility.is_open()).map(|root| root.id))
}

/// Reads first: of many who read a thread only the first has to wait for its turn to write.
async fn ask(app: &App, post: PostId) -> Result<(), Error> {
    if !is_stale(&mut app.reader(), app, post).await? {
        return Ok(());
    }
    let mut tx = app.store().begin().await?;
    let since = app.now().plus_secs(-FRESH_SECS);
    if catch_ups::claim_replies(&mut tx, post, app.now(), since).await? {
        catch_ups::begin(&mut tx, post, app.now()).await?;
        let sequence = format!("{}replies:{post}", jobs::FROM_OTHERS);
        effects::push(&mut tx, app, &Job::Replies { post }, &sequence).await?;
    }
    tx.commit().await
}

async fn is_stale(session: &mut impl Session, app: &App, post: PostId) -> Result<bool, Error> {
    catch_ups::awaits_replies(session, post, app.now().plus_secs(-FRESH_SECS)).await
}

/// Takes it upon oneself to ask what was said below a post; false if that was asked a moment ago.
pub async fn claim(app: &App, post: PostId) -> Result<bool, Error> {
    if !is_stale(&mut app.reader(), app, post).await? {
        return Ok(false);
    }
    let mut tx = app.store().begin().await?;
    let claimed =
        catch_ups::claim_replies(&mut tx, post, app.now(), app.now().plus_secs(-FRESH_SECS)).await?;
    tx.commit().await?;
    Ok(claimed)
}

/// One more post of the thread has landed.
pub async fn landed(app: &App, post: PostId) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    catch_ups::count(&mut tx, post).await?;
    tx.commit().await
}

/// Nothing more will land.
pub async fn end(app: &App, post: PostId) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    catch_ups::end(&mut tx, post, app.now()).await?;
    tx.commit().await
}
