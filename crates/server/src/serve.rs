//! Running a node: its listener, its workers and its housekeeping, until a signal comes.

use crate::config::Config;
use crate::listener::{self, Patience};
use crate::lock;
use crate::open_files;
use crate::shutdown::{self, Parts};
use crate::{housekeeping, wiring};
use alongside_app::invitations;
use alongside_app::uploads::room;
use alongside_federation::node::Federation;
use alongside_federation::worker;
use alongside_store::engine::Store;
use alongside_web::streaming;
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// What is begun gets this long to finish: more than a delivery to a slow host takes.
pub const DRAIN: Duration = Duration::from_secs(15);
/// How long to wait before listening again for what other processes write.
const LISTEN_AGAIN: Duration = Duration::from_secs(5);

/// Nobody can listen where the settings say.
#[derive(Debug, thiserror::Error)]
#[error("the node cannot listen on {address}")]
pub struct ListenError {
    address: SocketAddr,
    source: io::Error,
}

/// Runs the node until a signal comes. `say` gets what the operator has to know.
pub async fn run(
    config: &Config,
    mut say: impl FnMut(String) -> io::Result<()>,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let signals = shutdown::signals()?;
    open_files::raise();
    // Two servers on one folder would each do what the other has in hand. PostgreSQL is made for several.
    let _lock = config.database.is_none().then(|| lock::acquire(&config.data_dir)).transpose()?;
    let listener = bind(config.listen).await?;
    let node = wiring::server(config).await?;
    worker::let_go(&node).await?;
    room::clear(node.app()).await?;
    say(format!("Alongside is at {}/", config.url))?;
    for trial in config.trials_in_public() {
        say(format!("WARNING: {trial}. This is for trials: remove it before anybody trusts this node."))?;
    }
    if let Some(token) = invitations::for_first_admin(node.app()).await? {
        say(format!(
            "Nobody runs this node yet. Whoever opens this link becomes its administrator, once:\n{}/welcome/{token}",
            config.url
        ))?;
    }
    let mut parts = Parts::default();
    start(&mut parts, config, &node, listener);
    tracing::info!(node.url = %config.url, node.listen = %config.listen, store.engine = node.app().store().engine_name(), "started");
    let stopped = parts.run(signals, DRAIN).await;
    if let Err(error) = worker::let_go(&node).await {
        tracing::warn!(error = &error as &dyn Error, "what was cut off has to wait for the next start");
    }
    node.app().store().close().await;
    Ok(stopped?)
}

/// Takes the port.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, ListenError> {
    TcpListener::bind(address).await.map_err(|source| ListenError { address, source })
}

/// Starts everything that a running node does.
pub fn start(parts: &mut Parts, config: &Config, node: &Federation, listener: TcpListener) {
    let web = wiring::web(config, node.clone());
    let routes = wiring::routes(config, web.clone());
    let patience = Patience::beside_streams(config.limits.streams);
    parts.start("listener", listener::answer(listener, routes, patience, parts.stopping()));
    parts.start("streams", streaming::run(web, parts.stopping()));
    parts.start("workers", worker::run(node.clone(), parts.stopping()));
    parts.start("housekeeping", housekeeping::run(node.app().clone(), parts.stopping()));
    parts.start("database's bell", hear(node.app().store().clone(), parts.stopping()));
}

/// Wakes the workers for what other processes commit. They look for themselves each second as well,
/// so that a connection that is lost costs a little time and nothing else.
async fn hear(store: Store, stopping: CancellationToken) {
    loop {
        tokio::select! {
            () = stopping.cancelled() => return,
            ended = store.listen() => if let Err(error) = ended {
                tracing::warn!(error = &error as &dyn Error, "the database's bell cannot be heard");
            }
        }
        if stopping.run_until_cancelled(pause(LISTEN_AGAIN)).await.is_none() {
            return;
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a loop that tries again waits between")]
async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}
