//! What other servers may do to us and what not: foreign servers on loopback against a node in this process.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod advisories;
mod blocking;
mod boosting;
mod closing;
mod corpus;
mod counting;
mod delivering;
mod dialects;
mod forums;
mod naming;
mod pictures;
mod proofs;
mod quotes;
mod reporting;
mod scene;
mod signatures;
mod speaking;
mod stranger;
mod suspending;
mod unanswered;
mod walls;
