//! How long it takes until everybody who listens has heard of a post.

use crate::api::{Member, words};
use crate::bench::{Bench, Measure};
use crate::meter::{Meter, Sample};
use crate::node::Node;
use crate::table::Unit;
use crate::{Failure, in_time, pause};
use futures_util::StreamExt as _;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;

/// Members who listen, all to the same author; and connections of each.
const MEMBERS: usize = 100;
const CONNECTIONS: usize = 10;
const LISTENERS: usize = MEMBERS * CONNECTIONS;
/// Posts in a round, and the time between two.
const POSTS: usize = 20;
const BETWEEN: Duration = Duration::from_millis(200);
/// What is asked of the node.
const MILLIS_MAX: f64 = 250.0;

/// Measures it on a node, with so many sockets.
pub(crate) async fn measure(bench: &mut Bench, node: &Node) -> Result<(), Failure> {
    let (members, connections) = if bench.scale.rounds > 1 { (MEMBERS, CONNECTIONS) } else { (3, 4) };
    let mut author = node.member("storyteller").await?;
    let (sender, mut heard) = mpsc::channel(2 * LISTENERS);
    for number in 1..=members {
        let mut member = node.member(&format!("listener{number}")).await?;
        member.ask_to_follow(&author.id).await?;
        for _ in 0..connections {
            listen(node, &member, sender.clone()).await?;
        }
    }
    let measure = Measure {
        what: format!("a post until {} WebSockets have it, p99", members * connections),
        unit: Unit::Milliseconds,
        to_beat: Some(MILLIS_MAX),
    };
    let mut written = 0;
    let round = async || {
        let meter = Meter::start(&[node])?;
        let mut waits = Vec::new();
        for _ in 0..POSTS {
            written += 1;
            let started = Instant::now();
            author.publish(&words(written), None).await?;
            let everybody = async {
                for _ in 0..members * connections {
                    let at: Instant = heard.recv().await.ok_or("nobody listens any more")?;
                    waits.push(at.duration_since(started));
                }
                Ok(())
            };
            in_time("everybody has heard of a post", everybody).await?;
            pause(BETWEEN).await;
        }
        let used = meter.stop(waits.len())?.used;
        waits.sort();
        let p99 = waits.get(waits.len() * 99 / 100).ok_or("nobody heard anything")?;
        Ok(Sample { value: p99.as_secs_f64() * 1_000.0, used })
    };
    bench.measure(measure, round).await;
    Ok(())
}

/// Opens a socket, and tells when each post came.
async fn listen(node: &Node, member: &Member, heard: mpsc::Sender<Instant>) -> Result<(), Failure> {
    let stream = TcpStream::connect(node.address).await?;
    let request = member.listening(node.address, "/api/v1/streaming?stream=user")?;
    let (mut socket, _) = client_async(request, stream).await?;
    tokio::spawn(async move {
        while let Some(Ok(message)) = socket.next().await {
            let is_post = matches!(&message, Message::Text(text) if text.contains(r#""event":"update""#));
            if is_post && heard.send(Instant::now()).await.is_err() {
                return;
            }
        }
    });
    Ok(())
}
