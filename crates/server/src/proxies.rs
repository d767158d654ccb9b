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

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::http::HeaderMap;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tower::ServiceExt as _;

    /// What a handler is told of where a request comes from that this peer sent.
    async fn told(peer: &str) -> String {
        let proxies: Arc<[Network]> = ["127.0.0.0/8", "10.0.0.7"].map(|proxy| proxy.parse().unwrap()).into();
        let name = async |headers: HeaderMap| {
            headers.get(NAMES_THE_CLIENT).map(|name| name.to_str().unwrap().to_owned()).unwrap_or_default()
        };
        let routes = Router::new().route("/", get(name)).layer(from_fn_with_state(proxies, believe));
        let peer: SocketAddr = peer.parse().unwrap();
        let request = Request::get("/").header(NAMES_THE_CLIENT, "203.0.113.9").extension(ConnectInfo(peer));
        let answer = routes.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        String::from_utf8(to_bytes(answer.into_body(), 100).await.unwrap().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn only_a_proxy_may_name_the_client() {
        assert_eq!(told("127.0.0.1:4000").await, "203.0.113.9");
        assert_eq!(told("10.0.0.7:4000").await, "203.0.113.9");
        assert_eq!(told("10.0.0.8:4000").await, "");
        assert_eq!(told("198.51.100.7:4000").await, "");
    }
}
