//! What goes from server to server: posts to a follower's node, activities that arrive, deliveries that leave.

use crate::api::{Watch, words};
use crate::bench::{Bench, Measure};
use crate::connection::{Asked, Crowd};
use crate::foreign::Servers;
use crate::meter::Meter;
use crate::node::Node;
use crate::{Failure, figures};
use std::time::Duration;

/// Connections that bring posts or activities at the same time.
const AT_ONCE: usize = 8;
/// What a slow host takes to answer.
const SLOW: Duration = Duration::from_millis(100);

/// Posts of a member until the node of a follower shows them all.
pub(crate) async fn posts_followed(bench: &mut Bench, node: &Node, friend: &Node) -> Result<(), Failure> {
    let posts = bench.scale.posts_followed;
    let writer = node.member("writer").await?;
    let mut reader = friend.member("reader").await?;
    let id = reader.find(&format!("writer@{}", node.address)).await?;
    reader.ask_to_follow(&id).await?;
    reader.until_following(&id).await?;
    let mut crowd = Crowd::connect(node.address, AT_ONCE).await?;
    let mut watch = Watch::begin(&mut reader).await?;
    let mut written = 0;
    let round = async || {
        let until = written + posts;
        let meter = Meter::start(&[node, friend])?;
        let publishing = crowd.send(|| {
            written += 1;
            (written <= until).then(|| writer.publishing(&words(written), None))
        });
        let (_, ()) = tokio::try_join!(publishing, watch.until_came(posts))?;
        meter.stop(posts)
    };
    let measure =
        Measure::rate(format!("{posts} posts until a follower's node shows them"), figures::FOLLOWED);
    bench.measure(measure, round).await;
    Ok(())
}

/// Signed activities from elsewhere until a follower's home timeline shows them all.
pub(crate) async fn activities(bench: &mut Bench, node: &Node, servers: &mut Servers) -> Result<(), Failure> {
    let count = bench.scale.activities;
    let person = servers.people().swap_remove(0);
    let mut reader = node.member("neighbour").await?;
    let id = reader.find(&person.address()).await?;
    reader.ask_to_follow(&id).await?;
    servers.accept(&person, node, &reader.handle).await?;
    reader.until_following(&id).await?;
    let mut crowd = Crowd::connect(node.address, AT_ONCE).await?;
    let mut watch = Watch::begin(&mut reader).await?;
    let round = async || {
        // Signed beforehand: that is another server's work.
        let signed = (0..count).map(|number| servers.post(&person, node, &words(number)));
        let mut signed = signed.collect::<Result<Vec<Asked>, Failure>>()?.into_iter();
        let meter = Meter::start(&[node])?;
        tokio::try_join!(crowd.send(|| signed.next()), watch.until_came(count))?;
        meter.stop(count)
    };
    let measure = Measure::rate(format!("signed `Create`s taken in and shown, {AT_ONCE} at once"), None);
    bench.measure(measure, round).await;
    Ok(())
}

/// Posts of one member to followers on many hosts, until all have answered: at once, and slowly.
pub(crate) async fn deliveries(bench: &mut Bench, node: &Node, servers: &mut Servers) -> Result<(), Failure> {
    let mut herald = node.member("herald").await?;
    servers.follow(node, &herald.handle, servers.people().len()).await?;
    let (hosts, posts) = (servers.people().len(), bench.scale.posts_delivered);
    for (how, delay, to_beat) in [
        ("that answer at once", Duration::ZERO, figures::DELIVERIES_FAST),
        ("that take 100 ms", SLOW, figures::DELIVERIES_SLOW),
    ] {
        servers.answer_after(delay);
        let mut written = 0;
        let round = async || {
            let due = servers.deliveries() + hosts * posts;
            let meter = Meter::start(&[node])?;
            for _ in 0..posts {
                written += 1;
                herald.publish(&words(written), None).await?;
            }
            servers.until_delivered(due).await?;
            meter.stop(hosts * posts)
        };
        bench.measure(Measure::rate(format!("deliveries to {hosts} hosts {how}"), to_beat), round).await;
    }
    Ok(())
}
