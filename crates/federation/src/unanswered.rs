//! Follows that nobody answers. Lemmy drops all that it has to say to a server in the first minute of knowing it, the answer
//! to the first follow with it, so what nobody there has answered is asked again.

use crate::node::Federation;
use crate::software;
use alongside_domain::actor::Actor;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::FollowId;
use alongside_domain::job::Job;
use alongside_domain::place::{Place, follow_name};
use alongside_store::{activities, actors, error, follows, hosts, jobs};

/// How long after it was first asked it is asked again.
const AFTER_SECS: [i64; 4] = [120, 1_200, 12_000, 120_000];

/// Asks again later, where the answer may have been lost.
pub async fn ask_later(node: &Federation, id: FollowId) -> Result<(), error::Error> {
    let app = node.app();
    let mut reader = app.reader();
    let Some(asked) = follows::find(&mut reader, id).await?.filter(|follow| !follow.accepted) else {
        return Ok(());
    };
    let Some(target) = actors::find(&mut reader, asked.target_id).await?.filter(|target| !target.is_local())
    else {
        return Ok(());
    };
    software::look_at(node, target.id).await?;
    let next = AFTER_SECS.map(|secs| asked.at.plus_secs(secs)).into_iter().find(|at| *at > app.now());
    let Some(due_at) = next else { return Ok(()) };
    if !is_lost_there(node, &target).await? {
        return Ok(());
    }
    let (job, sequence) = (Job::Follow { follow: id }, format!("unanswered:{id}:{}", due_at.as_micros()));
    let mut tx = app.store().begin().await?;
    if !jobs::is_waiting(&mut tx, &job, &sequence).await? {
        jobs::push(&mut tx, app.next_id(), &job, &sequence, due_at).await?;
    }
    tx.commit().await
}

/// When it is asked again, if it was asked before and its like is not heard twice under one name.
pub async fn again(
    node: &Federation,
    id: FollowId,
    target: &Actor,
) -> Result<Option<Timestamp>, error::Error> {
    let app = node.app();
    let first = app.places().of(Place::Activity(&follow_name(id)));
    let is_again = is_lost_there(node, target).await?
        && activities::find_by_uri(&mut app.reader(), &first).await?.is_some();
    Ok(is_again.then(|| app.now()))
}

async fn is_lost_there(node: &Federation, target: &Actor) -> Result<bool, error::Error> {
    let host = hosts::find(&mut node.app().reader(), &target.host).await?;
    Ok(software::loses_first_answers(host.and_then(|host| host.software).as_deref()))
}
