//! `/api/v1/tags` and `/api/v1/followed_tags`: hashtags.

mod feature;
mod follow;
mod followed;
mod show;

use crate::routes::{Routes, get, post};

/// The addresses of this family.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/api/v1/tags/{name}", get(show::show))
        .route("/api/v1/tags/{name}/follow", post(follow::follow))
        .route("/api/v1/tags/{name}/unfollow", post(follow::unfollow))
        .route("/api/v1/tags/{name}/feature", post(feature::feature))
        .route("/api/v1/tags/{name}/unfeature", post(feature::unfeature))
        .route("/api/v1/followed_tags", get(followed::show))
}

#[cfg(test)]
mod tests;
