//! Nouns, typed ids, limits and policy.
//!
//! What belongs here: everything that is true of a peer-support community whoever stores it and
//! however it travels. What does not: a database, a socket, JSON-LD, an `async fn`.

pub mod account;
pub mod actor;
pub mod agreement;
pub mod announcement;
pub mod barrier;
pub mod causes;
pub mod change;
pub mod channel;
pub mod clock;
pub mod community;
pub mod compose;
pub mod draft;
pub mod emoji;
pub mod erasure;
pub mod event;
pub mod figure;
pub mod filter;
pub mod fold;
pub mod hashtag;
pub mod host_list;
pub mod id;
pub mod job;
pub mod letter;
pub mod limits;
pub mod list;
pub mod marker;
pub mod media;
pub mod moderation;
pub mod notification;
pub mod place;
pub mod plain;
pub mod policy;
pub mod poll;
pub mod post;
pub mod push;
pub mod query;
pub mod reaction;
pub mod reception;
pub mod report;
pub mod rules;
pub mod sanction;
pub mod scheduled;
pub mod scope;
pub mod sign_up;
pub mod staff;
pub mod word;
