//! What the origin says: nothing that somebody else tells is believed until it does, unless who did it
//! has proved it.

use crate::documents::activity::Activity;
use crate::documents::post::Post as Document;
use crate::documents::reference::Reference;
use crate::documents::{self, Document as AnyDocument, origin};
use crate::fetch::error::FetchError;
use crate::node::{Federation, ReadError};
use crate::receive::act::{self, Context, Error, Outcome};
use crate::receive::proof;
use crate::resolve;
use alongside_app::effects::Via;
use alongside_domain::actor::Actor;
use alongside_domain::post::{Post, Visibility};
use url::Url;

/// Whether an address is on the host of an actor, whose word is then enough.
pub fn is_on_host_of(actor: &Actor, id: &Url) -> bool {
    Url::parse(&actor.uri).is_ok_and(|own| origin::same(&own, id))
}

/// Whether the origin of a post says that it is gone. "Not found" counts only for what anybody could read:
/// for anything else it is what a stranger is told.
pub async fn is_gone(node: &Federation, post: &Post) -> Result<bool, Error> {
    let not_found_counts = match post.visibility {
        Visibility::Public | Visibility::Unlisted => true,
        // Members may ask, and are told that it is gone.
        Visibility::Members => false,
        Visibility::Followers | Visibility::Direct => return Ok(false),
    };
    let Some(id) = Url::parse(&post.uri).ok().filter(|_| !post.local) else { return Ok(false) };
    says_gone(node, &id, not_found_counts).await
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

/// Whether the origin confirms that its author deleted a post. `PieFed` goes on to serve what was deleted, and keeps what it
/// sent: then the `Delete` says so, at its own address.
pub async fn is_deletion(node: &Federation, delete: &Activity, post: &Post) -> Result<bool, Error> {
    if is_gone(node, post).await? {
        return Ok(true);
    }
    if !post.visibility.is_open() {
        return Ok(false);
    }
    match is_served(node, delete).await {
        Err(Error::Never(_)) => Ok(false),
        served => served,
    }
}

/// Whether the host of whoever acted serves the activity as it was passed on.
async fn is_served(node: &Federation, activity: &Activity) -> Result<bool, Error> {
    let Some(id) = activity.id.as_ref().filter(|id| origin::same(id, &activity.actor)) else {
        return Ok(false);
    };
    let fetched = node.read(id).await?;
    Ok(match documents::read(&fetched.json) {
        Ok(AnyDocument::Activity(own)) => own.actor == activity.actor && own.action == activity.action,
        Ok(_) | Err(_) => false,
    })
}

/// The post inside an activity that somebody else passes on, if its author proves to have written it just
/// so, for everybody to read.
pub async fn proved<'a>(
    node: &Federation,
    passed_on: &Activity,
    object: &'a Reference,
) -> Result<Option<&'a Document>, Error> {
    let is_own = |post: &&Document| {
        post.author == passed_on.actor
            && origin::same(&post.id, &passed_on.actor)
            && post.addressing.is_public()
    };
    match object.post().filter(is_own) {
        Some(post) if proof::vouches(node, passed_on).await? => Ok(Some(post)),
        Some(_) | None => Ok(None),
    }
}

/// Does what somebody did, once they prove it or their own host confirms it.
pub async fn as_its_actor(context: &Context<'_>, inner: &Activity, via: Via) -> Result<Outcome, Error> {
    let node = context.node;
    let actor = resolve::actor(node, &inner.actor).await?;
    if actor.is_local() {
        return Ok(Outcome::Ignored("our own, come back"));
    }
    if !actor.is_present() {
        return Ok(Outcome::Ignored("the actor is gone"));
    }
    if !act::is_heard(node, &actor).await? {
        return Ok(Outcome::Ignored("not talked with"));
    }
    let Some(id) = inner.id.as_ref().filter(|id| origin::same(id, &inner.actor)) else {
        return Err(Error::Never("it does not belong to the host of its actor"));
    };
    if !is_on_host_of(&context.actor, id)
        && !proof::vouches(node, inner).await?
        && !is_served(node, inner).await?
    {
        return Err(Error::Never("the origin does not confirm it"));
    }
    let context = Context { node, actor, via };
    Box::pin(act::dispatch(&context, inner)).await
}
