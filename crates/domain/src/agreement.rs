//! With whom a node talks: with everybody, with those it has an agreement with, or with nobody.
//!
//! What is decided here holds in every direction: for what arrives, what is asked for, and what is sent.

use crate::word::UnknownWord;
use std::fmt;
use std::str::FromStr;

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

crate::words! {
    /// What holds for a host that is talked with. All but the last take something away.
    pub enum Limit {
        /// Its posts show only to those who follow their author, and its strangers notify nobody.
        Silence = "silence",
        /// Nothing is shown of its pictures, films and sounds.
        NoMedia = "no-media",
        /// What it reports is not taken.
        NoReports = "no-reports",
        /// What is for the members of a community may go there. It counts for a host in the agreement alone.
        Members = "members",
    }
}

/// The limits of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits(u8);

/// What holds for a host, all in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Whether it is talked with.
    pub policy: Policy,
    /// Within which limits.
    pub limits: Limits,
}

/// What was decided under one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The name.
    pub name: String,
    /// By whom.
    pub by: By,
    /// What.
    pub policy: Policy,
    /// Within which limits.
    pub limits: Limits,
}

/// Who decided something about a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The operator of this node.
    Operator,
    /// A list that the operator follows.
    List,
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

impl Limits {
    /// Those named.
    pub fn of(limits: &[Limit]) -> Self {
        Self(limits.iter().fold(0, |set, limit| set | bit(*limit)))
    }

    /// Whether one is among them.
    pub const fn has(self, limit: Limit) -> bool {
        self.0 & bit(limit) != 0
    }

    /// These and those.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Those that take something away.
    #[must_use]
    pub const fn narrowing(self) -> Self {
        Self(self.0 & !bit(Limit::Members))
    }
}

const fn bit(limit: Limit) -> u8 {
    match limit {
        Limit::Silence => 1,
        Limit::NoMedia => 2,
        Limit::NoReports => 4,
        Limit::Members => 8,
    }
}

impl fmt::Display for Limits {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named: Vec<&str> =
            Limit::ALL.iter().filter(|limit| self.has(**limit)).map(|limit| limit.as_str()).collect();
        out.write_str(&named.join(" "))
    }
}

impl FromStr for Limits {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let limits: Vec<Limit> = text.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
        Ok(Self::of(&limits))
    }
}

impl Standing {
    /// What holds for a host, after all that was decided about it and the names it lies below. A host that is
    /// allowed is out of reach of any list, and of what was decided about the names above it.
    pub fn of(host: &str, decisions: &[Decision]) -> Self {
        let is_own = |decision: &&Decision| decision.by == By::Operator && decision.name == host;
        let own = decisions.iter().find(is_own);
        let mut standing = own.map_or(Self { policy: Policy::Open, limits: Limits::default() }, |own| Self {
            policy: own.policy,
            limits: own.limits,
        });
        if standing.policy == Policy::Allow {
            return standing;
        }
        for other in decisions.iter().filter(|decision| !is_own(decision)) {
            if other.policy == Policy::Block {
                standing.policy = Policy::Block;
            }
            standing.limits = standing.limits.and(other.limits.narrowing());
        }
        standing
    }

    /// Whether what is for the members of a community may go there.
    pub fn takes_members_only(self) -> bool {
        self.policy == Policy::Allow && self.limits.has(Limit::Members)
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

/// A name as it is shown to those who are not to find the host by it: its beginning, its end and its dots.
pub fn in_part(name: &str) -> String {
    let length = name.chars().count();
    let shown = length / 4;
    let hides = |place: usize, c: char| place > shown && place < length - shown && c != '.';
    name.chars().enumerate().map(|(place, c)| if hides(place, c) { '*' } else { c }).collect()
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

    fn decided(name: &str, by: By, policy: Policy, limits: &[Limit]) -> Decision {
        Decision { name: name.to_owned(), by, policy, limits: Limits::of(limits) }
    }

    #[test]
    fn a_list_takes_away_and_never_touches_a_host_that_is_allowed() {
        let list = decided("b.example", By::List, Policy::Block, &[Limit::NoMedia, Limit::Members]);
        let standing = Standing::of("a.b.example", std::slice::from_ref(&list));
        assert_eq!((standing.policy, standing.limits), (Policy::Block, Limits::of(&[Limit::NoMedia])));
        let allowed = decided("b.example", By::Operator, Policy::Allow, &[Limit::Members]);
        let standing = Standing::of("b.example", &[list.clone(), allowed.clone()]);
        assert_eq!((standing.policy, standing.limits), (Policy::Allow, Limits::of(&[Limit::Members])));
        assert!(standing.takes_members_only());
        let below = Standing::of("a.b.example", &[list, allowed]);
        assert_eq!(below.policy, Policy::Block, "it is another host");
        assert!(!below.takes_members_only());
    }

    #[test]
    fn limits_are_kept_as_their_words() {
        let limits = Limits::of(&[Limit::Members, Limit::Silence]);
        assert_eq!(limits.to_string(), "silence members");
        assert_eq!("members  silence".parse::<Limits>(), Ok(limits));
        assert_eq!("".parse::<Limits>(), Ok(Limits::default()));
        assert!("silence louder".parse::<Limits>().is_err());
    }

    #[test]
    fn a_name_shown_in_part_keeps_its_ends_and_its_dots() {
        assert_eq!(in_part("spam.example.com"), "spam.*******.com");
        assert_eq!(in_part(""), "");
    }

    #[test]
    fn what_is_for_members_goes_only_to_a_host_in_the_agreement() {
        for policy in Policy::ALL {
            let standing = Standing { policy: *policy, limits: Limits::of(&[Limit::Members]) };
            assert_eq!(standing.takes_members_only(), *policy == Policy::Allow, "{policy}");
        }
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
