//! Whose word is taken about where a request comes from. Behind a proxy every request comes from the
//! proxy, which names the client in a header; anybody else could write any name there.

use crate::config::network::Network;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

const NAMES_THE_CLIENT: &str = "x-forwarded-for";

/// Puts the client in the place of a proxy that names it. Nothing behind this reads the header.
pub async fn believe(State(proxies): State<Arc<[Network]>>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| *peer);
    if let Some(peer) = peer.filter(|peer| is_proxy(&proxies, peer.ip()))
        && let Some(client) = named(&proxies, request.headers())
    {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(client, peer.port())));
    }
    next.run(request).await
}

/// Each proxy adds the one it heard from at the end, so the last name that is not a proxy's is the
/// first that somebody else could have made up, and the client.
fn named(proxies: &[Network], headers: &HeaderMap) -> Option<IpAddr> {
    let lists = headers.get_all(NAMES_THE_CLIENT).iter().filter_map(|list| list.to_str().ok());
    let names: Vec<&str> = lists.flat_map(|list| list.split(',')).map(str::trim).collect();
    let heard = names.iter().rev().map_while(|name| name.parse().ok());
    let mut furthest = None;
    for address in heard {
        furthest = Some(address);
        if !is_proxy(proxies, address) {
            break;
        }
    }
    furthest
}

fn is_proxy(proxies: &[Network], address: IpAddr) -> bool {
    proxies.iter().any(|proxy| proxy.contains(address))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tower::ServiceExt as _;

    /// Where a handler thinks that a request comes from which this peer sent with these names.
    async fn seen(peer: &str, names: &[&str]) -> String {
        let proxies: Arc<[Network]> =
            ["127.0.0.0/8", "203.0.113.7"].map(|proxy| proxy.parse().unwrap()).into();
        let tell = async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.ip().to_string();
        let routes = Router::new().route("/", get(tell)).layer(from_fn_with_state(proxies, believe));
        let peer: SocketAddr = peer.parse().unwrap();
        let mut request = Request::get("/").extension(ConnectInfo(peer));
        for name in names {
            request = request.header(NAMES_THE_CLIENT, *name);
        }
        let answer = routes.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        String::from_utf8(to_bytes(answer.into_body(), 100).await.unwrap().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn only_a_proxy_may_name_the_client_wherever_it_stands() {
        assert_eq!(seen("127.0.0.1:4000", &["198.51.100.9"]).await, "198.51.100.9");
        assert_eq!(seen("203.0.113.7:4000", &["198.51.100.9"]).await, "198.51.100.9");
        assert_eq!(seen("10.0.0.8:4000", &["198.51.100.9"]).await, "10.0.0.8");
        assert_eq!(seen("198.51.100.7:4000", &["198.51.100.9"]).await, "198.51.100.7");
    }

    #[tokio::test]
    async fn the_last_name_that_is_no_proxy_is_the_client() {
        assert_eq!(seen("127.0.0.1:1", &["192.0.2.1, 198.51.100.9"]).await, "198.51.100.9");
        assert_eq!(seen("127.0.0.1:1", &["192.0.2.1", "198.51.100.9, 203.0.113.7"]).await, "198.51.100.9");
        assert_eq!(seen("127.0.0.1:1", &["192.0.2.1, unknown"]).await, "127.0.0.1");
        assert_eq!(seen("127.0.0.1:1", &[]).await, "127.0.0.1");
    }
}
