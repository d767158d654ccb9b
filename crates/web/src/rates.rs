//! How often one may ask. Counts are kept in memory, for the present stretch of time alone.
//!
//! Each stretch (five minutes, an hour) begins at a round time for everybody, and then all counts
//! are forgotten at once: so memory is bounded by those who ask within one stretch, and by
//! [`KEYS_MAX`] when somebody comes from very many addresses.

use crate::error::Error;
use crate::state::Limits;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::TokenId;
use http::{HeaderMap, HeaderValue};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

/// Who are counted apart in one stretch. Beyond that all counts begin anew: an attack from that many
/// addresses is not stopped here, and it must not fill the memory either.
const KEYS_MAX: usize = 100_000;

/// Another node that follows along reads each post of a community here at its origin.
const VISITS_PER_REQUEST: u32 = 10;
/// A page of posts brings some twenty pictures with it.
const PICTURES_PER_REQUEST: u32 = 20;

const FIVE_MINUTES_SECS: i64 = 300;
const HOUR_SECS: i64 = 3_600;

/// Who is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Asker {
    /// Whoever holds this token.
    Token(TokenId),
    /// Whoever comes from this address.
    Address(IpAddr),
}

/// What has been used of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    limit: u32,
    remaining: u32,
    until: Timestamp,
}

/// The counts of everything that is limited.
#[derive(Debug)]
pub(crate) struct Rates {
    requests: Rate,
    visits: Rate,
    pictures: Rate,
    sign_ins: Rate,
    apps: Rate,
}

/// How often something may be done in a stretch of time, and by whom it was.
#[derive(Debug)]
struct Rate {
    limit: u32,
    stretch_secs: i64,
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    stretch: i64,
    by: HashMap<Asker, u32>,
}

impl Rates {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            requests: Rate::new(limits.token_requests_per_5_min, FIVE_MINUTES_SECS),
            visits: Rate::new(
                limits.token_requests_per_5_min.saturating_mul(VISITS_PER_REQUEST),
                FIVE_MINUTES_SECS,
            ),
            pictures: Rate::new(
                limits.token_requests_per_5_min.saturating_mul(PICTURES_PER_REQUEST),
                FIVE_MINUTES_SECS,
            ),
            sign_ins: Rate::new(limits.address_sign_ins_per_5_min, FIVE_MINUTES_SECS),
            apps: Rate::new(limits.address_apps_per_hour, HOUR_SECS),
        }
    }

    /// Counts a request.
    pub(crate) fn request(&self, asker: Asker, now: Timestamp) -> Result<Standing, Error> {
        self.requests.take(asker, now)
    }

    /// Counts a visit to a page, or of another server that reads.
    pub(crate) fn visit(&self, address: IpAddr, now: Timestamp) -> Result<Standing, Error> {
        self.visits.take(Asker::at(address), now)
    }

    /// Counts a picture that somebody looks at.
    pub(crate) fn picture(&self, address: IpAddr, now: Timestamp) -> Result<Standing, Error> {
        self.pictures.take(Asker::at(address), now)
    }

    /// Counts an attempt to sign in.
    pub(crate) fn sign_in(&self, address: IpAddr, now: Timestamp) -> Result<Standing, Error> {
        self.sign_ins.take(Asker::at(address), now)
    }

    /// Counts the registration of a client application.
    pub(crate) fn registration(&self, address: IpAddr, now: Timestamp) -> Result<Standing, Error> {
        self.apps.take(Asker::at(address), now)
    }
}

impl Asker {
    /// Whoever comes from this address. A home has a whole /64 of IPv6, and is counted as one.
    pub(crate) fn at(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Self::Address(IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0)))
            }
            v4 @ IpAddr::V4(_) => Self::Address(v4),
        }
    }
}

impl Rate {
    fn new(limit: u32, stretch_secs: i64) -> Self {
        Self { limit, stretch_secs, counts: Mutex::default() }
    }

    fn take(&self, asker: Asker, now: Timestamp) -> Result<Standing, Error> {
        let stretch = now.as_secs().div_euclid(self.stretch_secs);
        let until = Timestamp::from_secs((stretch + 1) * self.stretch_secs);
        let taken = self.counts.lock().unwrap_or_else(PoisonError::into_inner).count(asker, stretch);
        match self.limit.checked_sub(taken) {
            Some(remaining) => Ok(Standing { limit: self.limit, remaining, until }),
            None => {
                Err(Error::TooMany { limit: self.limit, until, wait_secs: until.as_secs() - now.as_secs() })
            }
        }
    }
}

impl Counts {
    fn count(&mut self, asker: Asker, stretch: i64) -> u32 {
        if self.stretch != stretch || (self.by.len() >= KEYS_MAX && !self.by.contains_key(&asker)) {
            self.stretch = stretch;
            self.by.clear();
        }
        let taken = self.by.entry(asker).or_default();
        *taken = taken.saturating_add(1);
        *taken
    }
}

impl Standing {
    /// What a client is told when nothing is left.
    pub(crate) const fn exhausted(limit: u32, until: Timestamp) -> Self {
        Self { limit, remaining: 0, until }
    }

    /// Tells the client.
    pub(crate) fn add_headers(self, headers: &mut HeaderMap) {
        headers.insert("x-ratelimit-limit", HeaderValue::from(self.limit));
        headers.insert("x-ratelimit-remaining", HeaderValue::from(self.remaining));
        if let Ok(until) = HeaderValue::try_from(self.until.to_string()) {
            headers.insert("x-ratelimit-reset", until);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_secs(1_700_000_100);

    fn rates() -> Rates {
        let limits = Limits {
            token_requests_per_5_min: 2,
            address_sign_ins_per_5_min: 1,
            address_apps_per_hour: 1,
            streams: 0,
            streams_per_member: 0,
        };
        Rates::new(&limits)
    }

    #[test]
    fn each_has_a_budget_that_comes_back() {
        let rates = rates();
        let (sam, kim) = (Asker::Token(TokenId::new(1)), Asker::Token(TokenId::new(2)));
        assert_eq!(rates.request(sam, NOON).unwrap().remaining, 1);
        assert_eq!(rates.request(sam, NOON).unwrap().remaining, 0);
        let Err(Error::TooMany { until, wait_secs, .. }) = rates.request(sam, NOON) else { panic!("taken") };
        assert_eq!(until, NOON.plus_secs(wait_secs));
        assert!(rates.request(kim, NOON).is_ok());
        assert_eq!(rates.request(sam, until).unwrap().remaining, 1);
    }

    #[test]
    fn neighbours_in_one_network_are_one() {
        let rates = rates();
        assert!(rates.sign_in("2001:db8::1".parse().unwrap(), NOON).is_ok());
        assert!(rates.sign_in("2001:db8::2".parse().unwrap(), NOON).is_err());
        assert!(rates.sign_in("192.0.2.1".parse().unwrap(), NOON).is_ok());
        assert!(rates.sign_in("::ffff:192.0.2.1".parse().unwrap(), NOON).is_err());
    }

    #[test]
    fn memory_is_bounded() {
        let mut counts = Counts::default();
        for number in 0..=i64::try_from(KEYS_MAX).unwrap() {
            counts.count(Asker::Token(TokenId::new(number)), 0);
        }
        assert_eq!(counts.by.len(), 1);
    }
}
