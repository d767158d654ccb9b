//! ActivityPub: documents in, documents out, and the queue between.

pub mod documents;
pub mod fetch;
pub mod sanitise;
