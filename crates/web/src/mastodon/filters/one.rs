//! `/api/v2/filters/:id`.

use super::Ending;
use crate::auth::{Author, ReadFilters, WriteFilters};
use crate::entities::filters::Filter;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::openapi::inputs::Id;
use crate::params::{Params, Word, blank};
use crate::path::Path;
use alongside_app::context::App;
use alongside_app::filters::{self, Changes, KeywordChange};
use alongside_domain::clock::Timestamp;
use alongside_domain::filter::{FilterAction, FilterContext};
use alongside_domain::id::{FilterId, KeywordId};
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// What a member says of a filter; what is missing stays.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Body {
    title: Option<String>,
    context: Option<Vec<Word<FilterContext>>>,
    filter_action: Option<Word<FilterAction>>,
    #[serde(default)]
    #[schemars(with = "Option<i64>")]
    expires_in: Ending,
    #[serde(default)]
    keywords_attributes: Vec<Attributes>,
}

/// What a member says of a keyword: of one that is there, if it has an id.
#[derive(Debug, Deserialize, JsonSchema)]
struct Attributes {
    #[serde(default, deserialize_with = "blank")]
    #[schemars(with = "Option<Id>")]
    id: Option<i64>,
    keyword: Option<String>,
    whole_word: Option<bool>,
    #[serde(default, rename = "_destroy")]
    destroy: bool,
}

/// Shows it.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadFilters>,
    Path(id): Path<FilterId>,
) -> Result<Json<Filter>, Error> {
    let found = alongside_store::filters::find(&mut app.reader(), author.member, id).await?;
    found.map(|filter| Json(Filter::new(&filter))).ok_or(Error::NotFound)
}

/// Changes it.
pub(crate) async fn update(
    State(app): State<App>,
    author: Author<WriteFilters>,
    Path(id): Path<FilterId>,
    Params(body): Params<Body>,
) -> Result<Json<Filter>, Error> {
    let filter = filters::update(&app, author.member, id, body.changes(app.now())).await?;
    Ok(Json(Filter::new(&filter)))
}

/// Forgets it.
pub(crate) async fn remove(
    State(app): State<App>,
    author: Author<WriteFilters>,
    Path(id): Path<FilterId>,
) -> Result<Json<Empty>, Error> {
    filters::remove(&app, author.member, id).await?;
    Ok(Json(Empty {}))
}

impl Body {
    pub(super) fn changes(self, now: Timestamp) -> Changes {
        Changes {
            title: self.title,
            contexts: super::contexts(self.context),
            action: self.filter_action.map(|Word(action)| action),
            end: self.expires_in.end(now),
            keywords: self.keywords_attributes.into_iter().map(Attributes::change).collect(),
        }
    }
}

impl Attributes {
    fn change(self) -> KeywordChange {
        match self.id.map(KeywordId::new) {
            Some(id) if self.destroy => KeywordChange::Remove { id },
            Some(id) => KeywordChange::Change { id, keyword: self.keyword, whole_word: self.whole_word },
            None => KeywordChange::Add {
                keyword: self.keyword.unwrap_or_default(),
                whole_word: self.whole_word.unwrap_or(true),
            },
        }
    }
}
