//! What clients are sent: the shapes of the Mastodon API, word for word. Nothing is decided here.
//!
//! A value that may be missing is `null` where clients expect the key, and left out where its
//! presence alone means something.
#![expect(
    clippy::struct_excessive_bools,
    clippy::struct_field_names,
    reason = "the API has these shapes and names"
)]

pub(crate) mod accounts;
pub(crate) mod admin;
pub(crate) mod announcements;
pub(crate) mod apps;
pub(crate) mod collections;
pub(crate) mod filters;
pub(crate) mod groups;
pub(crate) mod instance;
pub(crate) mod notifications;
pub(crate) mod oauth;
pub(crate) mod push;
pub(crate) mod scheduled;
pub(crate) mod statuses;
