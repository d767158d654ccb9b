//! What follows for those who listen at this moment, and for those who want to be told when they do not.

use crate::context::App;
use crate::pushing;
use alongside_domain::change::{Change, LINES_GONE_MAX, Line};
use alongside_domain::post::Post;
use alongside_store::engine::Tx;
use alongside_store::entries::Entry;
use alongside_store::error::Error;
use alongside_store::notifications::Notice;
use alongside_store::{changes, entries, notifications};

/// Notes what changed.
pub async fn note(tx: &mut Tx, app: &App, change: &Change) -> Result<(), Error> {
    changes::insert(tx, app.next_id(), change).await
}

/// Tells a member of something, unless they were told already.
pub async fn tell(tx: &mut Tx, app: &App, notice: &Notice) -> Result<(), Error> {
    // What waits apart is told when the member has let it through, in the list alone.
    if !notifications::insert(tx, notice).await? || notice.apart {
        return Ok(());
    }
    note(tx, app, &Change::Notified { member: notice.member_id, notice: notice.id }).await?;
    pushing::told(tx, app, notice).await
}

/// Notes that a post is gone, while the lines that show it are still known.
pub async fn gone(tx: &mut Tx, app: &App, post: &Post) -> Result<(), Error> {
    let lines = entries::of_post(tx, post.id, LINES_GONE_MAX).await?;
    let lines = lines.iter().map(line).collect();
    note(tx, app, &Change::Gone { post: post.id, lines }).await
}

/// Notes that a boost was taken back.
pub async fn unboosted(tx: &mut Tx, app: &App, entry: &Entry) -> Result<(), Error> {
    note(tx, app, &Change::Unboosted { post: entry.post_id, line: line(entry) }).await
}

const fn line(entry: &Entry) -> Line {
    Line { id: entry.id, actor: entry.actor_id }
}
