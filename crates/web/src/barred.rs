//! The networks that are kept out, remembered for a moment: they are asked for with every request and change seldom.
//!
//! They are read anew as soon as this server changes them, or another on the same database tells that it did.

use crate::address::ClientAddress;
use crate::error::Error;
use crate::state::Web;
use alongside_app::barriers;
use alongside_domain::clock::Timestamp;
use alongside_store::barriers::Kept;
use alongside_store::error;
use alongside_store::touched::{Changes, Topic};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

/// How long another server's decision may go unnoticed where its word is lost.
const MILLIS_MAX: i64 = 5_000;
/// What stays open to whoever is kept out: help when it is urgent. Pictures and the style of pages are not kept from anybody.
const ALWAYS: &str = "/urgent-help";

/// The networks, as they were last read.
#[derive(Debug, Default)]
pub(crate) struct Barred(RwLock<Option<Read>>);

#[derive(Debug, Clone)]
struct Read {
    at: Timestamp,
    /// The commits after which they were read.
    commits: u64,
    networks: Arc<Vec<Kept>>,
}

impl Barred {
    /// The networks that are kept out. As long as nothing changes, these are the very same for a while.
    pub(crate) async fn networks(&self, web: &Web) -> Result<Arc<Vec<Kept>>, error::Error> {
        let (at, changes) = (web.app().now(), web.app().store().changes());
        let commits = changes.now();
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(read) = known.filter(|read| read.still_holds(changes, at)) {
            return Ok(read.networks);
        }
        let networks = Arc::new(barriers::out_of_reach(web.app()).await?);
        let read = Read { at, commits, networks: Arc::clone(&networks) };
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(read);
        Ok(networks)
    }

    /// Refuses whoever comes from a network that is kept out.
    pub(crate) async fn check(&self, web: &Web, from: IpAddr) -> Result<(), Error> {
        if barriers::keeps_out(&self.networks(web).await?, from, web.app().now()) {
            return Err(Error::Forbidden("This server does not answer to where you are".to_owned()));
        }
        Ok(())
    }
}

impl Read {
    fn still_holds(&self, changes: &Changes, now: Timestamp) -> bool {
        let is_recent = now >= self.at && now < self.at.plus_millis(MILLIS_MAX);
        is_recent && changes.is_untold_since(self.commits, Topic::Networks)
    }
}

/// Answers nothing to whoever comes from a network that is kept out. What other servers send and ask for is decided
/// by their names, and not here.
pub(crate) async fn keep_out(
    State(web): State<Web>,
    ClientAddress(from): ClientAddress,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    if path.starts_with(ALWAYS) {
        return next.run(request).await;
    }
    match web.barred().check(&web, from).await {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mastodon::testing::Door;
    use alongside_app::barriers::{Wish, block_network};
    use alongside_domain::account::Role;
    use alongside_domain::barrier::Severity;
    use alongside_testkit::engines;
    use std::time::Duration;

    const ONE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const OTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(198, 51, 100, 1));
    /// Only a failure waits so long.
    const PATIENCE: Duration = Duration::from_secs(20);

    #[tokio::test]
    async fn what_another_server_decides_holds_here_as_soon_as_it_is_told() {
        engines::two_on_one_postgres(|[here, there]| async move {
            let listening = here.clone();
            let listening = tokio::spawn(async move { listening.listen().await });
            let (here, there) = (Door::new(here), Door::new(there));
            let root = there.node.member_as("root", Role::Admin).await;
            here.web.barred().check(&here.web, ONE).await.unwrap();
            let wish = Wish {
                network: Some("192.0.2.0/24".to_owned()),
                severity: Some(Severity::NoAccess),
                ..Wish::default()
            };
            block_network(&there.node.app, root, OTHER, wish).await.unwrap();
            // The clock stands still, so only what is told can make it so.
            let told = async {
                let mut again = tokio::time::interval(Duration::from_millis(10));
                while here.web.barred().check(&here.web, ONE).await.is_ok() {
                    again.tick().await;
                }
            };
            tokio::time::timeout(PATIENCE, told).await.expect("it is told");
            here.web.barred().check(&here.web, OTHER).await.unwrap();
            listening.abort();
        })
        .await;
    }
}
