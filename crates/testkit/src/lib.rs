//! For tests only: builders, a manual clock, both engines, and nodes in one process.

pub mod build;
pub mod clock;
pub mod engines;
pub mod foreign;
pub mod keys;
pub mod mailbox;
mod migrated;
pub mod node;
pub mod queue;
pub mod smtp;
