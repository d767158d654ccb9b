//! What the verbs promise, on both engines.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod accounts;
mod arriving;
mod distance;
mod films;
mod hosts;
mod keeping;
mod leaving;
mod mail;
mod media;
mod moderating;
mod moving;
mod oauth;
mod polls;
mod profiles;
mod reconciling;
mod reports;
mod scheduling;
mod search;
mod seeing;
mod strays;
mod writing;
