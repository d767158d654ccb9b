//! What the statements promise, on both engines.

#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod distance;
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod keeping;
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod oauth;
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod search;
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod signing_in;
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod telling;
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod with_posts;
