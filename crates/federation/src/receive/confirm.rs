//! What the origin says: nothing that somebody else tells is believed until it does.

use crate::documents::activity::Activity;
use crate::documents::{self, Document as AnyDocument, origin};
use crate::fetch::error::FetchError;
use crate::node::{Federation, ReadError};
use crate::receive::act::{self, Context, Error, Outcome};
use crate::resolve;
use alongside_app::effects::Via;
use alongside_domain::actor::Actor;
use alongside_domain::post::Post;
use url::Url;

/// Whether an address is on the host of an actor, whose word is then enough.
pub fn is_on_host_of(actor: &Actor, id: &Url) -> bool {
    Url::parse(&actor.uri).is_ok_and(|own| origin::same(&own, id))
}

/// Whether the origin of a post says that it is gone. "Not found" counts only for what anybody could read:
/// for anything else it is what a stranger is told.
pub async fn is_gone(node: &Federation, post: &Post) -> Result<bool, Error> {
    if post.local || !post.visibility.is_open() {
        return Ok(false);
    }
    let Ok(id) = Url::parse(&post.uri) else { return Ok(false) };
    says_gone(node, &id, true).await
}

/// As [`is_gone`], of something that was never seen here: only a plain "gone" counts.
pub async fn was_deleted(node: &Federation, id: &Url) -> Result<bool, Error> {
    if node.app().places().is_here(id.as_str()) {
        return Ok(false);
    }
    says_gone(node, id, false).await
}

async fn says_gone(node: &Federation, id: &Url, not_found_counts: bool) -> Result<bool, Error> {
    match node.read(id).await {
        Ok(fetched) => Ok(matches!(documents::read(&fetched.json), Ok(AnyDocument::Tombstone(_)))),
        Err(ReadError::Fetch(FetchError::Gone)) => Ok(true),
        Err(ReadError::Fetch(FetchError::NotFound)) => Ok(not_found_counts),
        Err(error) => Err(error.into()),
    }
}

/// Does what somebody did, once their own host confirms that they did it.
pub async fn as_its_actor(context: &Context<'_>, inner: &Activity, via: Via) -> Result<Outcome, Error> {
    let node = context.node;
    let actor = resolve::actor(node, &inner.actor).await?;
    if actor.is_local() {
        return Ok(Outcome::Ignored("our own, come back"));
    }
    let Some(id) = inner.id.as_ref().filter(|id| origin::same(id, &inner.actor)) else {
        return Err(Error::Never("it does not belong to the host of its actor"));
    };
    if !is_on_host_of(&context.actor, id) {
        let fetched = node.read(id).await?;
        match documents::read(&fetched.json) {
            Ok(AnyDocument::Activity(own)) if own.actor == inner.actor && own.action == inner.action => {}
            Ok(_) | Err(_) => return Err(Error::Never("the origin does not confirm it")),
        }
    }
    let context = Context { node, actor, via };
    Box::pin(act::dispatch(&context, inner)).await
}
