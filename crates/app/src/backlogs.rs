//! What waits to be delivered to other nodes: how far each lags behind, and taking back what waits.

use crate::context::App;
use alongside_domain::agreement::Policy;
use alongside_domain::clock::Timestamp;
use alongside_domain::erasure::ReceiptState;
use alongside_domain::id::moment_of;
use alongside_store::engine::Reader;
use alongside_store::hosts::{self, Host};
use alongside_store::{audit, deliveries, erasures, error, held_hosts};

/// What waits for a host.
#[derive(Debug, Clone)]
pub struct Backlog {
    /// What is known of it.
    pub host: Host,
    /// Deliveries that wait.
    pub waiting: i64,
    /// Since when the oldest of them has.
    pub waiting_since: Option<Timestamp>,
}

impl Backlog {
    /// How far the host lags behind, in seconds: the age of the oldest delivery that waits.
    pub fn lag_secs(&self, now: Timestamp) -> i64 {
        self.waiting_since.map_or(0, |since| (now.as_secs() - since.as_secs()).max(0))
    }

    /// How it stands with the host, in a word: blocked, unreachable, behind or well.
    pub fn word(&self) -> &'static str {
        match self.host.policy {
            Policy::Block => "blocked",
            Policy::Open | Policy::Allow if self.host.failures > 0 => "unreachable",
            Policy::Open | Policy::Allow if self.waiting > 0 => "behind",
            Policy::Open | Policy::Allow => "well",
        }
    }
}

/// What waits for a host, if it is known.
pub async fn of(app: &App, name: &str) -> Result<Option<Backlog>, error::Error> {
    let mut reader = app.reader();
    let Some(host) = hosts::find(&mut reader, name).await? else { return Ok(None) };
    Ok(with_waiting(&mut reader, vec![host]).await?.pop())
}

/// What waits for the hosts whose names come after this one, by their names.
pub async fn page(app: &App, after: &str, limit: i64) -> Result<Vec<Backlog>, error::Error> {
    let mut reader = app.reader();
    let page = hosts::list(&mut reader, after, limit).await?;
    with_waiting(&mut reader, page).await
}

async fn with_waiting(reader: &mut Reader, page: Vec<Host>) -> Result<Vec<Backlog>, error::Error> {
    let names: Vec<String> = page.iter().map(|host| host.name.clone()).collect();
    let waiting = deliveries::waiting(reader, &names).await?;
    let backlogs = page.into_iter().map(|host| {
        let waits = waiting.iter().find(|waiting| waiting.host == host.name);
        Backlog {
            waiting: waits.map_or(0, |waits| waits.count),
            waiting_since: waits.map(|waits| moment_of(waits.oldest_id.get())),
            host,
        }
    });
    Ok(backlogs.collect())
}

/// Takes back whatever waits to be delivered to a host; how many deliveries that were. Of erasures it is kept that
/// the host was not told.
pub async fn take_back(app: &App, host: &str) -> Result<u64, error::Error> {
    let mut tx = app.store().begin().await?;
    // Whoever delivers to it holds it first as well.
    held_hosts::hold(&mut tx, &[host.to_owned()]).await?;
    erasures::close_host(&mut tx, host, None, ReceiptState::Cancelled, app.now()).await?;
    let dropped = deliveries::drop_all(&mut tx, host, None).await?;
    audit::append(&mut tx, app.ids(), app.now(), None, "host.drop", host, &dropped.to_string()).await?;
    tx.commit().await?;
    Ok(dropped)
}
