//! ActivityPub: documents in, documents out, and the queue between.
//!
//! What comes in goes through `receive` to a verb of `app`; what goes out is made by `build`, addressed
//! by `outgoing` and sent by `deliver`. Wire words stay in this crate. It knows neither axum nor SQL.

pub mod allowance;
pub mod asker;
pub mod backfill;
pub mod budget;
pub mod build;
pub mod canonical;
pub mod copies;
pub mod counts;
pub mod deliver;
pub mod documents;
pub mod fetch;
pub mod host_lists;
pub mod keys;
pub mod lists;
pub mod look_up;
pub mod moderators;
pub mod moving;
pub mod node;
pub mod outgoing;
pub mod politeness;
pub mod proof;
pub mod push;
pub mod receive;
pub mod resolve;
pub mod sanitise;
pub mod signing;
pub mod software;
pub mod synchronize;
#[cfg(test)]
mod testing;
pub mod thread;
pub mod unanswered;
pub mod vouch;
pub mod worker;
