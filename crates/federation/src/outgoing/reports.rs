//! Reports, told to the nodes concerned and to nobody else: that of whom it is about, that of the community, and those of
//! the people who look after it. None learns who reported, nor of posts that are not its business.

use super::ears::agreed;
use super::{Envelope, bare};
use crate::build::flag;
use crate::node::Federation;
use crate::worker::JobError;
use crate::{keys, software};
use alongside_domain::actor::Actor;
use alongside_domain::community::Audience;
use alongside_domain::id::{CommunityId, ReportId};
use alongside_domain::post::{Post, Visibility};
use alongside_domain::report::Report;
use alongside_store::session::Session;
use alongside_store::{actors, communities, error, hosts, posts, reports};
use serde_json::Value;
use std::collections::BTreeSet;

/// Somebody who is told, and of which posts.
struct Told {
    whom: Actor,
    posts: Vec<String>,
    inboxes: BTreeSet<String>,
}

/// A report that a member wants told; or one from elsewhere, for those who look after a community of ours from another
/// node.
pub(super) async fn flagged(node: &Federation, report: ReportId) -> Result<Vec<Envelope>, JobError> {
    let mut reader = node.app().reader();
    let Some(report) = reports::find(&mut reader, report).await?.filter(|report| report.forwarded) else {
        return Ok(Vec::new());
    };
    let Some(about) = actors::find(&mut reader, report.target).await? else { return Ok(Vec::new()) };
    let community = match report.community {
        Some(community) => actors::find(&mut reader, community.actor()).await?,
        None => None,
    };
    let reported = posts::find_all(&mut reader, &report.posts).await?;
    let mut told = Vec::new();
    if report.uri.is_none() {
        told.extend(concerned(&report, &about, community.as_ref(), &reported));
    }
    if let Some(community) = community.as_ref().filter(|community| community.is_local()) {
        told.extend(those_who_look_after(node, &report, community, &reported).await?);
    }
    let mut out = Vec::with_capacity(told.len());
    let mut servers = BTreeSet::new();
    for told in told {
        let singly = takes_reports_singly(node, &told.whom).await?;
        let own =
            if singly { keys::staff_actor(node.app()).await? } else { keys::node_actor(node.app()).await? };
        // Lemmy takes a report to a community alone, the node of the author too.
        let to = community.as_ref().filter(|_| singly).unwrap_or(&told.whom);
        let inboxes = if singly { at_its_server(&told) } else { told.inboxes.clone() };
        // Of those there who are told, the first stands for all: what a server hears again it refuses.
        let inboxes: BTreeSet<String> =
            inboxes.into_iter().filter(|inbox| !singly || servers.insert(inbox.clone())).collect();
        for (part, objects) in objects(&about, &told.posts, singly).into_iter().enumerate() {
            let name = format!("flag-{}-{}-{part}", report.id, told.whom.id);
            let activity = flag::flag(node.app().places(), &report, &own, &name, objects, to);
            out.push(Envelope { open: false, inboxes: inboxes.clone(), ..bare(&activity, &own)? });
        }
    }
    Ok(out)
}

/// What is reported: everything at once, or each post by itself, and its author where there is none.
fn objects(about: &Actor, posts: &[String], singly: bool) -> Vec<Value> {
    let author = [about.uri.clone()];
    match (singly, posts) {
        (false, posts) => vec![author.iter().chain(posts).cloned().collect()],
        (true, []) => author.map(Value::from).into(),
        (true, posts) => posts.iter().cloned().map(Value::from).collect(),
    }
}

/// Lemmy hears no report in the inbox of a person.
fn at_its_server(told: &Told) -> BTreeSet<String> {
    told.inboxes.iter().map(|_| told.whom.delivery_inbox().to_owned()).collect()
}

async fn takes_reports_singly(node: &Federation, whom: &Actor) -> Result<bool, error::Error> {
    software::look_at(node, whom.id).await?;
    let host = hosts::find(&mut node.app().reader(), &whom.host).await?;
    Ok(software::takes_reports_singly(host.and_then(|host| host.software).as_deref()))
}

/// The node of the community, and that of whom it is about, where they are others.
fn concerned(report: &Report, about: &Actor, community: Option<&Actor>, reported: &[Post]) -> Vec<Told> {
    let tell = |whom: &Actor, posts: Vec<String>| Told {
        whom: whom.clone(),
        posts,
        inboxes: BTreeSet::from([whom.inbox.clone()]),
    };
    let all: Vec<String> = reported.iter().map(|post| post.uri.clone()).collect();
    let is_one_host = community.is_some_and(|community| community.host == about.host);
    let mut told = Vec::new();
    if let Some(community) = community.filter(|community| !community.is_local()) {
        told.push(tell(community, if is_one_host { all.clone() } else { within(report, reported) }));
    }
    let is_told_already = is_one_host && !told.is_empty();
    if !about.is_local() && !about.is_community() && !is_told_already {
        told.push(tell(about, all));
    }
    told
}

/// Of each node where somebody looks after a community of ours one who does; but not of that which reported, whose people
/// it has told itself, and not whom the report is about.
async fn those_who_look_after(
    node: &Federation,
    report: &Report,
    community: &Actor,
    reported: &[Post],
) -> Result<Vec<Told>, error::Error> {
    let mut reader = node.app().reader();
    let reporter = actors::find(&mut reader, report.reporter).await?;
    let mut hosts =
        BTreeSet::from([String::new(), reporter.map(|reporter| reporter.host).unwrap_or_default()]);
    let posts = within(report, reported);
    let for_members = is_for_members(&mut reader, community, reported).await?;
    let mut told = Vec::new();
    for steward in communities::stewards(&mut reader, CommunityId::of(community.id)).await? {
        let found = actors::find(&mut reader, steward.actor_id).await?;
        let Some(whom) = found.filter(|whom| whom.is_present() && whom.id != report.target) else { continue };
        if !hosts.insert(whom.host.clone()) {
            continue;
        }
        let inbox = BTreeSet::from([whom.inbox.clone()]);
        let inboxes = if for_members { agreed(node, inbox).await? } else { inbox };
        told.push(Told { whom, posts: posts.clone(), inboxes });
    }
    Ok(told)
}

async fn is_for_members(
    session: &mut impl Session,
    community: &Actor,
    reported: &[Post],
) -> Result<bool, error::Error> {
    let found = communities::find(session, community.id).await?;
    Ok(found.is_some_and(|found| found.audience == Audience::Members)
        || reported.iter().any(|post| post.visibility == Visibility::Members))
}

/// The reported posts that are in the community.
fn within(report: &Report, reported: &[Post]) -> Vec<String> {
    let within = reported.iter().filter(|post| post.community == report.community);
    within.map(|post| post.uri.clone()).collect()
}
