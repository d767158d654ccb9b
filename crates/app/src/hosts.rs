//! What the operator decides about other nodes.

use crate::context::App;
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

/// Puts a host into this node's federation agreement.
pub async fn allow(app: &App, host: &str) -> Result<(), Error> {
    decide(app, host, "allow").await
}

/// Takes nothing from a host any more and sends it nothing.
pub async fn block(app: &App, host: &str) -> Result<(), Error> {
    decide(app, host, "block").await
}

async fn decide(app: &App, host: &str, policy: &str) -> Result<(), Error> {
    if host == app.places().host() {
        return Err(Error::Ourselves(host.to_owned()));
    }
    let mut tx = app.store().begin().await?;
    hosts::set_policy(&mut tx, host, policy).await?;
    audit::append(&mut tx, app.ids(), app.now(), None, &format!("host.{policy}"), host, "").await?;
    tx.commit().await?;
    Ok(())
}
