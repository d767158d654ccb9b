//! All integration tests of the crate, through its public interface only.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod corpus;
mod interop;
mod keys;
mod properties;
mod refusals;
mod support;
mod vectors;

#[path = "../../fuzz/body.rs"]
mod fuzz_body;
