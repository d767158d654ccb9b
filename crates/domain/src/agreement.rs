//! With whom a node talks: with everybody, with those it has an agreement with, or with nobody.
//!
//! What is decided here holds in every direction: for what arrives, what is asked for, and what is sent.

crate::words! {
    /// With whom a node talks.
    pub enum Mode {
        /// With everybody who is not blocked.
        Open = "open",
        /// With those its operator allows.
        Agreement = "agreement",
        /// With nobody.
        Off = "off",
    }
}

crate::words! {
    /// What an operator has decided about a host.
    pub enum Policy {
        /// Nothing.
        Open = "open",
        /// It is in the agreement.
        Allow = "allow",
        /// It is refused.
        Block = "block",
    }
}

/// On what terms a node talks with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// With whom.
    pub mode: Mode,
    /// Whoever reads documents here has to say who they are.
    pub signed_fetch: bool,
}

/// Why a node does not talk with a host. Said to the host, and to a member who looks for somebody there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Silence {
    /// It talks with nobody.
    #[error("this server does not talk with other servers")]
    Off,
    /// It talks with those it has an agreement with.
    #[error("this server talks only with servers it has an agreement with, and has none with that one")]
    NotAgreed,
    /// It was decided not to.
    #[error("that server is blocked on this one")]
    Blocked,
}

impl Default for Terms {
    fn default() -> Self {
        Self { mode: Mode::Open, signed_fetch: false }
    }
}

impl Mode {
    /// Whether documents are shown to signed requests only, where the operator does not say. Whoever does
    /// not say who they are might be anybody, in an agreement or not.
    pub const fn signs_by_default(self) -> bool {
        match self {
            Self::Agreement => true,
            Self::Open | Self::Off => false,
        }
    }

    /// Whether a node talks with a host about which this was decided.
    pub const fn talks(self, policy: Policy) -> Result<(), Silence> {
        match (self, policy) {
            (Self::Off, _) => Err(Silence::Off),
            (_, Policy::Block) => Err(Silence::Blocked),
            (Self::Agreement, Policy::Open) => Err(Silence::NotAgreed),
            (Self::Open | Self::Agreement, Policy::Allow) | (Self::Open, Policy::Open) => Ok(()),
        }
    }
}

/// The names under which something may be decided about a host: its own, and those it lies below, the
/// nearest first. A block covers what lies below it, because names below one's own cost nothing.
pub fn names(host: &str) -> [&str; NAMES_MAX] {
    let mut out = [""; NAMES_MAX];
    out[0] = host;
    if host.parse::<std::net::SocketAddr>().is_ok() || host.parse::<std::net::IpAddr>().is_ok() {
        return out;
    }
    let bare = host.rsplit_once(':').map_or(host, |(bare, _)| bare);
    // A host with a port lies below its own name, and of a name with very many parts the last ones count.
    let above = std::iter::successors(Some(bare), |name| name.split_once('.').map(|(_, above)| above));
    let above: Vec<&str> = above.filter(|name| *name != host).collect();
    let skipped = above.len().saturating_sub(NAMES_MAX - 1);
    for (place, name) in out[1..].iter_mut().zip(&above[skipped..]) {
        *place = name;
    }
    out
}

/// Names looked at to decide about one host.
pub const NAMES_MAX: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(mode: Mode) -> Vec<Policy> {
        Policy::ALL.iter().copied().filter(|policy| mode.talks(*policy).is_ok()).collect()
    }

    #[test]
    fn an_agreement_is_a_list_of_those_who_are_let_in() {
        assert_eq!(allowed(Mode::Open), [Policy::Open, Policy::Allow]);
        assert_eq!(allowed(Mode::Agreement), [Policy::Allow]);
        assert_eq!(allowed(Mode::Off), []);
        assert_eq!(Mode::Agreement.talks(Policy::Block), Err(Silence::Blocked));
    }

    #[test]
    fn only_an_agreement_asks_readers_who_they_are() {
        assert!(Mode::Agreement.signs_by_default());
        assert!(!Mode::Open.signs_by_default());
    }

    #[test]
    fn a_host_lies_below_the_names_that_end_its_own() {
        assert_eq!(names("a.b.example"), ["a.b.example", "b.example", "example", "", "", ""]);
        assert_eq!(names("b.example:8443"), ["b.example:8443", "b.example", "example", "", "", ""]);
        assert_eq!(names("127.0.0.1:7101"), ["127.0.0.1:7101", "", "", "", "", ""]);
        assert_eq!(names("[::1]:7101"), ["[::1]:7101", "", "", "", "", ""]);
        let long = names("1.2.3.4.5.6.7.8.spam.example");
        assert_eq!(
            (long[0], long[1], long[5]),
            ("1.2.3.4.5.6.7.8.spam.example", "6.7.8.spam.example", "example")
        );
    }
}
