//! What members' clients ask for: publishing, timelines, a thread; and the document others read of a member.

use crate::api::{Member, words};
use crate::bench::{Bench, Measure};
use crate::connection::{Asked, Crowd};
use crate::meter::Meter;
use crate::node::Node;
use crate::{Failure, figures, machine, pause};
use bytes::Bytes;
use http::Request;
use http::header::ACCEPT;
use http_body_util::Full;
use serde_json::Value;
use std::time::Duration;

/// Members who write and read.
const MEMBERS: usize = 8;
/// Posts in a timeline as clients ask for it.
const PAGE: usize = 20;
/// Clients that publish, read timelines, and read the thread, at the same time.
const WRITERS: usize = 8;
const READERS: usize = 64;
const THREAD_READERS: usize = 16;
/// How often, and how long each time, the node is watched until it rests; and how busy it may then be.
const LOOKS_MAX: usize = 120;
const LOOK: Duration = Duration::from_millis(500);
const AT_REST_SECS: f64 = 0.05;
/// Replies under one another before the next answers the first post again.
const DEPTH: usize = 4;

/// Different requests for the same: more than are answered in the second that an answer is kept.
const DIFFERENT: usize = 4_000;

/// Measures them all, on a node that is new.
pub(crate) async fn measure(bench: &mut Bench, node: &Node) -> Result<(), Failure> {
    let mut members = Vec::new();
    for number in 1..=MEMBERS {
        members.push(node.member(&format!("member{number}")).await?);
    }
    befriend(&mut members).await?;
    publish(bench, node, &members).await?;
    at_rest(node).await?;
    for (measure, path) in [
        (Measure::rate(format!("home timeline of {PAGE}, {READERS} at once"), figures::HOME), "home"),
        (Measure::rate(format!("public timeline of {PAGE}, {READERS} at once"), figures::PUBLIC), "public"),
    ] {
        let path = format!("/api/v1/timelines/{path}?limit={PAGE}");
        let page = members[0].get(&path).await?;
        expect_length(&path, &page, PAGE)?;
        read(bench, node, measure, READERS, &requests(&members, &path)).await?;
    }
    let path = format!("/api/v1/timelines/home?limit={PAGE}");
    let measure = Measure::rate(format!("home timeline of {PAGE}, made anew, {READERS} at once"), None);
    read(bench, node, measure, READERS, &all_different(&members, &path, '&')).await?;
    thread(bench, node, &mut members).await?;
    let asked = [actor(&members[0])];
    let measure = Measure::rate(format!("actor document, {READERS} at once"), figures::ACTOR);
    read(bench, node, measure, READERS, &asked).await?;
    let asked = [Request::get("/health").body(Full::new(Bytes::new()))?];
    let measure = Measure::rate(format!("the least an answer costs (`/health`), {READERS} at once"), None);
    read(bench, node, measure, READERS, &asked).await
}

/// Everybody follows everybody.
async fn befriend(members: &mut [Member]) -> Result<(), Failure> {
    let ids: Vec<String> = members.iter().map(|member| member.id.clone()).collect();
    for member in members {
        for id in &ids {
            if *id != member.id {
                member.ask_to_follow(id).await?;
            }
        }
    }
    Ok(())
}

async fn publish(bench: &mut Bench, node: &Node, members: &[Member]) -> Result<(), Failure> {
    let how_long = bench.scale.round;
    let mut crowd = Crowd::connect(node.address, WRITERS).await?;
    let mut written = 0;
    let round = async || {
        let meter = Meter::start(&[node])?;
        let answered = crowd.send_for(how_long, || {
            written += 1;
            members[written % members.len()].publishing(&words(written), None)
        });
        meter.stop(answered.await?)
    };
    bench.measure(Measure::rate(format!("publish a post, {WRITERS} at once"), figures::PUBLISH), round).await;
    // Those who read next need something to read, however short the rounds were.
    crowd
        .send(|| {
            written += 1;
            (written <= 2 * PAGE).then(|| members[written % members.len()].publishing(&words(written), None))
        })
        .await
        .map(drop)
}

async fn thread(bench: &mut Bench, node: &Node, members: &mut [Member]) -> Result<(), Failure> {
    let replies = bench.scale.replies;
    let first = members[0].publish(&words(0), None).await?;
    let mut above = first.clone();
    for reply in 1..=replies {
        let member = &mut members[reply % MEMBERS];
        let answered = if reply % DEPTH == 0 { &first } else { &above };
        above = member.publish(&words(reply), Some(answered)).await?;
    }
    let path = format!("/api/v1/statuses/{first}/context");
    let context = members[0].get(&path).await?;
    expect_length(&path, &context["descendants"], replies)?;
    at_rest(node).await?;
    let measure =
        Measure::rate(format!("thread of {replies} replies, {THREAD_READERS} at once"), figures::THREAD);
    read(bench, node, measure, THREAD_READERS, &requests(members, &path)).await?;
    let measure =
        Measure::rate(format!("thread of {replies} replies, made anew, {THREAD_READERS} at once"), None);
    read(bench, node, measure, THREAD_READERS, &all_different(members, &path, '?')).await
}

/// Waits until the node has done what publishing left it to do, so that reading is measured alone.
async fn at_rest(node: &Node) -> Result<(), Failure> {
    for _ in 0..LOOKS_MAX {
        let before = machine::cpu_secs(node.process()?)?;
        pause(LOOK).await;
        if machine::cpu_secs(node.process()?)? - before < AT_REST_SECS {
            return Ok(());
        }
    }
    Err("the node does not come to rest after publishing".into())
}

async fn read(
    bench: &mut Bench,
    node: &Node,
    measure: Measure,
    clients: usize,
    asked: &[Asked],
) -> Result<(), Failure> {
    let how_long = bench.scale.round;
    let mut crowd = Crowd::connect(node.address, clients).await?;
    // What is made or read when it is first asked for is not what is measured.
    let mut first = asked.iter().cloned();
    crowd.send(|| first.next()).await?;
    let mut sent = 0;
    let round = async || {
        let meter = Meter::start(&[node])?;
        let answered = crowd.send_for(how_long, || {
            sent += 1;
            asked[sent % asked.len()].clone()
        });
        meter.stop(answered.await?)
    };
    bench.measure(measure, round).await;
    Ok(())
}

/// The same request by each member: nobody's is answered from what another was told.
fn requests(members: &[Member], path: &str) -> Vec<Asked> {
    members.iter().map(|member| member.reading(path)).collect()
}

/// The same request by each member, many times and never in the same words: none is answered with what was
/// answered before.
fn all_different(members: &[Member], path: &str, separator: char) -> Vec<Asked> {
    (0..DIFFERENT)
        .map(|number| members[number % members.len()].reading(&format!("{path}{separator}number={number}")))
        .collect()
}

/// What another server asks for, which has no token.
fn actor(member: &Member) -> Asked {
    let request =
        Request::get(format!("/actors/{}", member.handle)).header(ACCEPT, "application/activity+json");
    request.body(Full::new(Bytes::new())).expect("handles are written in this program")
}

/// A figure about an answer that is shorter than it should be would be about something else.
fn expect_length(path: &str, list: &Value, length: usize) -> Result<(), Failure> {
    match list.as_array().map(Vec::len) {
        Some(found) if found == length => Ok(()),
        found => Err(format!("{path} shows {found:?} posts, not {length}").into()),
    }
}
