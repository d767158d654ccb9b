//! `/api/v1/timelines`: posts one after another, newest first.

mod direct;
mod group;
mod home;
mod list;
mod public;
mod tag;

use crate::auth::{ReadStatuses, Viewer};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::render::statuses;
use crate::routes::{Routes, get};
use crate::unchanged::MadeOf;
use alongside_app::context::App;
use alongside_app::{avoiding, reading};
use alongside_domain::id::PostId;
use alongside_store::touched::Topic;

/// The addresses of this family.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/api/v1/timelines/home", get(home::show))
        .route("/api/v1/timelines/direct", get(direct::show))
        .route("/api/v1/timelines/public", get(public::show))
        .route("/api/v1/timelines/tag/{tag}", get(tag::show))
        .route("/api/v1/timelines/list/{id}", get(list::show))
        .route("/api/v1/timelines/group/{id}", get(group::show))
        // Links are not looked at, so nothing is known to be about one.
        .route("/api/v1/timelines/link", get(async |_: Viewer<ReadStatuses>| Json::<[Empty; 0]>([])))
}

/// Posts of many people, without those of people the viewer keeps away from.
async fn of_many(app: &App, viewer: &Viewer<ReadStatuses>, ids: &[PostId]) -> Result<Vec<Status>, Error> {
    let (mut reader, now) = (app.reader(), app.now());
    let posts = reading::posts(&mut reader, viewer.actor(), ids, now).await?;
    let posts = avoiding::without(&mut reader, viewer.actor(), posts, now).await?;
    statuses::of_posts(app, viewer.0, &posts).await
}

/// A page of what is in public, and what the viewer did with it.
fn made_of_public(viewer: &Viewer<ReadStatuses>, page: &[Status]) -> MadeOf {
    let topics = statuses::topics(viewer.actor(), page).into_iter();
    topics.chain([Topic::Public]).collect()
}

#[cfg(test)]
mod given_again_tests;
#[cfg(test)]
mod tests;
