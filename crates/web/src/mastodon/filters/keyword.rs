//! `/api/v2/filters/keywords/:id`.

use crate::auth::{Author, ReadFilters, WriteFilters};
use crate::entities::filters::FilterKeyword;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::params::Params;
use crate::path::Path;
use alongside_app::context::App;
use alongside_app::filters::{self, KeywordChange};
use alongside_domain::filter::Filter;
use alongside_domain::id::KeywordId;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// What a member changes; what is missing stays.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Body {
    keyword: Option<String>,
    whole_word: Option<bool>,
}

/// Shows it.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadFilters>,
    Path(id): Path<KeywordId>,
) -> Result<Json<FilterKeyword>, Error> {
    let found = alongside_store::filters::find_by_keyword(&mut app.reader(), author.member, id).await?;
    shown(&found.ok_or(Error::NotFound)?, id)
}

/// Changes it.
pub(crate) async fn update(
    State(app): State<App>,
    author: Author<WriteFilters>,
    Path(id): Path<KeywordId>,
    Params(body): Params<Body>,
) -> Result<Json<FilterKeyword>, Error> {
    let change = KeywordChange::Change { id, keyword: body.keyword, whole_word: body.whole_word };
    shown(&filters::change_keyword(&app, author.member, id, change).await?, id)
}

/// Forgets it.
pub(crate) async fn remove(
    State(app): State<App>,
    author: Author<WriteFilters>,
    Path(id): Path<KeywordId>,
) -> Result<Json<Empty>, Error> {
    filters::change_keyword(&app, author.member, id, KeywordChange::Remove { id }).await?;
    Ok(Json(Empty {}))
}

fn shown(filter: &Filter, id: KeywordId) -> Result<Json<FilterKeyword>, Error> {
    let keyword = filter.keywords.iter().find(|keyword| keyword.id == id).ok_or(Error::NotFound)?;
    Ok(Json(FilterKeyword::new(keyword)))
}
