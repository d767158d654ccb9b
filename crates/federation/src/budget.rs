//! How often one host may make us send requests: a stranger's signature costs us a look at its key.

use alongside_domain::clock::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Names remembered at once. Past that, those of earlier minutes are forgotten; where that makes no room, nobody new
/// has anything to spend.
const HOSTS_MAX: usize = 10_000;

/// How many times what one host has is there for all the names below one domain together: whoever owns it
/// can make as many names as they like.
const NAMES_SHARE: u32 = 20;

/// Counts what each host has spent in the current minute, or in another span of time.
#[derive(Debug)]
pub struct Budget {
    each: u32,
    span_secs: i64,
    spent: Mutex<HashMap<String, (i64, u32)>>,
}

impl Budget {
    /// So many a minute for each name.
    pub fn new(each: u32) -> Self {
        Self { each, span_secs: 60, spent: Mutex::default() }
    }

    /// Once in so many seconds for each name.
    pub fn once_in(span_secs: i64) -> Self {
        Self { each: 1, span_secs, spent: Mutex::default() }
    }

    /// Spends one, if there is one left to the host and to each domain it lies in.
    pub fn spend(&self, host: &str, now: Timestamp) -> bool {
        let shared = self.each.saturating_mul(NAMES_SHARE);
        self.spend_of(host, self.each, now) && domains(host).all(|domain| self.spend_of(domain, shared, now))
    }

    /// Spends one of a budget of another size, kept under this name.
    pub fn spend_of(&self, name: &str, each: u32, now: Timestamp) -> bool {
        let span = now.as_secs() / self.span_secs;
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if spent.len() >= HOSTS_MAX && !spent.contains_key(name) {
            spent.retain(|_, (at, _)| *at == span);
            if spent.len() >= HOSTS_MAX {
                return false;
            }
        }
        let (at, count) = spent.entry(name.to_owned()).or_insert((span, 0));
        if *at != span {
            (*at, *count) = (span, 0);
        }
        *count += 1;
        *count <= each
    }
}

/// The domains a host lies in, with a dot before them and two labels at least: of `a.b.example`, `.b.example`.
fn domains(host: &str) -> impl Iterator<Item = &str> {
    let name = host.rsplit_once(':').map_or(host, |(name, _port)| name);
    let is_address = name.starts_with('[') || name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let name = if is_address { "" } else { name };
    name.match_indices('.').map(|(at, _)| &name[at..]).filter(|domain| domain[1..].contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_lies_in_domains() {
        let of = |host| domains(host).collect::<Vec<_>>();
        assert_eq!(of("a.b.example.org:8443"), [".b.example.org", ".example.org"]);
        assert_eq!(of("example.org"), [""; 0]);
        assert_eq!(of("127.0.0.1:7100"), [""; 0]);
        assert_eq!(of("[::1]:7100"), [""; 0]);
    }

    #[test]
    fn cve_2022_46405_names_below_one_domain_share() {
        let budget = Budget::new(2);
        let now = Timestamp::from_secs(600);
        let let_in = (0..1_000).filter(|n| budget.spend(&format!("n{n}.evil.example"), now)).count();
        assert_eq!(let_in, 2 * NAMES_SHARE as usize);
        assert!(budget.spend("honest.example", now), "others have theirs");
    }

    #[test]
    fn a_span_may_be_longer_than_a_minute() {
        let budget = Budget::once_in(600);
        let now = Timestamp::from_secs(600);
        assert!(budget.spend("a", now) && budget.spend("b", now));
        assert!(!budget.spend("a", now.plus_secs(599)));
        assert!(budget.spend("a", now.plus_secs(600)));
    }

    #[test]
    fn a_host_spends_its_own_budget_and_gets_a_new_one_each_minute() {
        let budget = Budget::new(2);
        let now = Timestamp::from_secs(600);
        assert!(budget.spend("a", now) && budget.spend("a", now));
        assert!(!budget.spend("a", now));
        assert!(budget.spend("b", now));
        assert!(budget.spend("a", now.plus_secs(60)));
    }
}
