//! Whose words are left out wherever posts of many people stand together: of those whom a viewer blocks or mutes,
//! of the hosts they block, of the hosts that this node blocks or has silenced, and of those whom its staff silenced.

use alongside_domain::agreement::{Limit, Policy, Standing};
use alongside_domain::clock::Timestamp;
use alongside_domain::id::ActorId;
use alongside_domain::post::Post;
use alongside_store::error::Error;
use alongside_store::listeners::{self, Stance};
use alongside_store::session::Session;
use alongside_store::{actors, hosts, relationships, sanctions};
use std::collections::{HashMap, HashSet};

/// These posts without those that are left out.
pub async fn without(
    session: &mut impl Session,
    viewer: Option<ActorId>,
    mut posts: Vec<Post>,
    now: Timestamp,
) -> Result<Vec<Post>, Error> {
    let avoided = among(session, viewer, posts.iter().map(|post| post.author), now).await?;
    posts.retain(|post| !avoided.contains(&post.author));
    Ok(posts)
}

/// Which of these people's words are left out.
pub async fn among(
    session: &mut impl Session,
    viewer: Option<ActorId>,
    people: impl Iterator<Item = ActorId>,
    now: Timestamp,
) -> Result<HashSet<ActorId>, Error> {
    let others: HashSet<ActorId> = people.filter(|person| Some(*person) != viewer).collect();
    let others: Vec<ActorId> = others.into_iter().collect();
    let elsewhere = of_hosts_decided_about(session, &others).await?;
    let mut avoided: HashSet<ActorId> = elsewhere
        .iter()
        .filter(|(_, standing)| standing.policy == Policy::Block || standing.limits.has(Limit::Silence))
        .map(|(person, _)| *person)
        .collect();
    avoided.extend(sanctions::silenced_among(session, &others).await?);
    let Some(viewer) = viewer else { return Ok(avoided) };
    for to in relationships::of(session, viewer, &others, now).await? {
        let is_blocked = elsewhere.get(&to.id).is_some_and(|standing| standing.policy == Policy::Block);
        if to.following && !is_blocked {
            avoided.remove(&to.id);
        }
        if to.blocking || to.muting || to.host_blocking {
            avoided.insert(to.id);
        }
    }
    Ok(avoided)
}

/// Which of these viewers leave out somebody's words: the same answer as [`among`], for many viewers of one person.
pub async fn those_avoiding(
    session: &mut impl Session,
    person: ActorId,
    viewers: &[ActorId],
    now: Timestamp,
) -> Result<HashSet<ActorId>, Error> {
    if viewers.is_empty() {
        return Ok(HashSet::new());
    }
    let standing = of_hosts_decided_about(session, &[person]).await?.remove(&person);
    let is_blocked = standing.is_some_and(|standing| standing.policy == Policy::Block);
    let is_silenced = is_silenced(session, person, standing).await?;
    let avoids = |stance: &Stance| {
        let is_stranger = is_blocked || (is_silenced && !stance.following);
        stance.viewer_id != person && (is_stranger || stance.keeping_away)
    };
    let stances = listeners::stances(session, person, viewers, now).await?;
    Ok(stances.into_iter().filter(avoids).map(|stance| stance.viewer_id).collect())
}

/// Whether somebody is a stranger to a member, and silenced: by themselves, or with everybody on their host.
pub async fn is_silenced_stranger(
    session: &mut impl Session,
    member: ActorId,
    person: ActorId,
    now: Timestamp,
) -> Result<bool, Error> {
    let standing = of_hosts_decided_about(session, &[person]).await?.remove(&person);
    if !is_silenced(session, person, standing).await? {
        return Ok(false);
    }
    let related = relationships::of(session, member, &[person], now).await?;
    Ok(!related.iter().any(|to| to.following))
}

/// Whether somebody is silenced, by themselves or with everybody on their host.
async fn is_silenced(
    session: &mut impl Session,
    person: ActorId,
    standing: Option<Standing>,
) -> Result<bool, Error> {
    Ok(standing.is_some_and(|standing| standing.limits.has(Limit::Silence))
        || !sanctions::silenced_among(session, &[person]).await?.is_empty())
}

/// What holds for the hosts of those among these people who live elsewhere; nothing of those about whose hosts
/// nothing is decided.
async fn of_hosts_decided_about(
    session: &mut impl Session,
    people: &[ActorId],
) -> Result<HashMap<ActorId, Standing>, Error> {
    if people.is_empty() || !hosts::any_decided(session).await? {
        return Ok(HashMap::new());
    }
    let mut known: HashMap<String, Standing> = HashMap::new();
    let mut out = HashMap::new();
    for person in actors::find_all(session, people).await?.into_iter().filter(|person| !person.is_local()) {
        let host = person.server();
        let standing = match known.get(&host) {
            Some(standing) => *standing,
            None => hosts::standing(session, &host).await?,
        };
        known.insert(host, standing);
        out.insert(person.id, standing);
    }
    Ok(out)
}
