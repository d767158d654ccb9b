//! Where a request comes from.

use axum::extract::{ConnectInfo, FromRequestParts};
use http::request::Parts;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The address of whoever asks. It is counted and never written anywhere.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

impl ClientAddress {
    /// The other end of the connection. Where that is a proxy which is believed, whoever serves this
    /// router has put the client in its place; no header is read here.
    pub(crate) fn of(parts: &Parts) -> Self {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Self(peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip().to_canonical()))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    #[test]
    fn nobody_names_themselves() {
        let request = Request::get("/").header("x-forwarded-for", "198.51.100.7");
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        let peer: SocketAddr = "[::ffff:127.0.0.1]:9".parse().unwrap();
        parts.extensions.insert(ConnectInfo(peer));
        assert_eq!(ClientAddress::of(&parts).0.to_string(), "127.0.0.1");
    }
}
