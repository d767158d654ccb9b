//! `/api/v1/admin/trends/tags/:id` and `/statuses/:id`, `approve` and `reject`: what is shown to those who look around.
//! A link is never there to be judged.

use crate::auth::{AdminRead, AdminWrite, Staff, Trends};
use crate::entities::admin::AdminTag;
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::mastodon::admin::tags;
use crate::path::Path;
use crate::render::statuses;
use crate::routes::{Routes, get, post};
use alongside_app::context::App;
use alongside_app::hashtags::{self, Wish};
use alongside_app::trends;
use alongside_domain::id::{MemberId, PostId};
use axum::extract::State;

/// The addresses of this family.
pub(super) fn routes() -> Routes {
    Routes::new()
        .route("/api/v1/admin/trends/tags/{id}/approve", post(approve_tag))
        .route("/api/v1/admin/trends/tags/{id}/reject", post(reject_tag))
        .route("/api/v1/admin/trends/statuses/{id}/approve", post(approve_post))
        .route("/api/v1/admin/trends/statuses/{id}/reject", post(reject_post))
        .route("/api/v1/admin/trends/links/{id}/approve", post(no_link))
        .route("/api/v1/admin/trends/links/{id}/reject", post(no_link))
        .route("/api/v1/admin/trends/links/publishers", get(publishers))
        .route("/api/v1/admin/trends/links/publishers/{id}/approve", post(no_link))
        .route("/api/v1/admin/trends/links/publishers/{id}/reject", post(no_link))
}

async fn approve_tag(
    State(app): State<App>,
    staff: Staff<Trends, AdminWrite>,
    Path(name): Path<String>,
) -> Result<Json<AdminTag>, Error> {
    judged(&app, staff.member, &name, true).await
}

async fn reject_tag(
    State(app): State<App>,
    staff: Staff<Trends, AdminWrite>,
    Path(name): Path<String>,
) -> Result<Json<AdminTag>, Error> {
    judged(&app, staff.member, &name, false).await
}

async fn judged(app: &App, by: MemberId, name: &str, is_shown: bool) -> Result<Json<AdminTag>, Error> {
    let name = tags::known(app, name).await?;
    let wish = Wish { trendable: Some(is_shown), ..Wish::default() };
    let name = hashtags::decide(app, by, &name, wish).await?;
    tags::one(app, by, name).await.map(Json)
}

async fn approve_post(
    State(app): State<App>,
    staff: Staff<Trends, AdminWrite>,
    Path(id): Path<PostId>,
) -> Result<Json<Status>, Error> {
    let post = trends::judge(&app, staff.member, id, true).await?;
    statuses::of_post(&app, Some(staff.member), &post).await.map(Json)
}

async fn reject_post(
    State(app): State<App>,
    staff: Staff<Trends, AdminWrite>,
    Path(id): Path<PostId>,
) -> Result<Json<Status>, Error> {
    let post = trends::judge(&app, staff.member, id, false).await?;
    statuses::of_post(&app, Some(staff.member), &post).await.map(Json)
}

/// Links are not looked at, so there is none of this number, and nobody who publishes one.
async fn no_link(_: Staff<Trends, AdminWrite>, Path(_): Path<String>) -> Result<Json<Empty>, Error> {
    Err(Error::NotFound)
}

async fn publishers(_: Staff<Trends, AdminRead>) -> Json<[Empty; 0]> {
    Json([])
}
