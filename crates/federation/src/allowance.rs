//! How much one activity may make us read. Its sender decides what it names, and what is read names more: a
//! thread of replies, their authors, where these are found. Here that ends, whatever others answer.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Requests made on behalf of one activity. Enough for a batch of reactions by as many strangers, or for all
/// the posts above a reply.
pub const FETCHES_MAX: usize = 200;
/// Bytes taken in of what they answer.
pub const BYTES_MAX: usize = 16 * 1024 * 1024;

/// What is left to one activity.
#[derive(Debug)]
pub struct Allowance {
    fetches: AtomicUsize,
    bytes: AtomicUsize,
}

impl Default for Allowance {
    fn default() -> Self {
        Self { fetches: AtomicUsize::new(FETCHES_MAX), bytes: AtomicUsize::new(BYTES_MAX) }
    }
}

impl Allowance {
    /// Whether one more request may be made.
    pub fn fetch(&self) -> bool {
        take(&self.fetches, 1)
    }

    /// Whether so many more bytes may be kept.
    pub fn hold(&self, bytes: usize) -> bool {
        take(&self.bytes, bytes)
    }
}

fn take(left: &AtomicUsize, wanted: usize) -> bool {
    let take = |left: usize| left.checked_sub(wanted);
    left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowance_comes_to_an_end() {
        let allowance = Allowance::default();
        let fetches = (0..2 * FETCHES_MAX).filter(|_| allowance.fetch()).count();
        assert_eq!(fetches, FETCHES_MAX);
        assert!(
            allowance.hold(BYTES_MAX - 1) && !allowance.hold(2) && allowance.hold(1) && !allowance.hold(1)
        );
    }
}
