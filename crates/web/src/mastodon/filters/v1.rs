//! `/api/v1/filters`, for older clients: each keyword of a filter is a filter.

use super::Ending;
use crate::auth::{Author, ReadFilters, WriteFilters};
use crate::entities::filters::FilterV1;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::params::{Params, Word};
use crate::path::Path;
use alongside_app::context::App;
use alongside_app::filters::{self, Phrase};
use alongside_domain::clock::Timestamp;
use alongside_domain::filter::{Filter, FilterAction, FilterContext};
use alongside_domain::id::KeywordId;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// What a member says of a keyword; what is missing stays.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Body {
    phrase: Option<String>,
    context: Option<Vec<Word<FilterContext>>>,
    irreversible: Option<bool>,
    whole_word: Option<bool>,
    #[serde(default)]
    #[schemars(with = "Option<i64>")]
    expires_in: Ending,
}

/// Shows all of them.
pub(crate) async fn every(
    State(app): State<App>,
    author: Author<ReadFilters>,
) -> Result<Json<Vec<FilterV1>>, Error> {
    let all = alongside_store::filters::of_member(&mut app.reader(), author.member).await?;
    let each =
        all.iter().flat_map(|filter| filter.keywords.iter().map(|keyword| FilterV1::new(filter, keyword)));
    Ok(Json(each.collect()))
}

/// Makes one.
pub(crate) async fn create(
    State(app): State<App>,
    author: Author<WriteFilters>,
    Params(body): Params<Body>,
) -> Result<Json<FilterV1>, Error> {
    let filter = filters::create_phrase(&app, author.member, body.phrase(app.now())).await?;
    let keyword = filter.keywords.first().ok_or(Error::NotFound)?;
    Ok(Json(FilterV1::new(&filter, keyword)))
}

/// Shows one.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadFilters>,
    Path(id): Path<KeywordId>,
) -> Result<Json<FilterV1>, Error> {
    let found = alongside_store::filters::find_by_keyword(&mut app.reader(), author.member, id).await?;
    shown(&found.ok_or(Error::NotFound)?, id)
}

/// Changes one.
pub(crate) async fn update(
    State(app): State<App>,
    author: Author<WriteFilters>,
    Path(id): Path<KeywordId>,
    Params(body): Params<Body>,
) -> Result<Json<FilterV1>, Error> {
    shown(&filters::update_phrase(&app, author.member, id, body.phrase(app.now())).await?, id)
}

/// Forgets one.
pub(crate) async fn remove(
    State(app): State<App>,
    author: Author<WriteFilters>,
    Path(id): Path<KeywordId>,
) -> Result<Json<Empty>, Error> {
    filters::remove_phrase(&app, author.member, id).await?;
    Ok(Json(Empty {}))
}

impl Body {
    fn phrase(self, now: Timestamp) -> Phrase {
        Phrase {
            keyword: self.phrase,
            whole_word: self.whole_word,
            contexts: super::contexts(self.context),
            action: self.irreversible.map(|hide| if hide { FilterAction::Hide } else { FilterAction::Warn }),
            end: self.expires_in.end(now),
        }
    }
}

fn shown(filter: &Filter, id: KeywordId) -> Result<Json<FilterV1>, Error> {
    let keyword = filter.keywords.iter().find(|keyword| keyword.id == id).ok_or(Error::NotFound)?;
    Ok(Json(FilterV1::new(filter, keyword)))
}
