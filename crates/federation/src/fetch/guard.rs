//! Where we may connect to: public names over https, and the loopback addresses an
//! operator has named. The resolver that checks a name's addresses is the one the
//! connection is made with, so a name cannot change its mind between check and use.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use alongside_domain::agreement::Silence;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::fetch::error::SetupError;

/// Bytes of a URL we are willing to request.
pub const URL_BYTES_MAX: usize = 2048;

/// Why we will not contact a URL, or not read what it sends.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Neither https, nor http to a named loopback address.
    #[error("scheme is not allowed for this host")]
    Scheme,
    /// No host, an address we were not told to trust, or a name in an unusual spelling.
    #[error("host is not allowed")]
    Host,
    /// The URL carries a user name or password.
    #[error("credentials in URL")]
    Credentials,
    /// The URL is longer than [`URL_BYTES_MAX`].
    #[error("URL is too long")]
    UrlTooLong,
    /// The name has no public address.
    #[error("{host} has no public address")]
    PrivateAddress {
        /// The name that was looked up.
        host: String,
    },
    /// A redirect without a usable target.
    #[error("redirect target is not a URL")]
    RedirectTarget,
    /// A redirect from https to http.
    #[error("redirect from https to http")]
    Downgrade,
    /// This node does not talk with that host.
    #[error(transparent)]
    Silent(#[from] Silence),
    /// More redirects than we follow.
    #[error("too many redirects")]
    TooManyRedirects,
    /// The body is larger than we read.
    #[error("body is too large")]
    TooLarge,
}

/// Decides about URLs before anything is looked up.
#[derive(Debug, Clone)]
pub struct Guard {
    insecure: Arc<[SocketAddr]>,
}

impl Guard {
    /// Takes `address:port` pairs; anything but a loopback address with a port is an error.
    pub fn new(insecure_hosts: &[String]) -> Result<Self, SetupError> {
        let parse = |given: &String| match given.parse::<SocketAddr>() {
            Ok(address) if address.ip().is_loopback() && address.port() != 0 => Ok(address),
            _ => Err(SetupError::InsecureHost(given.clone())),
        };
        Ok(Self { insecure: insecure_hosts.iter().map(parse).collect::<Result<_, _>>()? })
    }

    /// Refuses every URL we must not contact, whatever its name may resolve to.
    pub fn allows(&self, url: &Url) -> Result<(), Refusal> {
        if url.as_str().len() > URL_BYTES_MAX {
            return Err(Refusal::UrlTooLong);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Credentials);
        }
        if !matches!(url.scheme(), "https" | "http") {
            return Err(Refusal::Scheme);
        }
        match url.host().ok_or(Refusal::Host)? {
            Host::Domain(_) if url.scheme() != "https" => Err(Refusal::Scheme),
            // `example.com.` is `example.com` to DNS but not to a block list.
            Host::Domain(name) if name.ends_with('.') => Err(Refusal::Host),
            Host::Domain(_) => Ok(()),
            Host::Ipv4(ip) => self.allows_address(IpAddr::V4(ip), url),
            Host::Ipv6(ip) => self.allows_address(IpAddr::V6(ip), url),
        }
    }

    fn allows_address(&self, ip: IpAddr, url: &Url) -> Result<(), Refusal> {
        let port = url.port_or_known_default().ok_or(Refusal::Host)?;
        if self.insecure.contains(&SocketAddr::new(ip, port)) { Ok(()) } else { Err(Refusal::Host) }
    }
}

/// The URL a redirect leads to; whether it may be contacted is for [`Guard::allows`].
pub(super) fn next_hop(from: &Url, location: &str) -> Result<Url, Refusal> {
    let mut next = from.join(location).map_err(|_| Refusal::RedirectTarget)?;
    if from.scheme() == "https" && next.scheme() == "http" {
        return Err(Refusal::Downgrade);
    }
    next.set_fragment(None);
    Ok(next)
}

/// Looks names up and keeps only their public addresses.
pub(super) struct PublicResolver;

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(Refusal::PrivateAddress { host: name.as_str().to_owned() }.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Networks of IPv4 that are not the public internet, each with the bits that name it.
const SPECIAL_V4: [(Ipv4Addr, u32); 15] = [
    (Ipv4Addr::UNSPECIFIED, 8), // This network: reaches loopback on Linux.
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10), // Carrier-grade NAT.
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16), // Link-local, where clouds keep their secrets.
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),   // Protocol assignments.
    (Ipv4Addr::new(192, 0, 2, 0), 24),   // Documentation.
    (Ipv4Addr::new(192, 88, 99, 0), 24), // 6to4 relays.
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),   // Benchmarking.
    (Ipv4Addr::new(198, 51, 100, 0), 24), // Documentation.
    (Ipv4Addr::new(203, 0, 113, 0), 24),  // Documentation.
    (Ipv4Addr::new(224, 0, 0, 0), 4),     // Multicast.
    (Ipv4Addr::new(240, 0, 0, 0), 4),     // Reserved, and broadcast.
];

/// The one network of IPv6 that is handed out. It leaves out loopback, unique local and link-local
/// addresses, multicast, NAT64 and everything that wraps or maps an IPv4 address at the low end.
const HANDED_OUT_V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// Parts of it that are not the public internet all the same.
const SPECIAL_V6: [(Ipv6Addr, u32); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23), // Protocol assignments, Teredo among them.
    (Ipv6Addr::new(0x2001, 0x0db8, 0, 0, 0, 0, 0, 0), 32), // Documentation.
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16), // 6to4, which wraps an IPv4 address.
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20), // Documentation.
];

/// Whether an address is one of the public internet.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let within =
                |(network, bits): (Ipv4Addr, u32)| (ip.to_bits() ^ network.to_bits()) >> (32 - bits) == 0;
            !SPECIAL_V4.into_iter().any(within)
        }
        IpAddr::V6(ip) => {
            let within =
                |(network, bits): (Ipv6Addr, u32)| (ip.to_bits() ^ network.to_bits()) >> (128 - bits) == 0;
            within(HANDED_OUT_V6) && !SPECIAL_V6.into_iter().any(within)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str) -> Result<(), Refusal> {
        let guard = Guard::new(&["127.0.0.1:7102".to_owned(), "[::1]:7103".to_owned()]).unwrap();
        guard.allows(&Url::parse(url).unwrap())
    }

    #[test]
    fn names_over_https_are_allowed() {
        assert_eq!(check("https://example.com/users/a"), Ok(()));
        assert_eq!(check("https://example.com:8443/users/a"), Ok(()));
        assert_eq!(check("https://xn--mller-kva.example/"), Ok(()));
    }

    #[test]
    fn only_named_addresses_are_allowed_and_only_with_their_port() {
        assert_eq!(check("http://127.0.0.1:7102/users/a"), Ok(()));
        assert_eq!(check("https://127.0.0.1:7102/users/a"), Ok(()));
        assert_eq!(check("http://[::1]:7103/"), Ok(()));
        for url in [
            "http://127.0.0.1/",
            "http://127.0.0.1:7103/",
            "http://127.0.0.2:7102/",
            "https://8.8.8.8/",
            "https://[2606:4700::1111]/",
            "http://[::ffff:127.0.0.1]:7102/",
            "https://0x7f000001/",
            "https://2130706433/",
            "https://example.com./",
        ] {
            assert_eq!(check(url), Err(Refusal::Host), "{url}");
        }
    }

    #[test]
    fn other_schemes_and_credentials_are_refused() {
        for url in [
            "http://example.com/",
            "http://localhost:7102/",
            "ftp://example.com/",
            "file:///etc/hosts",
            "data:,x",
        ] {
            assert_eq!(check(url), Err(Refusal::Scheme), "{url}");
        }
        assert_eq!(check("https://user@example.com/"), Err(Refusal::Credentials));
        assert_eq!(check("https://:word@example.com/"), Err(Refusal::Credentials));
        assert_eq!(
            check(&format!("https://example.com/{}", "a".repeat(URL_BYTES_MAX))),
            Err(Refusal::UrlTooLong)
        );
    }

    #[test]
    fn an_insecure_host_must_be_a_loopback_address_with_a_port() {
        for given in ["127.0.0.1", "localhost:7102", "10.0.0.1:80", "8.8.8.8:80", "127.0.0.1:0", "", "*"] {
            assert!(Guard::new(&[given.to_owned()]).is_err(), "{given}");
        }
    }

    #[test]
    fn cve_2026_22245_addresses_that_are_not_public() {
        for ip in [
            "127.0.0.1",
            "127.9.9.9",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "0.0.0.0",
            "0.1.2.3",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
        ] {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn addresses_that_are_public() {
        for ip in
            ["1.1.1.1", "100.63.0.1", "100.128.0.1", "172.32.0.1", "198.20.0.1", "2606:4700::1111", "2a01::1"]
        {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn a_redirect_never_leaves_https() {
        let from = Url::parse("https://example.com/a/b").unwrap();
        assert_eq!(next_hop(&from, "http://127.0.0.1:7102/"), Err(Refusal::Downgrade));
        assert_eq!(next_hop(&from, "c#part").unwrap().as_str(), "https://example.com/a/c");
        assert_eq!(next_hop(&from, "https://["), Err(Refusal::RedirectTarget));
    }

    #[tokio::test]
    async fn a_name_of_this_machine_is_not_resolved() {
        let Err(error) = PublicResolver.resolve("localhost".parse().unwrap()).await else {
            panic!("localhost was resolved");
        };
        assert_eq!(error.downcast_ref(), Some(&Refusal::PrivateAddress { host: "localhost".to_owned() }));
    }
}
