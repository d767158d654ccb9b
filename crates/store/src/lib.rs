//! Every SQL statement of the node, for SQLite and PostgreSQL alike.
//!
//! What belongs here: statements, the rows they give, and the two engines. What does not: a rule
//! about who may do what, a socket, a wire document. Reads take any [`session::Session`]; writes
//! take a [`engine::Tx`], so that a write outside a transaction does not compile.

pub mod accounts;
pub mod activities;
pub mod actors;
pub mod audit;
pub mod bans;
pub mod blocks;
pub mod bookmarks;
pub mod catch_ups;
pub mod column;
pub mod communities;
pub mod contexts;
pub mod conversations;
pub mod deliveries;
pub mod departures;
pub mod durability;
pub mod engine;
pub mod entries;
pub mod error;
pub mod filters;
pub mod follows;
pub mod home;
pub mod host_blocks;
pub mod host_lists;
pub mod hosts;
pub mod idempotency;
pub mod inbox;
pub mod invitations;
pub mod jobs;
pub mod keys;
pub mod letting_go;
pub mod lists;
pub mod markers;
pub mod marks;
pub mod measures;
pub mod media;
pub mod members;
pub mod mutes;
pub mod notifications;
pub mod oauth;
pub mod page;
pub mod partings;
pub mod pins;
pub mod polls;
pub mod posts;
pub mod private_notes;
pub mod reactions;
pub mod relationships;
pub mod reports;
pub mod requests;
pub mod search;
pub mod session;
pub mod sessions;
pub mod settings;
pub mod statistics;
pub mod tag_follows;
pub mod threads;
pub mod timelines;
pub mod value;
pub mod wake;
