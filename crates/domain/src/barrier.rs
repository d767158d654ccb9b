//! From where nobody signs up: networks, the hosts of e-mail addresses, and single addresses.

use crate::account::Email;
use crate::fold;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

crate::words! {
    /// What is kept from whoever comes from a network, by the words of the Mastodon API.
    pub enum Severity {
        /// Whoever signs up waits to be let in.
        Waits = "sign_up_requires_approval",
        /// Nobody signs up.
        NoSignUp = "sign_up_block",
        /// Nothing is answered, but for urgent help.
        NoAccess = "no_access",
    }
}

/// How somebody comes in who signs up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entrance {
    /// Not at all.
    Barred,
    /// When somebody has looked at them.
    Watched,
    /// As everybody does.
    Free,
}

/// A network: the addresses that begin with the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network {
    first: IpAddr,
    bits: u8,
}

/// The text names no network, or one so large that it is half of the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "that is not an address or a network such as 192.0.2.0/24, or it is wider than /{V4_BITS_MIN} or /{V6_BITS_MIN}"
)]
pub struct NoNetwork;

/// The widest network of IPv4 that can be kept out.
pub const V4_BITS_MIN: u8 = 8;
/// The widest network of IPv6 that can be kept out.
pub const V6_BITS_MIN: u8 = 16;

impl Network {
    /// Whether an address lies in it.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.first, address.to_canonical()) {
            (IpAddr::V4(first), IpAddr::V4(address)) => first == first_v4(address, self.bits),
            (IpAddr::V6(first), IpAddr::V6(address)) => first == first_v6(address, self.bits),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

fn first_v4(address: Ipv4Addr, bits: u8) -> Ipv4Addr {
    let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
    Ipv4Addr::from_bits(address.to_bits() & mask)
}

fn first_v6(address: Ipv6Addr, bits: u8) -> Ipv6Addr {
    let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
    Ipv6Addr::from_bits(address.to_bits() & mask)
}

impl FromStr for Network {
    type Err = NoNetwork;

    fn from_str(text: &str) -> Result<Self, NoNetwork> {
        let text = text.trim();
        let (address, bits) = text.split_once('/').map_or((text, None), |(a, b)| (a, Some(b)));
        let address: IpAddr = address.parse::<IpAddr>().map_err(|_| NoNetwork)?;
        let (least, most) = if address.is_ipv4() { (V4_BITS_MIN, 32) } else { (V6_BITS_MIN, 128) };
        let bits = bits.map_or(Ok(most), str::parse).map_err(|_| NoNetwork)?;
        if !(least..=most).contains(&bits) {
            return Err(NoNetwork);
        }
        let first = match address {
            IpAddr::V4(address) => IpAddr::V4(first_v4(address, bits)),
            IpAddr::V6(address) => IpAddr::V6(first_v6(address, bits)),
        };
        Ok(Self { first, bits })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.first, self.bits)
    }
}

/// The spelling of an address that all its other spellings lead to, as Mastodon has it: without dots in the name,
/// and without what follows a plus sign.
pub fn canonical(email: &Email) -> String {
    let (name, host) = email.as_str().split_once('@').unwrap_or_default();
    let name = name.replace('.', "");
    let name = name.split('+').next().unwrap_or_default();
    format!("{name}@{host}")
}

/// The host that an address is at.
pub fn host(email: &Email) -> &str {
    email.as_str().split_once('@').map_or("", |(_, host)| host)
}

/// A host that addresses are at, as it is compared; none if the text is no such name.
pub fn mail_host(text: &str) -> Option<String> {
    let name = fold::name_of_host(text.trim().trim_start_matches('@'))?;
    (name.contains('.') && !name.contains(':')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_the_addresses_that_begin_alike() {
        let network: Network = "192.0.2.77/24".parse().unwrap();
        assert_eq!(network.to_string(), "192.0.2.0/24");
        assert!(network.contains("192.0.2.9".parse().unwrap()));
        assert!(
            network.contains("::ffff:192.0.2.9".parse().unwrap()),
            "the same address in another spelling"
        );
        assert!(!network.contains("192.0.3.9".parse().unwrap()));
        assert!(!network.contains("2001:db8::1".parse().unwrap()));
        let network: Network = "2001:db8::/48".parse().unwrap();
        assert!(network.contains("2001:db8:0:7::1".parse().unwrap()));
        assert!(!network.contains("2001:db8:1::1".parse().unwrap()));
        assert_eq!("198.51.100.7".parse::<Network>().unwrap().to_string(), "198.51.100.7/32");
    }

    #[test]
    fn no_network_is_half_of_the_world() {
        for wrong in [
            "",
            "x",
            "0.0.0.0/0",
            "10.0.0.0/7",
            "::/0",
            "1.2.3.4/33",
            "2001:db8::/129",
            "1.2.3/24",
            "1.2.3.4/-1",
        ] {
            assert_eq!(wrong.parse::<Network>(), Err(NoNetwork), "{wrong:?}");
        }
    }

    #[test]
    fn an_address_is_one_in_all_its_spellings() {
        for spelling in
            ["sam.owl+x@example.org", "SamOwl@Example.org", "s.a.m.o.w.l@example.org", "samowl+@example.org"]
        {
            assert_eq!(canonical(&Email::parse(spelling).unwrap()), "samowl@example.org", "{spelling}");
        }
        assert_ne!(canonical(&Email::parse("sam@a.example.org").unwrap()), "sam@aexample.org");
    }

    #[test]
    fn a_host_of_addresses_is_a_name() {
        assert_eq!(mail_host(" @Mail.Example "), Some("mail.example".to_owned()));
        for wrong in ["", "com", "a b.example", "mail.example:25", "sam@mail.example", "-"] {
            assert_eq!(mail_host(wrong), None, "{wrong:?}");
        }
    }
}
