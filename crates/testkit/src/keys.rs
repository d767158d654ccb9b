//! RSA keys for tests. To make one takes longer than most tests, so a process makes a few, and hands them out again once
//! all are in use: seldom enough that no test meets the same key twice.

use alongside_app::context::new_rsa_key;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Keys that a process makes: more than everybody in any one test has.
const MADE_MAX: usize = 64;

/// The next key, as PKCS#8.
pub fn rsa() -> &'static [u8] {
    static MADE: [OnceLock<Vec<u8>>; MADE_MAX] = [const { OnceLock::new() }; MADE_MAX];
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed) % MADE_MAX;
    MADE[number].get_or_init(|| new_rsa_key().expect("a key"))
}
