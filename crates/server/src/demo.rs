//! Three nodes on this machine in one process, with communities and conversations between them: what
//! federation does, to look at and to try. They live in a temporary folder that goes when they stop.

mod script;
mod talk;

use crate::config::Config;
use crate::demo::script::{NODES, Organisation};
use crate::serve::{self, DRAIN};
use crate::shutdown::{self, Parts};
use crate::wiring;
use alongside_domain::account::Email;
use std::error::Error;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use tokio::net::TcpListener;

/// The password of everybody in the demonstration.
const PASSWORD: &str = "alongside-demo";
/// Whom the communities name, at an address that cannot exist.
const CONTACT: &str = "care@demo.invalid";

/// Runs the demonstration until a signal comes. `say` gets what there is to read.
pub async fn run(
    say: impl Fn(String) -> io::Result<()> + Send + 'static,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let signals = shutdown::signals()?;
    let folder = tempfile::Builder::new().prefix("alongside-demo-").tempdir()?;
    let mut listeners = Vec::new();
    for organisation in &NODES {
        listeners.push(listen(organisation).await?);
    }
    let addresses: Vec<_> = listeners.iter().map(TcpListener::local_addr).collect::<Result<_, _>>()?;
    let mut parts = Parts::default();
    let mut nodes = Vec::new();
    for ((organisation, listener), address) in NODES.iter().zip(listeners).zip(&addresses) {
        let config = settings(organisation, *address, &addresses, folder.path())?;
        let node = wiring::server(&config).await?;
        serve::start(&mut parts, &config, &node, listener);
        nodes.push(node);
    }
    say("Three nodes have started, and people are talking; one moment.".to_owned())?;
    let (talking, guide, stopping) = (nodes.clone(), guide(&addresses), parts.stopping());
    parts.start("conversations", async move {
        let Some(talked) = stopping.run_until_cancelled(Box::pin(talk::all(&talking))).await else { return };
        match talked.and_then(|()| Ok(say(guide)?)) {
            Ok(()) => stopping.cancelled().await,
            Err(error) => tracing::error!(error = &*error as &dyn Error, "the conversations broke off"),
        }
    });
    let stopped = parts.run(signals, DRAIN).await;
    for node in &nodes {
        node.app().store().close().await;
    }
    Ok(stopped?)
}

/// The usual port, or another where something else has that one.
async fn listen(organisation: &Organisation) -> Result<TcpListener, serve::ListenError> {
    let usual = SocketAddr::from((Ipv4Addr::LOCALHOST, organisation.port));
    match serve::bind(usual).await {
        Ok(listener) => Ok(listener),
        Err(_) => serve::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await,
    }
}

fn settings(
    organisation: &Organisation,
    address: SocketAddr,
    all: &[SocketAddr],
    folder: &Path,
) -> Result<Config, Box<dyn Error + Send + Sync>> {
    let mut config = Config::for_trial(address, folder.join(organisation.community.name));
    organisation.title.clone_into(&mut config.title);
    config.contact = Some(Email::parse(CONTACT)?);
    let others = all.iter().filter(|other| **other != address);
    config.federation.insecure_hosts = others.map(|other| (*other).try_into()).collect::<Result<_, _>>()?;
    Ok(config)
}

/// Where to look, and how to sign in.
fn guide(addresses: &[SocketAddr]) -> String {
    let mut lines = Vec::new();
    for (organisation, host) in NODES.iter().zip(addresses) {
        let name = organisation.community.name;
        lines.push(format!("\n{}: http://{host}/", organisation.title));
        lines.push(format!("  community  @{name}@{host}  http://{host}/@{name}"));
        lines.extend(
            organisation.members.iter().map(|member| format!("  sign in    {}  {PASSWORD}", email(member))),
        );
    }
    lines.push(
        "\nAny Mastodon client can sign in at these addresses. Ctrl-C stops it all, and nothing is kept."
            .to_owned(),
    );
    lines.join("\n")
}

fn email(member: &str) -> String {
    format!("{member}@demo.invalid")
}
