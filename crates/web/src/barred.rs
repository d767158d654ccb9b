//! The networks that are kept out, remembered for a moment: they are asked for with every request and change seldom.

use crate::address::ClientAddress;
use crate::error::Error;
use crate::state::Web;
use alongside_app::barriers;
use alongside_domain::barrier::Severity;
use alongside_domain::clock::Timestamp;
use alongside_store::barriers::Kept;
use alongside_store::error;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

/// How long another process's decision may go unnoticed.
const MILLIS_MAX: i64 = 5_000;
/// What stays open to whoever is kept out: help when it is urgent, with what the page needs.
const ALWAYS: [&str; 2] = ["/urgent-help", "/static/"];

/// The networks, as they were last read.
#[derive(Debug, Default)]
pub(crate) struct Barred(RwLock<Option<Read>>);

#[derive(Debug, Clone)]
struct Read {
    at: Timestamp,
    networks: Arc<Vec<Kept>>,
}

impl Barred {
    /// Reads them anew with the next request, because this process has changed them.
    pub(crate) fn forget(&self) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    async fn keeps_out(&self, web: &Web, from: IpAddr) -> Result<bool, error::Error> {
        let now = web.app().now();
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        let known = known.filter(|read| now >= read.at && now < read.at.plus_millis(MILLIS_MAX));
        let networks = if let Some(read) = known {
            read.networks
        } else {
            let networks = Arc::new(barriers::out_of_reach(web.app()).await?);
            let read = Read { at: now, networks: Arc::clone(&networks) };
            *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(read);
            networks
        };
        Ok(barriers::severity(&networks, from, now) == Some(Severity::NoAccess))
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
    if ALWAYS.iter().any(|open| path.starts_with(open)) {
        return next.run(request).await;
    }
    match web.barred().keeps_out(&web, from).await {
        Ok(false) => next.run(request).await,
        Ok(true) => {
            Error::Forbidden("This server does not answer to where you are".to_owned()).into_response()
        }
        Err(error) => Error::from(error).into_response(),
    }
}
