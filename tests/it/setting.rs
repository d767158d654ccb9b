//! What `./dev test` tells the tests through the environment, and what a test tells the person who runs it.

use std::io::{self, Write};

/// The setting's value, or `None` with a printed reason for the test to be skipped.
pub(crate) fn needed(name: &str) -> Option<String> {
    let value = optional(name);
    if value.is_none() {
        tell(&format!("skipped: {name} is not set; `./dev test` sets it"));
    }
    value
}

/// The setting's value, where an empty one counts as none.
#[expect(clippy::disallowed_methods, reason = "the one place where the tests read the environment")]
pub(crate) fn optional(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Says a line that is seen even when the test passes, whose own output is swallowed.
pub(crate) fn tell(line: &str) {
    // Nobody listening is no reason to fail.
    let _ = writeln!(io::stderr(), "{line}");
}
