//! With which other nodes this one talks: what the operator decides, and what follows from it.

use crate::context::App;
use alongside_domain::agreement::{Policy, Silence};
use alongside_domain::fold;
use alongside_store::session::Session;
use alongside_store::{audit, error, hosts};

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A node always talks to itself.
    #[error("{0} is this node itself")]
    Ourselves(String),
    /// The store could not do it.
    #[error("the decision could not be kept")]
    Store(#[from] error::Error),
}

/// Why this node does not talk with a host.
#[derive(Debug, thiserror::Error)]
pub enum NoTalk {
    /// It does not want to.
    #[error(transparent)]
    Silent(#[from] Silence),
    /// The store could not say whether it does.
    #[error("the store could not say whether that server is talked with")]
    Store(#[from] error::Error),
}

/// Whether this node talks with a host at all. Asked for everything that arrives, is asked for, or is sent.
pub async fn may_talk(app: &App, session: &mut impl Session, host: &str) -> Result<(), NoTalk> {
    let host = fold::host(host);
    if host == app.places().host() {
        return Ok(());
    }
    let policy = hosts::policy(session, &host).await?;
    Ok(app.settings().terms.mode.talks(policy)?)
}

/// Puts a host into this node's federation agreement.
pub async fn allow(app: &App, host: &str) -> Result<(), Error> {
    decide(app, host, Policy::Allow).await
}

/// Takes nothing from a host any more and sends it nothing.
pub async fn block(app: &App, host: &str) -> Result<(), Error> {
    decide(app, host, Policy::Block).await
}

async fn decide(app: &App, host: &str, policy: Policy) -> Result<(), Error> {
    if host == app.places().host() {
        return Err(Error::Ourselves(host.to_owned()));
    }
    let mut tx = app.store().begin().await?;
    hosts::set_policy(&mut tx, host, policy).await?;
    audit::append(&mut tx, app.ids(), app.now(), None, &format!("host.{policy}"), host, "").await?;
    tx.commit().await?;
    Ok(())
}
