//! How deliveries of this process ended, counted for those who watch over it. Nothing here names anybody.

use alongside_domain::erasure::ReceiptState;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts since the start of the process.
#[derive(Debug, Default)]
pub struct Counts {
    arrived: AtomicU64,
    refused: AtomicU64,
    gave_up: AtomicU64,
}

impl Counts {
    /// Deliveries came to these ends.
    pub fn delivered(&self, ends: impl Iterator<Item = ReceiptState>) {
        for end in ends {
            let count = match end {
                ReceiptState::Arrived => &self.arrived,
                ReceiptState::Refused => &self.refused,
                ReceiptState::GaveUp => &self.gave_up,
                // Neither is an end that a try leads to.
                ReceiptState::Waiting | ReceiptState::Cancelled => continue,
            };
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// So many were given up, because their host was silent for too long.
    pub fn gave_up(&self, count: u64) {
        self.gave_up.fetch_add(count, Ordering::Relaxed);
    }

    /// Each end and how often it came.
    pub fn all(&self) -> [(ReceiptState, u64); 3] {
        [
            (ReceiptState::Arrived, self.arrived.load(Ordering::Relaxed)),
            (ReceiptState::Refused, self.refused.load(Ordering::Relaxed)),
            (ReceiptState::GaveUp, self.gave_up.load(Ordering::Relaxed)),
        ]
    }
}
