//! `/api/v2/filters`.

use super::one::Body;
use crate::auth::{Author, ReadFilters, WriteFilters};
use crate::entities::filters::Filter;
use crate::error::Error;
use crate::json::Json;
use crate::params::Params;
use alongside_app::context::App;
use alongside_app::filters;
use axum::extract::State;

/// Shows all of them.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadFilters>,
) -> Result<Json<Vec<Filter>>, Error> {
    let all = alongside_store::filters::of_member(&mut app.reader(), author.member).await?;
    Ok(Json(all.iter().map(Filter::new).collect()))
}

/// Makes one.
pub(crate) async fn create(
    State(app): State<App>,
    author: Author<WriteFilters>,
    Params(body): Params<Body>,
) -> Result<Json<Filter>, Error> {
    let filter = filters::create(&app, author.member, body.changes(app.now())).await?;
    Ok(Json(Filter::new(&filter)))
}
