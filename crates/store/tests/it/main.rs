//! What the statements promise, on both engines.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod distance;
mod home;
mod hosts;
mod jobs;
mod keeping;
mod leaving;
mod mail;
mod moderating;
mod oauth;
mod search;
mod sending;
mod signing_in;
mod staff;
mod telling;
mod threads;
mod transactions;
mod with_posts;
