//! Whose word is taken about where a request comes from. Behind a proxy every request comes from the
//! proxy, which names the client in a header; anybody else could write any name there.

use crate::config::network::Network;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use std::net::SocketAddr;
use std::sync::Arc;

const NAMES_THE_CLIENT: &str = "x-forwarded-for";

/// Takes the name away from every request that does not come from one of the proxies.
pub async fn believe(State(proxies): State<Arc<[Network]>>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    if !peer.is_some_and(|peer| proxies.iter().any(|proxy| proxy.contains(peer))) {
        request.headers_mut().remove(NAMES_THE_CLIENT);
    }
    next.run(request).await
}
