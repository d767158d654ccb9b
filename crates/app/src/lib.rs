//! The verbs of the node: what a member, a moderator or another server can do.
//!
//! Each verb opens one transaction, asks the policy, writes, adds what follows from it
//! ([`effects`]), and commits once. No socket and no wire document is known here.

pub mod accounts;
pub mod acquaintances;
pub mod announcements;
pub mod arrivals;
pub mod audience;
pub mod avoiding;
pub mod backlogs;
pub mod blocks;
pub mod bookmarks;
pub mod boosts;
pub mod catching_up;
pub mod communities;
pub mod context;
pub mod departures;
pub mod effects;
pub mod endorsements;
pub mod featured_tags;
mod files;
pub mod filters;
pub mod follows;
pub mod host_lists;
pub mod hosts;
pub mod inbox;
pub mod invitations;
pub mod lists;
pub mod media;
pub mod memberships;
pub mod moderation;
pub mod moving;
pub mod notifications;
pub mod oauth;
pub mod own;
pub mod passwords;
pub mod pictures;
pub mod pins;
pub mod polls;
pub mod posts;
pub mod profiles;
pub mod reactions;
pub mod reading;
pub mod receptions;
pub mod reports;
pub mod search;
mod secret;
pub mod sessions;
pub mod submission;
