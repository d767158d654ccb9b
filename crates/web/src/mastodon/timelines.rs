//! `/api/v1/timelines`: posts one after another, newest first.

mod direct;
mod home;
mod list;
mod public;
mod tag;

use crate::auth::{ReadStatuses, Viewer};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::render::statuses;
use crate::state::Web;
use alongside_app::context::App;
use alongside_app::{avoiding, reading};
use alongside_domain::id::PostId;
use axum::Router;
use axum::routing::get;

/// The addresses of this family.
pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/api/v1/timelines/home", get(home::show))
        .route("/api/v1/timelines/direct", get(direct::show))
        .route("/api/v1/timelines/public", get(public::show))
        .route("/api/v1/timelines/tag/{tag}", get(tag::show))
        .route("/api/v1/timelines/list/{id}", get(list::show))
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

#[cfg(test)]
mod tests;
