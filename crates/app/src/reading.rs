//! Reading: which of some posts somebody may see, and what they may do with one.
//!
//! Every door asks here: clients and pages, and other nodes that have proved who they are. What comes out is
//! always the answer of [`relation`] put to the policy's table.

use crate::audience;
use crate::effects::Via;
use alongside_domain::account::Role;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, CommunityId, EntryId, PostId};
use alongside_domain::limits::ANCESTORS_MAX;
use alongside_domain::policy::{self, Openness, Permit, Refusal, Relation, Verb};
use alongside_domain::post::{Post, Visibility};
use alongside_store::entries::Entry;
use alongside_store::error::Error;
use alongside_store::listeners::{self, ViewerTies};
use alongside_store::session::Session;
use alongside_store::threads::{self, Ties};
use alongside_store::{entries, follows, posts, sanctions};
use std::collections::{HashMap, HashSet};

/// Who would like to see something.
#[derive(Debug, Clone, Copy)]
pub enum Viewer<'a> {
    /// Anybody at all.
    Nobody,
    /// Somebody known here.
    Actor(ActorId),
    /// Another node, which has proved that it is.
    Node(&'a Peer),
}

/// Another node that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// Its host.
    pub host: String,
    /// What every address there begins with.
    pub origin: String,
    /// The communities elsewhere whose own nodes say that somebody there is a member.
    pub vouched: Vec<CommunityId>,
}

impl From<Option<ActorId>> for Viewer<'_> {
    fn from(viewer: Option<ActorId>) -> Self {
        viewer.map_or(Self::Nobody, Self::Actor)
    }
}

/// Of these posts those that are there and that the viewer may read, in the order given.
pub async fn visible(
    session: &mut impl Session,
    viewer: impl Into<Viewer<'_>>,
    posts: Vec<Post>,
    now: Timestamp,
) -> Result<Vec<Post>, Error> {
    let viewer = viewer.into();
    let ids: Vec<PostId> = posts.iter().map(|post| post.id).collect();
    let ties = match viewer {
        Viewer::Actor(viewer) if !ids.is_empty() => threads::ties(session, viewer, &ids, now).await?,
        Viewer::Node(peer) => ties_of_node(session, peer, &posts, now).await?,
        Viewer::Actor(_) | Viewer::Nobody => Vec::new(),
    };
    let viewer = match viewer {
        Viewer::Actor(viewer) => Some(viewer),
        Viewer::Node(_) | Viewer::Nobody => None,
    };
    let ties: HashMap<PostId, Ties> = ties.into_iter().map(|ties| (ties.post_id, ties)).collect();
    let authors: Vec<ActorId> = posts.iter().map(|post| post.author).collect();
    let suspended = sanctions::suspended_among(session, &authors).await?;
    Ok(posts
        .into_iter()
        .filter(|post| {
            let relation = relation(post, viewer, ties.get(&post.id));
            let is_there = post.is_present() && !suspended.contains(&post.author);
            is_there && policy::check(Verb::Read, None, relation, post.visibility.into()).is_ok()
        })
        .collect())
}

/// Of these viewers those who may read a post: the same answer as [`visible`], for many viewers of one post.
pub async fn readers_of(
    session: &mut impl Session,
    post: &Post,
    viewers: &[ActorId],
    now: Timestamp,
) -> Result<HashSet<ActorId>, Error> {
    if !post.is_present() || viewers.is_empty() {
        return Ok(HashSet::new());
    }
    if !sanctions::suspended_among(session, &[post.author]).await?.is_empty() {
        return Ok(HashSet::new());
    }
    let ties = listeners::ties(session, post.id, viewers, now).await?;
    let may_read = |of: &ViewerTies| {
        let relation = relation(post, Some(of.viewer_id), Some(&of.ties));
        policy::check(Verb::Read, None, relation, post.visibility.into()).is_ok()
    };
    Ok(ties.into_iter().filter(may_read).map(|of| of.viewer_id).collect())
}

/// Another node is to a post what its members there are, if what is for members may go there at all; and it is
/// nothing else.
async fn ties_of_node(
    session: &mut impl Session,
    peer: &Peer,
    posts: &[Post],
    now: Timestamp,
) -> Result<Vec<Ties>, Error> {
    let for_members: Vec<&Post> =
        posts.iter().filter(|post| post.visibility == Visibility::Members).collect();
    if for_members.is_empty() || !audience::may_go_to(session, &peer.host).await? {
        return Ok(Vec::new());
    }
    let ids: Vec<PostId> = for_members.iter().map(|post| post.id).collect();
    let at_home = threads::at_home_of_members(session, &peer.origin, &ids, now).await?;
    let vouched = |post: &Post| post.community.is_some_and(|id| peer.vouched.contains(&id));
    let members = for_members.into_iter().filter(|post| at_home.contains(&post.id) || vouched(post));
    Ok(members.map(|post| Ties { is_member: true, ..Ties::none(post.id) }).collect())
}

/// Whether the viewer may know that a post is there, or was: whether they may read it, or could before it was
/// deleted or removed.
pub async fn may_know_of(
    session: &mut impl Session,
    viewer: impl Into<Viewer<'_>>,
    post: &Post,
    now: Timestamp,
) -> Result<bool, Error> {
    let there = Post { deleted_at: None, removed_at: None, ..post.clone() };
    Ok(!visible(session, viewer, vec![there], now).await?.is_empty())
}

/// The posts with these ids that the viewer may read, in that order.
pub async fn posts(
    session: &mut impl Session,
    viewer: impl Into<Viewer<'_>>,
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
    match entries::find(session, EntryId::new(id.get())).await? {
        Some(entry) if entry.boost => Ok(posts(session, viewer, &[entry.post_id], now).await?.pop()),
        Some(_) | None => Ok(None),
    }
}

/// The boost with this id, if it is there and the viewer may see it, and the post in it.
pub async fn boost(
    session: &mut impl Session,
    viewer: Option<ActorId>,
    id: EntryId,
    now: Timestamp,
) -> Result<Option<(Entry, Post)>, Error> {
    let Some(boost) = entries::find(session, id).await?.filter(|entry| entry.boost) else { return Ok(None) };
    if boost.visibility == Visibility::Followers && viewer != Some(boost.actor_id) {
        let follow = match viewer {
            Some(viewer) => follows::between(session, viewer, boost.actor_id).await?,
            None => None,
        };
        if !follow.is_some_and(|follow| follow.accepted) {
            return Ok(None);
        }
    }
    let post = posts(session, viewer, &[boost.post_id], now).await?.pop();
    Ok(post.map(|post| (boost, post)))
}

/// What somebody may see around a post: what it answers, and what answers it.
#[derive(Debug)]
pub struct Thread {
    /// Above it, the beginning first.
    pub above: Vec<Post>,
    /// Below it, branch by branch, each in the order they were written.
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
    let above = threads::above(session, id, ANCESTORS_MAX).await?;
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
    permit_via(session, verb, role, actor, post, Via::Here, now).await
}

/// As [`permit`], for what may have been passed on by the post's own community: who its members are is known
/// at its node alone.
pub async fn permit_via(
    session: &mut impl Session,
    verb: Verb,
    role: Option<Role>,
    actor: ActorId,
    post: &Post,
    via: Via,
    now: Timestamp,
) -> Result<Result<Permit, Refusal>, Error> {
    let takes_back = verb == Verb::Delete && actor == post.author;
    let is_there = post.is_present()
        && (takes_back || sanctions::suspended_among(session, &[post.author]).await?.is_empty());
    if !is_there {
        return Ok(Err(Refusal::Hidden));
    }
    let mut ties = threads::ties(session, actor, &[post.id], now).await?.pop();
    if let (Via::Announced(community), Some(ties)) = (via, &mut ties) {
        ties.is_member |= post.community == Some(community);
    }
    Ok(policy::check(verb, role, relation(post, Some(actor), ties.as_ref()), Openness::from(post.visibility)))
}

/// Who a viewer is to a post: the closest of all that they are.
fn relation(post: &Post, viewer: Option<ActorId>, ties: Option<&Ties>) -> Relation {
    if viewer == Some(post.author) {
        return Relation::Author;
    }
    let Some(ties) = ties else { return Relation::Outsider };
    let openness = Openness::from(post.visibility);
    let is_of_community = matches!(openness, Openness::Open | Openness::Members);
    // Nobody keeps what they write in a community from those who look after it by blocking them.
    if is_of_community && ties.is_steward && !ties.is_banned {
        Relation::Moderator
    } else if ties.is_blocked {
        Relation::Barred
    } else if is_of_community && ties.is_banned {
        Relation::Banned
    } else if is_of_community && ties.is_member {
        Relation::Member
    } else if ties.is_named && openness != Openness::Members {
        Relation::Named
    } else if ties.follows_author && openness == Openness::Followers {
        Relation::Follower
    } else {
        Relation::Outsider
    }
}
