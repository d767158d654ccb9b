//! The Mastodon client API. Each family of addresses has a module with its routes, and each address
//! a file in it with its request, its handler and its tests.

mod accounts;
mod admin;
mod announcements;
mod apps;
mod async_refreshes;
#[cfg(test)]
mod convention_tests;
mod conversations;
mod custom_emojis;
mod directory;
mod distance;
mod emails;
mod endorsements;
mod featured_tags;
mod filters;
mod follow_requests;
mod groups;
mod health;
pub(crate) mod instance;
mod kept;
mod lists;
mod markers;
#[cfg(test)]
mod matrix_tests;
mod media;
mod nothing;
mod notifications;
mod oembed;
mod polls;
mod preferences;
mod profile;
mod push;
mod reports;
mod scheduled_statuses;
#[cfg(test)]
pub(crate) mod schema;
mod search;
mod statuses;
mod tags;
#[cfg(test)]
pub(crate) mod testing;
mod timelines;
mod trends;

use crate::routes::Routes;
use crate::state::Web;
use axum::Router;

/// Every route of the API.
pub(crate) fn routes(web: &Web) -> Routes {
    Routes::new()
        .merge(accounts::routes(web))
        .merge(admin::routes())
        .merge(announcements::routes())
        .merge(apps::routes())
        .merge(async_refreshes::routes())
        .merge(conversations::routes())
        .merge(custom_emojis::routes())
        .merge(directory::routes())
        .merge(distance::routes())
        .merge(emails::routes())
        .merge(endorsements::routes())
        .merge(featured_tags::routes())
        .merge(filters::routes())
        .merge(follow_requests::routes())
        .merge(groups::routes(web))
        .merge(instance::routes())
        .merge(kept::routes())
        .merge(lists::routes())
        .merge(markers::routes())
        .merge(media::routes(web))
        .merge(nothing::routes())
        .merge(notifications::routes())
        .merge(oembed::routes())
        .merge(polls::routes())
        .merge(preferences::routes())
        .merge(push::routes())
        .merge(profile::routes(accounts::profile_bytes_max(web)))
        .merge(reports::routes())
        .merge(scheduled_statuses::routes())
        .merge(search::routes())
        .merge(statuses::routes())
        .merge(tags::routes())
        .merge(timelines::routes())
        .merge(trends::routes())
}

/// Whether the node is well, for those who watch over it.
pub(crate) fn health_routes() -> Router<Web> {
    health::routes()
}
