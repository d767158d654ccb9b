//! `GET /api/v2/filters/:id/statuses`: single posts a filter covers. There are none: filters here look
//! for words.

use crate::auth::{Author, ReadFilters};
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::path::Path;
use alongside_app::context::App;
use alongside_domain::id::FilterId;
use alongside_store::filters;
use axum::extract::State;

/// Shows that there are none.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadFilters>,
    Path(id): Path<FilterId>,
) -> Result<Json<[Empty; 0]>, Error> {
    filters::find(&mut app.reader(), author.member, id).await?.ok_or(Error::NotFound)?;
    Ok(Json([]))
}
