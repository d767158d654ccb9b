//! What the node of a community elsewhere says of another node: whether somebody there is a member. Only that node
//! knows, and whoever shows what a member here has written there has to ask it (as software of the Lemmy family
//! does). It answers to those alone who have members themselves.

use crate::documents::origin;
use crate::node::Federation;
use alongside_app::audience;
use alongside_app::reading::Peer;
use alongside_domain::actor::Actor;
use alongside_domain::clock::Timestamp;
use alongside_domain::fold;
use alongside_domain::id::{ActorId, CommunityId};
use alongside_domain::place::origin_of;
use alongside_domain::post::{Post, Visibility};
use alongside_store::{actors, error};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use url::Url;

/// How long an answer is taken as still true.
const FRESH_SECS: i64 = 300;
/// Answers remembered at once; past that, all are asked for anew.
const ANSWERS_MAX: usize = 10_000;
/// The query by which a list of followers is asked about one.
pub const QUERY: &str = "is_follower";

/// What the nodes of communities have answered.
#[derive(Debug, Default)]
pub struct Answers {
    known: Mutex<HashMap<(ActorId, String), (Timestamp, bool)>>,
}

impl Answers {
    fn get(&self, community: ActorId, origin: &str, now: Timestamp) -> Option<bool> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, answer) = known.get(&(community, origin.to_owned()))?;
        (at.plus_secs(FRESH_SECS) > now).then_some(*answer)
    }

    fn put(&self, community: ActorId, origin: String, now: Timestamp, answer: bool) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= ANSWERS_MAX {
            known.clear();
        }
        known.insert((community, origin), (now, answer));
    }
}

/// An actor elsewhere who has proved who they are, as the node they ask for.
pub fn peer(actor_uri: &str) -> Option<Peer> {
    let url = Url::parse(actor_uri).ok()?;
    Some(Peer { host: fold::host_of(&url)?, origin: origin_of(actor_uri)?, vouched: Vec::new() })
}

/// The same node, with what the community of a post says of it, where that lives elsewhere and has to be asked.
pub async fn about(
    node: &Federation,
    peer: Peer,
    asker_uri: &str,
    post: &Post,
) -> Result<Peer, error::Error> {
    let Some(community) = post.community.filter(|_| post.visibility == Visibility::Members) else {
        return Ok(peer);
    };
    let mut reader = node.app().reader();
    let Some(community) = actors::find(&mut reader, community.actor()).await? else { return Ok(peer) };
    if community.is_local() || !audience::may_go_to(&mut reader, &peer.host).await? {
        return Ok(peer);
    }
    let is_member = has_member(node, &community, &peer, asker_uri).await;
    let vouched = is_member.then(|| CommunityId::of(community.id)).into_iter().collect();
    Ok(Peer { vouched, ..peer })
}

/// The community of a post for its members that lives elsewhere, if its node says that somebody at an actor's host is a
/// member: what their own node lets them do there comes from a member.
pub async fn for_one(
    node: &Federation,
    actor: &Actor,
    post: &Post,
) -> Result<Option<CommunityId>, error::Error> {
    let Some(peer) = peer(&actor.uri) else { return Ok(None) };
    Ok(about(node, peer, &actor.uri, post).await?.vouched.pop())
}

/// No answer is no.
async fn has_member(node: &Federation, community: &Actor, peer: &Peer, asker_uri: &str) -> bool {
    let now = node.app().now();
    if let Some(known) = node.answers().get(community.id, &peer.origin, now) {
        return known;
    }
    let own = Url::parse(&community.uri);
    let followers = community.followers.as_deref().and_then(|uri| Url::parse(uri).ok());
    let (Ok(own), Some(mut url)) = (own, followers) else { return false };
    if !origin::same(&own, &url) || !node.budget().spend(&peer.host, now) {
        return false;
    }
    url.query_pairs_mut().append_pair(QUERY, asker_uri);
    match node.asks(&url).await {
        Ok(answer) => {
            node.answers().put(community.id, peer.origin.clone(), now, answer);
            answer
        }
        Err(_) => false,
    }
}
