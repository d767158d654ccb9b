//! What the statements promise, on both engines.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod distance;
mod keeping;
mod oauth;
mod search;
mod signing_in;
mod telling;
mod with_posts;
