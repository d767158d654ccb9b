//! `/api/v1/streaming`: what changes, told at the moment it happens, over a WebSocket or as server-sent events.
//!
//! A change is a row, written in the transaction that changed something. One task in each process reads the rows,
//! asks who hears of each, renders it once, and hands the text to every connection concerned. A connection has
//! room for a few texts; one that does not take them is closed, and its client looks at its timelines again.

mod ask;
mod events;
mod frames;
pub(crate) mod hub;
mod position;
mod socket;
mod tell;

use crate::error::Error;
use crate::routes::{Routes, get};
use crate::state::Web;
use alongside_app::live;
use alongside_domain::clock::Timestamp;
use alongside_store::oauth;
use alongside_store::wake::Bell;
use std::collections::HashSet;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

/// How often it is looked for changes, should no bell ring: another process may have made some.
const POLL: Duration = Duration::from_secs(1);
/// How often it is looked who may listen no more, in seconds; before anything is told it is looked as well.
const CHECK_SECS: i64 = 1;
/// How often old changes are forgotten, in seconds.
const SWEEP_SECS: i64 = 60;
/// How long a stopping node waits for connections to say goodbye.
const GOODBYES: Duration = Duration::from_secs(5);

/// The addresses of this family.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/api/v1/streaming", get(socket::open))
        .route("/api/v1/streaming/health", get(async || "OK"))
        .merge(events::routes())
}

/// Tells those who listen of what changes, until told to stop; then every connection is ended.
pub async fn run(web: Web, stopping: CancellationToken) {
    let mut done = Done::default();
    loop {
        let store = web.app().store().clone();
        let listening = store.wake().listen(Bell::Changes);
        if let Err(error) = look(&web, &mut done).await {
            tracing::warn!(error = %error.cause(), "those who listen have to wait");
        }
        tokio::select! {
            biased;
            () = stopping.cancelled() => break,
            () = listening.heard(POLL) => {}
        }
    }
    // Whoever does not say goodbye by then is cut off with the process.
    let _ = tokio::time::timeout(GOODBYES, web.hub().close()).await;
}

/// When what is not done at every look was last done.
#[derive(Default)]
struct Done {
    checked: Timestamp,
    swept: Timestamp,
}

async fn look(web: &Web, done: &mut Done) -> Result<(), Error> {
    let now = web.app().now();
    if done.swept.plus_secs(SWEEP_SECS) <= now {
        done.swept = now;
        position::sweep(web.app()).await?;
    }
    if web.hub().is_empty() {
        return Ok(());
    }
    catch_up(web).await?;
    // Whoever may listen no more may be so with nothing to tell of.
    if done.checked.plus_secs(CHECK_SECS) <= now {
        done.checked = now;
        end_shut_out(web).await?;
    }
    Ok(())
}

/// Tells those who listen of everything that has changed since it was last looked. Whoever may listen no more
/// hears none of it. Once begun it is done to its end: whoever asked for it, such as a client that comes to listen,
/// may go away before, and the others are told all the same.
pub async fn catch_up(web: &Web) -> Result<(), Error> {
    let web = web.clone();
    let telling = async move { tell_what_changed(&web).await };
    tokio::spawn(telling.in_current_span()).await.unwrap_or_else(|broken| Err(Error::Internal(broken.into())))
}

async fn tell_what_changed(web: &Web) -> Result<(), Error> {
    let mut position = web.hub().position().lock().await;
    let changes = position.read_on(web.app()).await?;
    if !changes.is_empty() {
        end_shut_out(web).await?;
    }
    // Had anything failed before, they would be read again. From here on each is told once, or never.
    position.pass(&changes);
    for kept in changes {
        let listeners = web.hub().listeners();
        if listeners.is_empty() {
            continue;
        }
        // One that cannot be told must not keep the others from being told.
        match tell_of(web, &kept, &listeners).await {
            Ok(()) => {}
            Err(error) => {
                tracing::warn!(change.id = kept.id, error = %error.cause(), "a change could not be told");
            }
        }
    }
    Ok(())
}

async fn tell_of(
    web: &Web,
    kept: &alongside_store::changes::Kept,
    listeners: &live::Listeners,
) -> Result<(), Error> {
    for heard in live::heard(web.app(), &kept.change()?, listeners).await? {
        tell::everybody(web, &heard).await?;
    }
    Ok(())
}

/// Ends the connections of those who may listen no more: from a network that is kept out, with a token that was
/// revoked, or of a member who may not act.
async fn end_shut_out(web: &Web) -> Result<(), Error> {
    web.hub().end_barred(&web.barred().networks(web).await?, web.app().now());
    let tokens = web.hub().tokens();
    if tokens.is_empty() {
        return Ok(());
    }
    let good: HashSet<_> = oauth::still_good(&mut web.app().reader(), &tokens).await?.into_iter().collect();
    // Whoever came since the tokens were listed was let in just now, and is not meant.
    web.hub().end_revoked(&tokens.into_iter().filter(|token| !good.contains(token)).collect());
    Ok(())
}

#[cfg(test)]
mod tests;
