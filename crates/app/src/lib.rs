//! The verbs of the node: what a member, a moderator or another server can do.
//!
//! Each verb opens one transaction, asks the policy, writes, adds what follows from it
//! ([`effects`]), and commits once. No socket and no wire document is known here.

pub mod accounts;
pub mod acquaintances;
pub mod arrivals;
pub mod boosts;
pub mod communities;
pub mod context;
pub mod effects;
pub mod follows;
pub mod inbox;
pub mod invitations;
pub mod oauth;
pub mod passwords;
pub mod posts;
pub mod reactions;
pub mod reading;
mod secret;
pub mod sessions;
pub mod submission;
