//! Bringing in what was written before somebody here joined: the recent threads of a community elsewhere, with
//! their replies. Politely, and with limits.

use crate::documents::activity::{Action, Activity};
use crate::documents::addressing::Addressing;
use crate::documents::reference::Reference;
use crate::documents::{self, Document};
use crate::lists;
use crate::node::Federation;
use crate::receive::act::{Context, Error};
use crate::receive::announce;
use crate::receive::take::{self, Reason};
use crate::resolve;
use crate::thread::Walk;
use alongside_app::effects::Via;
use alongside_domain::actor::Actor;
use alongside_domain::id::{ActorId, CommunityId};
use alongside_store::{actors, letting_go, posts};
use std::time::Duration;
use url::Url;

/// Threads brought in of a community.
pub const THREADS_MAX: usize = 20;
/// Posts brought back that were let go of.
const BROUGHT_BACK_MAX: i64 = 100;
/// Documents read below these threads, in all.
const READS_MAX: usize = 200;
/// How long bringing in may take; what has landed by then stays.
const DEADLINE: Duration = Duration::from_secs(80);

/// Brings in the recent threads of a community elsewhere, with their replies.
pub async fn community(node: &Federation, community: ActorId) -> Result<(), Error> {
    let Some(community) = actors::find(&mut node.app().reader(), community).await? else { return Ok(()) };
    let Some(outbox) = community.outbox.as_deref().and_then(|uri| Url::parse(uri).ok()) else {
        return Ok(());
    };
    let items = Box::pin(newest(node, outbox)).await?;
    let context = Context { node, actor: community, via: Via::Fetched };
    let threads = async {
        let mut reads_left = READS_MAX;
        // The oldest first, so that each takes its place before what follows it.
        for item in items.iter().rev() {
            if let Some(announce) = published(&context, item).await? {
                thread(&context, &announce, &mut reads_left).await?;
            }
        }
        bring_back(node, &context.actor).await
    };
    tokio::time::timeout(DEADLINE, threads).await.unwrap_or(Ok(()))
}

/// The newest items of an outbox, those first. `NodeBB` lists the oldest first, against the protocol.
async fn newest(node: &Federation, outbox: Url) -> Result<Vec<Reference>, Error> {
    let items = lists::items(node, Reference::Id(outbox.clone()), THREADS_MAX).await?;
    // Some are named by their address alone, which says nothing of their age.
    let first = items.iter().find_map(published_at);
    let last = items.iter().rev().find_map(published_at);
    if first.zip(last).is_none_or(|(first, last)| first >= last) {
        return Ok(items);
    }
    let at_its_end = lists::last_items(node, &outbox, THREADS_MAX).await?;
    let oldest_first = if at_its_end.is_empty() { items } else { at_its_end };
    Ok(oldest_first.into_iter().rev().collect())
}

/// When an item says that it was published, or what it is about.
fn published_at(item: &Reference) -> Option<jiff::Timestamp> {
    match item.embedded()? {
        Document::Post(post) => post.published,
        Document::Activity(activity) => match &activity.action {
            Action::Announce { objects } | Action::Create { objects } => {
                activity.published.or_else(|| objects.first().and_then(published_at))
            }
            _ => activity.published,
        },
        _ => None,
    }
}

/// Brings back what was let go of when the last member here left a community: also what stands below posts from
/// here, which no other node lists.
async fn bring_back(node: &Federation, community: &Actor) -> Result<(), Error> {
    let id = CommunityId::of(community.id);
    for uri in letting_go::gone(&mut node.app().reader(), id, BROUGHT_BACK_MAX).await? {
        let Ok(url) = Url::parse(&uri) else { continue };
        match one_back(node, community, &url).await {
            Ok(()) | Err(Error::Never(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

async fn one_back(node: &Federation, community: &Actor, id: &Url) -> Result<(), Error> {
    let document = Box::pin(take::read(node, id)).await?;
    let author = Box::pin(resolve::actor(node, &document.author)).await?;
    let reason = Reason::AnnouncedBy(community);
    Box::pin(take::take(node, &document, &author, reason, Via::Fetched)).await?;
    Ok(())
}

/// What an item of a community's outbox announces. Some list what they announced; others, as `PeerTube` and
/// Mobilizon do, what a member created or the post itself, which means the same there; some name these only.
async fn published(context: &Context<'_>, item: &Reference) -> Result<Option<Activity>, Error> {
    let read = match item {
        Reference::Embedded(_) => item.clone(),
        Reference::Id(id) => match Box::pin(context.node.read(id)).await {
            Ok(fetched) => match documents::read(&fetched.json) {
                Ok(document) => Reference::Embedded(Box::new(document)),
                Err(_) => return Ok(None),
            },
            Err(_) => return Ok(None),
        },
    };
    let own = context.address()?;
    match read.embedded() {
        Some(Document::Activity(activity)) => match &activity.action {
            Action::Announce { .. } => Ok((activity.actor == own).then(|| (**activity).clone())),
            Action::Create { objects } => Ok(Some(announced(own, objects.clone()))),
            _ => Ok(None),
        },
        Some(Document::Post(_)) => Ok(Some(announced(own, vec![read]))),
        Some(_) | None => Ok(None),
    }
}

fn announced(community: Url, objects: Vec<Reference>) -> Activity {
    Activity {
        id: None,
        actor: community,
        addressing: Addressing::default(),
        published: objects.first().and_then(Reference::post).and_then(|post| post.published),
        action: Action::Announce { objects },
        proof: None,
    }
}

/// One thread of the community's outbox. One that cannot be read is left out; the others are not.
async fn thread(context: &Context<'_>, announce: &Activity, reads_left: &mut usize) -> Result<(), Error> {
    let Action::Announce { objects } = &announce.action else { return Ok(()) };
    let _ = Box::pin(announce::shared(context, announce, objects)).await;
    for id in objects.iter().filter_map(post_of) {
        let Some(post) = posts::find_by_uri(&mut context.node.app().reader(), id.as_str()).await? else {
            continue;
        };
        let mut walk = Walk::new(context.node, post.id, *reads_left);
        Box::pin(walk.around(post.id)).await?;
        *reads_left = walk.reads_left();
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
