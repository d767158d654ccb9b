//! `/api/v2/filters/:id/keywords`.

use crate::auth::{Author, ReadFilters, WriteFilters};
use crate::entities::filters::FilterKeyword;
use crate::error::Error;
use crate::json::Json;
use crate::params::Params;
use crate::path::Path;
use alongside_app::context::App;
use alongside_app::filters::{self, Changes, KeywordChange};
use alongside_domain::id::FilterId;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// A keyword that a member adds.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Body {
    #[serde(default)]
    keyword: String,
    whole_word: Option<bool>,
}

/// Shows all of a filter.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadFilters>,
    Path(id): Path<FilterId>,
) -> Result<Json<Vec<FilterKeyword>>, Error> {
    let found = alongside_store::filters::find(&mut app.reader(), author.member, id).await?;
    let filter = found.ok_or(Error::NotFound)?;
    Ok(Json(filter.keywords.iter().map(FilterKeyword::new).collect()))
}

/// Adds one.
pub(crate) async fn add(
    State(app): State<App>,
    author: Author<WriteFilters>,
    Path(id): Path<FilterId>,
    Params(body): Params<Body>,
) -> Result<Json<FilterKeyword>, Error> {
    let add = KeywordChange::Add { keyword: body.keyword, whole_word: body.whole_word.unwrap_or(true) };
    let changes = Changes { keywords: vec![add], ..Changes::default() };
    let filter = filters::update(&app, author.member, id, changes).await?;
    filter.keywords.last().map(|keyword| Json(FilterKeyword::new(keyword))).ok_or(Error::NotFound)
}
