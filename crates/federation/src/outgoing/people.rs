//! Who follows whom; and profiles that have changed, moved, or are gone.

use super::{Envelope, Presence, bare, proved, staff};
use crate::build;
use crate::keys::{self, KeyError};
use crate::node::Federation;
use crate::software;
use crate::unanswered;
use crate::worker::JobError;
use alongside_domain::actor::Actor;
use alongside_domain::id::ActorId;
use alongside_domain::job::Job;
use alongside_store::follows::Inbox;
use alongside_store::{actors, departures, erasures, follows, moves, sent};
use std::collections::BTreeSet;

/// Posts of somebody who is gone that a host is told of one by one: the newest.
const POST_BY_POST_MAX: i64 = 1_000;

/// Follows, and the answers to them, go to the other side only.
pub(super) async fn followed(node: &Federation, job: &Job) -> Result<Vec<Envelope>, JobError> {
    let (app, mut reader) = (node.app(), node.app().reader());
    let kept = match job {
        // Answered by now, it is not asked again.
        Job::Follow { follow } => follows::find(&mut reader, *follow).await?.filter(|kept| !kept.accepted),
        Job::Accept { follow } => follows::find(&mut reader, *follow).await?,
        _ => None,
    };
    let (follower, target) = match (job, &kept) {
        (_, Some(kept)) => (kept.follower_id, kept.target_id),
        (Job::Unfollow { follower, target, .. } | Job::Reject { follower, target, .. }, None) => {
            (*follower, *target)
        }
        _ => return Ok(Vec::new()),
    };
    let both = (actors::find(&mut reader, follower).await?, actors::find(&mut reader, target).await?);
    let (Some(follower), Some(target)) = both else { return Ok(Vec::new()) };
    let (places, at) = (app.places(), app.now());
    let (activity, by, to) = match (job, &kept) {
        (Job::Follow { follow }, _) => {
            let again = unanswered::again(node, *follow, &target).await?;
            (build::follow::follow(places, *follow, again, &follower, &target), &follower, &target)
        }
        (Job::Unfollow { follow, .. }, _) => {
            (build::follow::unfollow(places, *follow, &follower, &target), &follower, &target)
        }
        (Job::Accept { .. }, Some(kept)) => {
            (build::follow::accept(places, kept, &follower, &target, at), &target, &follower)
        }
        (Job::Reject { follow_uri, .. }, _) => {
            (build::follow::reject(places, follow_uri, &follower, &target, at), &target, &follower)
        }
        _ => return Ok(Vec::new()),
    };
    let thread = alongside_app::effects::between(follower.id, target.id);
    // Whom they know is forgotten when they go. What ends a follow is said all the same.
    let presence = if kept.is_some() { Presence::Needed } else { Presence::Any };
    let mut own = Envelope { open: false, thread, presence, ..bare(&activity, by)? };
    // To them alone, and not to their host's shared inbox: it is nobody else's business.
    own.inboxes.extend((!to.is_local()).then(|| to.inbox.clone()));
    Ok(vec![own])
}

/// A profile changed, or staff hide it or show it again: everybody who follows is told.
pub(super) async fn profile(node: &Federation, actor: ActorId) -> Result<Vec<Envelope>, JobError> {
    let mut reader = node.app().reader();
    let found = actors::find(&mut reader, actor).await?.filter(|actor| actor.deleted_at.is_none());
    let Some(actor) = found else { return Ok(Vec::new()) };
    let document = match build::actor::load(node.keys(), node.app(), &actor).await {
        Ok(document) => document,
        // Nobody elsewhere ever heard of them.
        Err(KeyError::Gone) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let activity = build::actor::update(node.app().places(), &actor, document, node.app().now());
    // A host that was down takes the last change last.
    let mut own = Envelope {
        presence: Presence::Needed,
        thread: format!("profile:{}", actor.id),
        ..bare(&proved(node, activity.clone(), &actor).await?, &actor)?
    };
    let heard = follows::inboxes(&mut reader, actor.id).await?;
    own.inboxes.extend(heard.iter().map(|inbox| inbox.inbox.clone()));
    let by_staff = staff::instead(node, &actor, &activity, &mut own, &heard).await?;
    Ok([own].into_iter().chain(by_staff).collect())
}

/// Somebody here is gone: every host that ever heard of them is told.
pub(super) async fn departed(node: &Federation, actor: ActorId) -> Result<Vec<Envelope>, JobError> {
    let mut reader = node.app().reader();
    let gone = actors::find(&mut reader, actor).await?.filter(|actor| actor.deleted_at.is_some());
    let Some(actor) = gone else { return Ok(Vec::new()) };
    let activity = build::departure::delete(node.app().places(), &actor);
    let mut own = bare(&activity, &actor)?;
    own.erasure = erasures::of_actor(&mut reader, actor.id).await?.map(|erasure| erasure.id);
    own.presence = Presence::Ended;
    let heard = sent::of_actor(&mut reader, actor.id).await?;
    own.inboxes.extend(heard.iter().map(|inbox| inbox.inbox.clone()));
    let by_staff = staff::instead(node, &actor, &activity, &mut own, &heard).await?;
    let mut out: Vec<Envelope> = [own].into_iter().chain(by_staff).collect();
    out.extend(post_by_post(node, &actor, &heard).await?);
    Ok(out)
}

/// For software that keeps the words of those who are gone: each post that anybody could read. The node signs, because
/// the keys of who wrote them are no longer to be had.
async fn post_by_post(node: &Federation, actor: &Actor, heard: &[Inbox]) -> Result<Vec<Envelope>, JobError> {
    let keeps = |inbox: &&Inbox| software::keeps_posts_of_the_gone(inbox.software.as_deref());
    let inboxes: BTreeSet<String> = heard.iter().filter(keeps).map(|inbox| inbox.inbox.clone()).collect();
    let Some(at) = actor.deleted_at.filter(|_| !inboxes.is_empty()) else { return Ok(Vec::new()) };
    let own = keys::node_actor(node.app()).await?;
    let mut reader = node.app().reader();
    let posts = departures::open_posts(&mut reader, actor.id, at, POST_BY_POST_MAX).await?;
    let places = node.app().places();
    let told = posts.iter().map(|post| {
        let activity = build::departure::delete_post(places, &own, post.id, &post.uri);
        Ok(Envelope { open: false, inboxes: inboxes.clone(), ..bare(&activity, &own)? })
    });
    told.collect()
}

/// Somebody here has moved: whoever follows them is told.
pub(super) async fn moved(node: &Federation, actor: ActorId) -> Result<Vec<Envelope>, JobError> {
    let mut reader = node.app().reader();
    let Some(actor) = actors::find(&mut reader, actor).await?.filter(Actor::is_present) else {
        return Ok(Vec::new());
    };
    let Some(to) = moves::of(&mut reader, actor.id).await? else { return Ok(Vec::new()) };
    let activity = build::departure::moved(node.app().places(), &actor, &to);
    let mut own = Envelope { presence: Presence::Needed, ..bare(&activity, &actor)? };
    own.inboxes.extend(follows::inboxes(&mut reader, actor.id).await?.into_iter().map(|inbox| inbox.inbox));
    Ok(vec![own])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outgoing::post_all;
    use crate::testing::federation;
    use alongside_app::departures;
    use alongside_app::profiles::{self, Changes};
    use alongside_store::engine::Store;
    use alongside_testkit::both_engines;
    use alongside_testkit::node::Node;

    both_engines! {
        async fn what_somebody_says_of_themselves_is_not_told_once_they_are_gone(store: Store) {
            let node = Node::from(store);
            let sam = node.member("sam").await;
            let kim = node.stranger("kim", "b.example").await;
            node.follow(kim, sam.actor()).await;
            let changes = Changes { note: Some("I lie awake".to_owned()), ..Changes::default() };
            profiles::update(&node.app, sam, changes).await.unwrap();
            let federation = federation(&node, Vec::new());
            let told = profile(&federation, sam.actor()).await.unwrap();
            assert!(told[0].body.contains("lie awake") && !told[0].inboxes.is_empty());
            // While what they say is read and proved, they go.
            departures::delete(&node.app, "sam").await.unwrap();
            post_all(&federation, &told).await.unwrap();
            assert!(!node.holds("lie awake").await);
            let gone = departed(&federation, sam.actor()).await.unwrap();
            post_all(&federation, &gone).await.unwrap();
            assert!(node.holds("\"Delete\"").await, "that they are gone is told");
        }
    }
}
