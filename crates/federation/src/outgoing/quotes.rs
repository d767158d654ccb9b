//! What is told to those who ask to quote.

use super::{Envelope, bare};
use crate::build::quote::{self, Asked};
use crate::node::Federation;
use crate::worker::JobError;
use alongside_domain::id::{ActorId, PostId};
use alongside_domain::post::Post;
use alongside_store::{actors, posts};

/// A refusal goes to who asked, and to nobody else. What was deleted or hidden meanwhile is nothing to answer about.
pub(super) async fn refused(
    node: &Federation,
    request: &str,
    quoting: &str,
    asker: ActorId,
    post: PostId,
) -> Result<Vec<Envelope>, JobError> {
    let mut reader = node.app().reader();
    let Some(post) = posts::find(&mut reader, post).await?.filter(Post::is_present) else {
        return Ok(Vec::new());
    };
    let both = (actors::find(&mut reader, asker).await?, actors::find(&mut reader, post.author).await?);
    let (Some(asker), Some(author)) = both else { return Ok(Vec::new()) };
    if !author.is_present() {
        return Ok(Vec::new());
    }
    let asked = Asked { request, quoting, post: &post, by: &asker };
    let activity = quote::reject(node.app().places(), &asked, &author, node.app().now());
    let mut own = Envelope { open: false, ..bare(&activity, &author)? };
    own.inboxes.extend((!asker.is_local()).then(|| asker.inbox.clone()));
    Ok(vec![own])
}
