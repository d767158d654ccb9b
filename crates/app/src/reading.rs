//! Reading: which of some posts somebody may see, and what they may do with one.

use alongside_domain::account::Role;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, PostId};
use alongside_domain::policy::{self, Openness, Permit, Refusal, Relation, Verb};
use alongside_domain::post::Post;
use alongside_store::error::Error;
use alongside_store::session::Session;
use alongside_store::threads::{self, Ties};
use alongside_store::{entries, posts};
use std::collections::HashMap;

/// Of these posts those that are there and that the viewer may read, in the order given.
pub async fn visible(
    session: &mut impl Session,
    viewer: Option<ActorId>,
    posts: Vec<Post>,
    now: Timestamp,
) -> Result<Vec<Post>, Error> {
    let ids: Vec<PostId> = posts.iter().map(|post| post.id).collect();
    let ties = match viewer {
        Some(viewer) if !ids.is_empty() => threads::ties(session, viewer, &ids, now).await?,
        Some(_) | None => Vec::new(),
    };
    let ties: HashMap<PostId, Ties> = ties.into_iter().map(|ties| (ties.post_id, ties)).collect();
    Ok(posts
        .into_iter()
        .filter(|post| {
            let relation = relation(post, viewer, ties.get(&post.id));
            post.is_present() && policy::check(Verb::Read, None, relation, post.visibility.into()).is_ok()
        })
        .collect())
}

/// The posts with these ids that the viewer may read, in that order.
pub async fn posts(
    session: &mut impl Session,
    viewer: Option<ActorId>,
    ids: &[PostId],
    now: Timestamp,
) -> Result<Vec<Post>, Error> {
    let found = posts::find_all(session, ids).await?;
    visible(session, viewer, found, now).await
}

/// The post with this id, if it is there and the viewer may read it. A client may name a post by the
/// id of a boost of it.
pub async fn post(
    session: &mut impl Session,
    viewer: Option<ActorId>,
    id: PostId,
    now: Timestamp,
) -> Result<Option<Post>, Error> {
    if let Some(post) = posts(session, viewer, &[id], now).await?.pop() {
        return Ok(Some(post));
    }
    match entries::find(session, alongside_domain::id::EntryId::new(id.get())).await? {
        Some(entry) if entry.boost => Ok(posts(session, viewer, &[entry.post_id], now).await?.pop()),
        Some(_) | None => Ok(None),
    }
}

/// What somebody may see around a post: what it answers, and what answers it.
#[derive(Debug)]
pub struct Thread {
    /// Above it, the beginning first.
    pub above: Vec<Post>,
    /// Below it, in the order they were written.
    pub below: Vec<Post>,
}

/// The thread around a post, with at most so many of the posts below it.
pub async fn thread(
    session: &mut impl Session,
    viewer: Option<ActorId>,
    id: PostId,
    below_max: i64,
    now: Timestamp,
) -> Result<Thread, Error> {
    let above = threads::above(session, id, alongside_domain::limits::ANCESTORS_MAX).await?;
    let below = threads::below(session, id, below_max).await?;
    Ok(Thread {
        above: posts(session, viewer, &above, now).await?,
        below: posts(session, viewer, &below, now).await?,
    })
}

/// Asks the policy whether an actor may do something with a post.
pub async fn permit(
    session: &mut impl Session,
    verb: Verb,
    role: Option<Role>,
    actor: ActorId,
    post: &Post,
    now: Timestamp,
) -> Result<Result<Permit, Refusal>, Error> {
    if !post.is_present() {
        return Ok(Err(Refusal::Hidden));
    }
    let ties = threads::ties(session, actor, &[post.id], now).await?.pop();
    Ok(policy::check(verb, role, relation(post, Some(actor), ties.as_ref()), Openness::from(post.visibility)))
}

/// Who a viewer is to a post: the closest of all that they are.
fn relation(post: &Post, viewer: Option<ActorId>, ties: Option<&Ties>) -> Relation {
    let Some(viewer) = viewer else { return Relation::Outsider };
    if viewer == post.author {
        return Relation::Author;
    }
    let Some(ties) = ties else { return Relation::Outsider };
    let openness = Openness::from(post.visibility);
    if ties.is_blocked || (ties.is_banned && openness == Openness::Members) {
        Relation::Barred
    } else if ties.is_steward && matches!(openness, Openness::Open | Openness::Members) {
        Relation::Moderator
    } else if ties.is_member && matches!(openness, Openness::Open | Openness::Members) {
        Relation::Member
    } else if ties.is_named && openness != Openness::Members {
        Relation::Named
    } else if ties.follows_author && openness == Openness::Followers {
        Relation::Follower
    } else {
        Relation::Outsider
    }
}
