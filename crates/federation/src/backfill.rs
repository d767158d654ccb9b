//! Bringing in what was written before: the recent threads of a community that somebody here has just
//! joined, and the replies under a post that somebody here reads. Politely, and with limits.

use crate::documents::activity::{Action, Activity};
use crate::documents::collection::Collection;
use crate::documents::post::Post as Document;
use crate::documents::reference::Reference;
use crate::documents::{self, Document as AnyDocument};
use crate::node::Federation;
use crate::receive::act::{Context, Error};
use crate::receive::announce;
use crate::receive::take::{self, Reason};
use crate::resolve;
use alongside_app::effects::Via;
use alongside_domain::actor::Actor;
use alongside_domain::id::{ActorId, CommunityId, PostId};
use alongside_store::{actors, letting_go, posts};
use url::Url;

/// Threads brought in of a community.
const THREADS_MAX: usize = 20;
/// Replies brought in under one post.
const REPLIES_MAX: usize = 100;
/// Posts brought back that were let go of.
const BROUGHT_BACK_MAX: i64 = 100;
/// Pages of a collection that are read.
const PAGES_MAX: usize = 5;

/// Brings in the recent threads of a community elsewhere, with their replies.
pub async fn community(node: &Federation, community: ActorId) -> Result<(), Error> {
    let Some(community) = actors::find(&mut node.app().reader(), community).await? else { return Ok(()) };
    let Some(outbox) = community.outbox.as_deref().and_then(|uri| Url::parse(uri).ok()) else {
        return Ok(());
    };
    let items = items(node, Reference::Id(outbox), THREADS_MAX).await?;
    let context = Context { node, actor: community, via: Via::Fetched };
    // The oldest first, so that each takes its place before what follows it.
    for item in items.iter().rev() {
        let Some(activity) = item.activity() else { continue };
        if activity.actor.as_str() != context.actor.uri {
            continue;
        }
        thread(&context, activity).await?;
    }
    bring_back(node, &context.actor).await
}

/// Brings back what was let go of when the last member here left a community: also what stands below posts from
/// here, which no other node lists.
async fn bring_back(node: &Federation, community: &Actor) -> Result<(), Error> {
    let id = CommunityId::of(community.id);
    for uri in letting_go::gone(&mut node.app().reader(), id, BROUGHT_BACK_MAX).await? {
        let Some(document) = at_origin(node, &uri).await? else { continue };
        let author = resolve::actor(node, &document.author).await?;
        match take::take(node, &document, &author, Reason::AnnouncedBy(community), Via::Fetched).await {
            Ok(_) | Err(Error::Never(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// One thread of the community's outbox. One that cannot be read is left out; the others are not.
async fn thread(context: &Context<'_>, activity: &Activity) -> Result<(), Error> {
    let Action::Announce { objects } = &activity.action else { return Ok(()) };
    match announce::shared(context, activity, objects).await {
        Ok(_) | Err(Error::Never(_)) => {}
        Err(error) => return Err(error),
    }
    for object in objects {
        let Some(id) = post_of(object) else { continue };
        if let Some(post) = posts::find_by_uri(&mut context.node.app().reader(), id.as_str()).await? {
            below(context.node, &context.actor, post.id).await?;
        }
    }
    Ok(())
}

fn post_of(object: &Reference) -> Option<&Url> {
    match object.activity().map(|activity| &activity.action) {
        Some(Action::Create { objects }) => objects.first().and_then(Reference::id),
        Some(_) => None,
        None => object.id(),
    }
}

/// Brings in the replies under a post from elsewhere.
pub async fn replies(node: &Federation, post: PostId) -> Result<(), Error> {
    let Some(post) = posts::find(&mut node.app().reader(), post).await? else { return Ok(()) };
    let community = post.community.map_or(post.author, alongside_domain::id::CommunityId::actor);
    let Some(within) = actors::find(&mut node.app().reader(), community).await? else { return Ok(()) };
    below(node, &within, post.id).await
}

/// The replies under a post, and the replies to these, breadth first, up to the limit.
async fn below(node: &Federation, within: &Actor, post: PostId) -> Result<(), Error> {
    let mut read = 0;
    let mut open = std::collections::VecDeque::from([post]);
    while let Some(id) = open.pop_front() {
        let Some(post) = posts::find(&mut node.app().reader(), id).await?.filter(|post| !post.local) else {
            continue;
        };
        let Some(document) = at_origin(node, &post.uri).await? else { continue };
        let Some(replies) = document.replies else { continue };
        for reply in items(node, replies, REPLIES_MAX).await?.iter().filter_map(Reference::id) {
            read += 1;
            if read > REPLIES_MAX {
                return Ok(());
            }
            if let Some(known) = one(node, within, reply).await? {
                open.push_back(known);
            }
        }
    }
    Ok(())
}

async fn one(node: &Federation, within: &Actor, id: &Url) -> Result<Option<PostId>, Error> {
    if let Some(known) = posts::find_by_uri(&mut node.app().reader(), id.as_str()).await? {
        return Ok(Some(known.id));
    }
    let Some(document) = at_origin(node, id.as_str()).await? else { return Ok(None) };
    let author = match resolve::actor(node, &document.author).await {
        Ok(author) if author.is_present() && !author.is_local() => author,
        Ok(_) | Err(_) => return Ok(None),
    };
    let reason = if within.is_community() { Reason::AnnouncedBy(within) } else { Reason::Wanted };
    match take::take(node, &document, &author, reason, Via::Fetched).await {
        Ok(taken) => Ok(taken.map(|post| post.id)),
        Err(Error::Never(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A post at its origin; none if it cannot be read there.
async fn at_origin(node: &Federation, uri: &str) -> Result<Option<Document>, Error> {
    let Ok(url) = Url::parse(uri) else { return Ok(None) };
    match take::read(node, &url).await {
        Ok(document) => Ok(Some(document)),
        Err(Error::Never(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The items of a collection: embedded, on its first page, or on the pages that follow.
pub(crate) async fn items(
    node: &Federation,
    collection: Reference,
    max: usize,
) -> Result<Vec<Reference>, Error> {
    let mut out = Vec::new();
    let mut next = Some(collection);
    for _ in 0..PAGES_MAX {
        let Some(page) = next.take() else { break };
        let Some(page) = read_collection(node, page).await? else { break };
        out.extend(page.items_here().cloned());
        if out.len() >= max {
            break;
        }
        next = page.continues_at().cloned().map(Reference::Id);
    }
    out.truncate(max);
    Ok(out)
}

async fn read_collection(node: &Federation, reference: Reference) -> Result<Option<Collection>, Error> {
    let id = match reference {
        Reference::Embedded(document) => {
            return Ok(if let AnyDocument::Collection(collection) = *document {
                Some(*collection)
            } else {
                None
            });
        }
        Reference::Id(id) => id,
    };
    match node.read(&id).await {
        Ok(fetched) => match documents::read(&fetched.json) {
            Ok(AnyDocument::Collection(collection)) => Ok(Some(*collection)),
            Ok(_) | Err(_) => Ok(None),
        },
        Err(error) if error.is_temporary() => Err(error.into()),
        Err(_) => Ok(None),
    }
}
