//! Where a request comes from.

use axum::extract::{ConnectInfo, FromRequestParts};
use http::request::Parts;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The address of whoever asks. It is counted and never written anywhere.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

impl ClientAddress {
    /// A proxy on this machine or its private network names the client it speaks for; the last name
    /// in the list is the one it wrote itself. Anybody else's word is not taken.
    pub(crate) fn of(parts: &Parts) -> Self {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer =
            peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip().to_canonical());
        let named = parts.headers.get_all("x-forwarded-for").iter().next_back();
        let named = named.and_then(|names| names.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
        Self(named.filter(|_| is_private(peer)).unwrap_or(peer))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

const fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    fn seen(peer: &str, forwarded: &[&str]) -> IpAddr {
        let mut request = Request::get("/");
        for names in forwarded {
            request = request.header("x-forwarded-for", *names);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        let peer: IpAddr = peer.parse().unwrap();
        parts.extensions.insert(ConnectInfo(SocketAddr::from((peer, 9))));
        ClientAddress::of(&parts).0
    }

    #[test]
    fn only_a_near_proxy_is_believed_and_only_its_own_word() {
        assert_eq!(seen("127.0.0.1", &["203.0.113.9, 198.51.100.7"]).to_string(), "198.51.100.7");
        assert_eq!(seen("10.0.0.2", &["203.0.113.9", "198.51.100.7"]).to_string(), "198.51.100.7");
        assert_eq!(seen("203.0.113.1", &["198.51.100.7"]).to_string(), "203.0.113.1");
        assert_eq!(seen("127.0.0.1", &["unknown"]).to_string(), "127.0.0.1");
        assert_eq!(seen("::1", &[]).to_string(), "::1");
    }
}
