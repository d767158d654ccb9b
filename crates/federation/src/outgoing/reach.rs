//! How far words have gone: every inbox they were ever sent to, so that their deletion goes there too.

use super::{Envelope, Inbox, Presence, host_of};
use crate::node::Federation;
use alongside_app::context::App;
use alongside_domain::id::{ActorId, DeliveryId, PostId};
use alongside_domain::post::Post;
use alongside_store::engine::Tx;
use alongside_store::follows;
use alongside_store::{erasures, error, sent};
use std::collections::HashSet;

/// Makes an activity tell of an erasure. Every inbox that the words of the post were sent to.
pub(super) async fn gone(
    node: &Federation,
    own: &mut Envelope,
    post: PostId,
) -> Result<Vec<follows::Inbox>, error::Error> {
    let mut reader = node.app().reader();
    own.erasure = erasures::of_post(&mut reader, post).await?.map(|erasure| erasure.id);
    own.ends = Some(post);
    sent::of_post(&mut reader, post).await
}

/// Remembers where an envelope goes: the words of a post, and who heard of whom.
pub(super) async fn note(
    tx: &mut Tx,
    app: &App,
    (envelope, to): (&Envelope, &[Inbox<'_>]),
    post: Option<&Post>,
) -> Result<(), error::Error> {
    let inboxes: Vec<String> = to.iter().map(|to| to.inbox.to_owned()).collect();
    if !inboxes.is_empty() {
        learn(tx, app, to, &inboxes).await?;
        let author = post.filter(|post| post.local).map(|post| post.author);
        let heard_of: HashSet<ActorId> = [Some(envelope.actor), author].into_iter().flatten().collect();
        for actor in heard_of {
            sent::note_actor(tx, actor, &inboxes).await?;
        }
        if let Some(post) = post {
            sent::note_words(tx, post.id, &inboxes).await?;
        }
    }
    if let Some(erasure) = envelope.erasure {
        let told: HashSet<&str> = to.iter().map(|to| to.inbox).collect();
        for silent in envelope.inboxes.iter().filter(|inbox| !told.contains(inbox.as_str())) {
            let Some(host) = host_of(silent) else { continue };
            erasures::cancelled(tx, erasure, &host, app.now()).await?;
        }
        erasures::told(tx, erasure, app.now()).await?;
    }
    if let Some(post) = envelope.ends {
        sent::forget_post(tx, post).await?;
    }
    if envelope.presence == Presence::Ended {
        sent::forget_actor(tx, envelope.actor).await?;
    }
    Ok(())
}

/// Gives inboxes that are new here their numbers.
async fn learn(tx: &mut Tx, app: &App, to: &[Inbox<'_>], inboxes: &[String]) -> Result<(), error::Error> {
    let known = sent::known(tx, inboxes).await?;
    let known: HashSet<&str> = known.iter().map(|known| known.inbox.as_str()).collect();
    for Inbox { host, inbox } in to.iter().filter(|to| !known.contains(to.inbox)) {
        sent::learn(tx, app.next_id::<DeliveryId>().get(), host, inbox).await?;
    }
    Ok(())
}
