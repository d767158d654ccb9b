//! The measures, in the order they are taken: each leaves posts behind that the next has to bear.

mod clients;
mod disk;
mod network;
mod others;
pub(crate) mod pages;
mod signatures;
mod starts;
mod streaming;

use crate::Failure;
use crate::bench::Bench;
use crate::foreign::{self, Servers};
use crate::node::{self, Node};
use crate::postgres::Database;
use std::net::{Ipv4Addr, SocketAddr};

/// Takes those between servers, at a larger scale.
pub(crate) async fn federation(bench: &mut Bench) -> Result<(), Failure> {
    let bounds = signatures::bounds(bench)?;
    let binary = node::build().await?;
    let on_loopback = || Ok::<_, Failure>(SocketAddr::from((Ipv4Addr::LOCALHOST, node::free_port()?)));
    let (ours, friends) = (on_loopback()?, on_loopback()?);
    let (hanging, beside) = bench.scale.hanging_beside;
    let mut hosts = foreign::hosts(bench.scale.fan_out.max(hanging + beside), node::free_port()?);
    let mut servers = Servers::start(&hosts).await?;
    hosts.push(friends);
    let node = Node::start(&binary, ours, &hosts).await?;
    {
        let friend = Node::start(&binary, friends, &[ours]).await?;
        others::posts_followed(bench, &node, &friend).await?;
        network::comments(bench, &node, &friend).await?;
    }
    network::passed_on(bench, bounds, (&node, "SQLite"), &mut servers).await?;
    network::fan_out(bench, bounds, &node, &mut servers).await?;
    drop(node);
    let Some(database) = Database::create().await? else {
        bench.note("Not measured on PostgreSQL: ALONGSIDE_TEST_POSTGRES names no server.");
        return Ok(());
    };
    // The port of before may have gone to one of the many connections meanwhile.
    let node = Node::start_on(&binary, on_loopback()?, &hosts, Some(&database.address())).await?;
    let taken = network::passed_on(bench, bounds, (&node, "PostgreSQL"), &mut servers).await;
    drop(node);
    database.remove().await?;
    taken
}

/// Takes them all. What fails here keeps the rest from being measured.
pub(crate) async fn all(bench: &mut Bench) -> Result<(), Failure> {
    signatures::measure(bench).await?;
    disk::measure(bench).await?;
    let binary = node::build().await?;
    let on_loopback = || Ok::<_, Failure>(SocketAddr::from((Ipv4Addr::LOCALHOST, node::free_port()?)));
    let (ours, friends) = (on_loopback()?, on_loopback()?);
    let mut hosts = foreign::hosts(bench.scale.hosts, node::free_port()?);
    let mut servers = Servers::start(&hosts).await?;
    hosts.push(friends);
    let mut node = Node::start(&binary, ours, &hosts).await?;
    clients::measure(bench, &node).await?;
    {
        let friend = Node::start(&binary, friends, &[ours]).await?;
        others::posts_followed(bench, &node, &friend).await?;
    }
    others::activities(bench, &node, &mut servers).await?;
    others::deliveries(bench, &node, &mut servers).await?;
    streaming::measure(bench, &node).await?;
    starts::measure(bench, &mut node).await
}
