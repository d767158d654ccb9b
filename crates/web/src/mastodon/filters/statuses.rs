//! `/api/v2/filters/:id/statuses` and `/api/v2/filters/statuses/:id`: single posts that a filter covers.

use crate::auth::{Author, ReadFilters, WriteFilters};
use crate::entities::filters::FilterStatus;
use crate::error::Error;
use crate::json::Json;
use crate::openapi::inputs::Id;
use crate::params::Params;
use crate::path::Path;
use alongside_app::context::App;
use alongside_app::filters;
use alongside_domain::id::{FilterId, FilteredPostId, PostId};
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// The post.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Body {
    #[schemars(with = "Id")]
    status_id: PostId,
}

/// Shows those of one filter.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadFilters>,
    Path(id): Path<FilterId>,
) -> Result<Json<Vec<FilterStatus>>, Error> {
    let found = alongside_store::filters::find(&mut app.reader(), author.member, id).await?;
    let filter = found.ok_or(Error::NotFound)?;
    Ok(Json(filter.posts.iter().map(FilterStatus::new).collect()))
}

/// Covers one more.
pub(crate) async fn add(
    State(app): State<App>,
    author: Author<WriteFilters>,
    Path(id): Path<FilterId>,
    Params(body): Params<Body>,
) -> Result<Json<FilterStatus>, Error> {
    let added = filters::add_post(&app, author.member, id, body.status_id).await?;
    Ok(Json(FilterStatus::new(&added)))
}

/// Shows one.
pub(crate) async fn show_one(
    State(app): State<App>,
    author: Author<ReadFilters>,
    Path(id): Path<FilteredPostId>,
) -> Result<Json<FilterStatus>, Error> {
    let found = alongside_store::filters::find_by_post(&mut app.reader(), author.member, id).await?;
    let filter = found.ok_or(Error::NotFound)?;
    let post = filter.posts.iter().find(|post| post.id == id).ok_or(Error::NotFound)?;
    Ok(Json(FilterStatus::new(post)))
}

/// Covers it no more.
pub(crate) async fn remove(
    State(app): State<App>,
    author: Author<WriteFilters>,
    Path(id): Path<FilteredPostId>,
) -> Result<Json<FilterStatus>, Error> {
    let removed = filters::remove_post(&app, author.member, id).await?;
    Ok(Json(FilterStatus::new(&removed)))
}
