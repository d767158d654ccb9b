//! Whether what was written elsewhere may be answered, as its origin says.

use super::Arrival;
use crate::context::App;
use alongside_domain::id::{ActorId, CommunityId};
use alongside_domain::post::Post;
use alongside_store::engine::Tx;
use alongside_store::error::Error;
use alongside_store::{actors, measures};

/// Closes a post to answers, or opens it again, so that members are told before they write what nobody would take. A
/// community that lives elsewhere than the author, or here, says that itself.
pub(super) async fn close(tx: &mut Tx, app: &App, post: &Post, arrival: &Arrival) -> Result<(), Error> {
    let Some(takes_answers) = arrival.takes_answers else { return Ok(()) };
    if takes_answers == post.locked_at.is_none() {
        return Ok(());
    }
    if let Some(community) = post.community
        && !live_together(tx, post.author, community).await?
    {
        return Ok(());
    }
    measures::set_locked(tx, post.id, (!takes_answers).then(|| app.now())).await?;
    Ok(())
}

async fn live_together(tx: &mut Tx, author: ActorId, community: CommunityId) -> Result<bool, Error> {
    let both = (actors::find(tx, author).await?, actors::find(tx, community.actor()).await?);
    Ok(matches!(both, (Some(author), Some(community)) if author.server() == community.server()))
}
