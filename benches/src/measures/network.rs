//! Between servers at a larger scale: what communities pass on to us, a post that goes to a thousand hosts, and
//! what it costs those who answer that others hang.

use crate::api::{Member, Watch, words};
use crate::bench::{Bench, Measure};
use crate::connection::{Asked, Crowd};
use crate::foreign::Servers;
use crate::measures::signatures::Bounds;
use crate::meter::{Meter, Sample};
use crate::node::Node;
use crate::table::Unit;
use crate::{Failure, machine, pause};
use std::time::{Duration, Instant};

/// Connections that bring activities at the same time.
const AT_ONCE: usize = 8;
/// How long hosts that hung are given to come back to good standing.
const RECOVERY: Duration = Duration::from_millis(500);

/// What communities pass on, each signed with a key of its own: until it is taken in, and until it is shown.
pub(crate) async fn passed_on(
    bench: &mut Bench,
    bounds: Bounds,
    (node, engine): (&Node, &str),
    servers: &mut Servers,
) -> Result<(), Failure> {
    let count = bench.scale.activities;
    let communities: Vec<_> =
        servers.communities().into_iter().take(bench.scale.communities.into()).collect();
    let mut reader = node.member("reader").await?;
    for community in &communities {
        let id = reader.find(&community.address()).await?;
        reader.ask_to_follow(&id).await?;
        servers.accept(community, node, &reader.handle).await?;
        reader.until_following(&id).await?;
    }
    let mut crowd = Crowd::connect(node.address, AT_ONCE).await?;
    let mut watch = Watch::begin(&mut reader).await?;
    let (mut taken, mut shown) = (Vec::new(), Vec::new());
    for _ in 0..bench.scale.rounds {
        // Signed beforehand: that is another server's work.
        let by = communities.iter().cycle();
        let signed = (0..count).zip(by).map(|(nth, by)| servers.passed_on(by, node, &words(nth)));
        let mut signed = signed.collect::<Result<Vec<Asked>, Failure>>()?.into_iter();
        let (accepting, showing) = (Meter::start(&[node])?, Meter::start(&[node])?);
        let sending = async {
            crowd.send(|| signed.next()).await?;
            accepting.stop(count)
        };
        let (sample, ()) = tokio::try_join!(sending, watch.until_came(count))?;
        taken.push(sample);
        shown.push(showing.stop(count)?);
    }
    let keys = communities.len();
    for (what, samples, bound) in
        [("taken in", taken, Some(bounds.verify)), ("taken in and shown", shown, None)]
    {
        let what = format!("`Announce{{Create}}` by {keys} communities, {what}, {engine}");
        bench.record(Measure::rate(what, bound), median(samples));
    }
    Ok(())
}

/// A post that goes to many hosts, with and without some that hang.
pub(crate) async fn fan_out(
    bench: &mut Bench,
    bounds: Bounds,
    node: &Node,
    servers: &mut Servers,
) -> Result<(), Failure> {
    let mut operator = node.operator("operator").await?;
    let scale = bench.scale;
    let (hanging, beside) = scale.hanging_beside;
    for (handle, hosts, hang) in
        [("herald", scale.fan_out, scale.hanging), ("crier", hanging + beside, hanging)]
    {
        let mut writer = node.member(handle).await?;
        servers.follow(node, handle, hosts.into()).await?;
        let cores = f64::from(u32::try_from(machine::cores())?);
        let (rates, alone) = rounds(bench, node, servers, (&mut writer, &mut operator), (hosts, 0)).await?;
        let (_, among) = rounds(bench, node, servers, (&mut writer, &mut operator), (hosts, hang)).await?;
        let what = format!("one post to {hosts} hosts (to beat: signing on every core)");
        bench.record(Measure::rate(what, bounds.sign * cores), median(rates));
        let before = median(alone.clone()).map(|sample| sample.value).ok();
        let lag = |what: String, to_beat| Measure { what, unit: Unit::Seconds, to_beat };
        bench.record(lag(format!("its lag at a host, of {hosts}"), None), median(alone));
        let what = format!("its lag at a host that answers, of {hosts} of which {hang} hang");
        bench.record(lag(what, before), median(among));
    }
    Ok(())
}

/// Publishes a post for each round, and waits until all that answer have it. How many were delivered in a second,
/// and how long after the post was published the middle one of the hosts had it.
async fn rounds(
    bench: &Bench,
    node: &Node,
    servers: &mut Servers,
    (writer, operator): (&mut Member, &mut Member),
    (hosts, hang): (u16, u16),
) -> Result<(Vec<Sample>, Vec<Sample>), Failure> {
    let (mut rates, mut lags) = (Vec::new(), Vec::new());
    for round in 0..bench.scale.rounds {
        servers.hang(hang.into());
        servers.taken_at();
        let answer = usize::from(hosts - hang);
        let due = servers.deliveries() + answer;
        let meter = Meter::start(&[node])?;
        let published = Instant::now();
        writer.publish(&words(round), None).await?;
        servers.until_delivered(due).await?;
        rates.push(meter.stop(answer)?);
        let mut taken = servers.taken_at();
        taken.sort_unstable();
        let middle = taken.get(taken.len() / 2).ok_or("nothing was delivered")?;
        lags.push(Sample::of((*middle - published).as_secs_f64()));
        recover(servers, operator, hang).await?;
    }
    Ok((rates, lags))
}

/// The hosts that hung answer again, and are asked at once.
async fn recover(servers: &Servers, operator: &mut Member, hung: u16) -> Result<(), Failure> {
    if hung == 0 {
        return Ok(());
    }
    servers.hang(0);
    let due = servers.deliveries() + usize::from(hung);
    // Until then they are given the time to answer.
    pause(Duration::from_secs(11)).await;
    for person in servers.people().iter().take(hung.into()) {
        let address = person.address();
        let host = address.rsplit('@').next().unwrap_or_default();
        operator.act(&format!("/api/alongside/v1/admin/hosts/{host}/retry")).await?;
    }
    servers.until_delivered(due).await?;
    pause(RECOVERY).await;
    Ok(())
}

/// Comments of a member in one thread, until the node of a follower shows them all.
pub(crate) async fn comments(bench: &mut Bench, node: &Node, friend: &Node) -> Result<(), Failure> {
    let comments = bench.scale.comments;
    let mut writer = node.member("commenter").await?;
    let mut reader = friend.member("listener").await?;
    let id = reader.find(&format!("commenter@{}", node.address)).await?;
    reader.ask_to_follow(&id).await?;
    reader.until_following(&id).await?;
    let root = writer.publish(&words(0), None).await?;
    let mut crowd = Crowd::connect(node.address, AT_ONCE).await?;
    let mut watch = Watch::begin(&mut reader).await?;
    watch.until_came(usize::from(watch.is_empty())).await?;
    let mut written = 0;
    let round = async || {
        let until = written + comments;
        let (meter, began) = (Meter::start(&[node, friend])?, Instant::now());
        let publishing = crowd.send(|| {
            written += 1;
            (written <= until).then(|| writer.publishing(&words(written), Some(&root)))
        });
        let (_, ()) = tokio::try_join!(publishing, watch.until_came(comments))?;
        let used = meter.stop(comments)?.used;
        Ok(Sample { value: began.elapsed().as_secs_f64(), used })
    };
    let what = format!("{comments} comments in a thread until a follower's node shows them");
    bench.measure(Measure { what, unit: Unit::Seconds, to_beat: Some(3.0) }, round).await;
    Ok(())
}

fn median(mut samples: Vec<Sample>) -> Result<Sample, Failure> {
    samples.sort_by(|one, other| one.value.total_cmp(&other.value));
    samples.get(samples.len() / 2).copied().ok_or_else(|| "no rounds".into())
}
