//! Time and chance that a test decides.

use crate::keys;
use alongside_app::context::Chance;
use alongside_domain::clock::{Clock, Timestamp};
use aws_lc_rs::error::Unspecified;
use rand::rngs::StdRng;
use rand::{RngCore as _, SeedableRng as _};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

/// A clock that stands still until it is moved. Clones show the same time.
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// It is two in the morning of 23 November 2026.
    pub fn at_two_in_the_morning() -> Self {
        let moment = Timestamp::parse("2026-11-23T02:00:00Z").expect("a moment");
        Self(Arc::new(AtomicI64::new(moment.as_micros())))
    }

    /// Moves it on.
    pub fn advance_secs(&self, secs: i64) {
        self.0.fetch_add(secs * 1_000_000, Ordering::Relaxed);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::Relaxed))
    }
}

/// Randomness that is the same in every run.
#[derive(Debug)]
pub struct SeededChance(Mutex<StdRng>);

impl SeededChance {
    /// The randomness of this seed.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }
}

impl Chance for SeededChance {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().expect("no test panics while it draws").fill_bytes(bytes);
    }

    fn rsa_key(&self) -> Result<Vec<u8>, Unspecified> {
        Ok(keys::rsa().to_vec())
    }
}
