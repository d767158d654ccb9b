//! How often one host may make us send requests: a stranger's signature costs us a look at its key.

use alongside_domain::clock::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Hosts remembered at once; past that, all begin anew.
const HOSTS_MAX: usize = 10_000;

/// Counts what each host has spent in the current minute.
#[derive(Debug)]
pub struct Budget {
    per_min: u32,
    spent: Mutex<HashMap<String, (i64, u32)>>,
}

impl Budget {
    /// So many a minute for each name.
    pub fn new(per_min: u32) -> Self {
        Self { per_min, spent: Mutex::default() }
    }

    /// Spends one, if there is one left.
    pub fn spend(&self, name: &str, now: Timestamp) -> bool {
        self.spend_of(name, self.per_min, now)
    }

    /// Spends one of a smaller budget kept under its own name.
    pub fn spend_of(&self, name: &str, per_min: u32, now: Timestamp) -> bool {
        let minute = now.as_secs() / 60;
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if spent.len() >= HOSTS_MAX && !spent.contains_key(name) {
            spent.retain(|_, (at, _)| *at == minute);
            if spent.len() >= HOSTS_MAX {
                return false;
            }
        }
        let (at, count) = spent.entry(name.to_owned()).or_insert((minute, 0));
        if *at != minute {
            (*at, *count) = (minute, 0);
        }
        *count += 1;
        *count <= per_min
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
