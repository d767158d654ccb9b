//! Filters, in both versions of the API, and what they found.

use crate::params::Word;
use alongside_domain::filter::{self, FilterAction, FilterContext, FilteredPost, Keyword};
use schemars::JsonSchema;
use serde::Serialize;

/// A member's filter.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Filter {
    pub(crate) id: String,
    pub(crate) title: String,
    #[schemars(with = "Vec<Word<FilterContext>>")]
    pub(crate) context: Vec<&'static str>,
    pub(crate) expires_at: Option<String>,
    #[schemars(with = "Word<FilterAction>")]
    pub(crate) filter_action: &'static str,
    pub(crate) keywords: Vec<FilterKeyword>,
    pub(crate) statuses: Vec<FilterStatus>,
}

/// A post that a filter covers by itself.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct FilterStatus {
    pub(crate) id: String,
    pub(crate) status_id: String,
}

/// A word or phrase a filter looks for.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct FilterKeyword {
    pub(crate) id: String,
    pub(crate) keyword: String,
    pub(crate) whole_word: bool,
}

/// What a filter found in a post.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct FilterResult {
    pub(crate) filter: Filter,
    pub(crate) keyword_matches: Vec<String>,
    pub(crate) status_matches: Option<Vec<String>>,
}

/// One keyword of a filter, as older clients know filters.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct FilterV1 {
    pub(crate) id: String,
    pub(crate) phrase: String,
    #[schemars(with = "Vec<Word<FilterContext>>")]
    pub(crate) context: Vec<&'static str>,
    pub(crate) whole_word: bool,
    pub(crate) expires_at: Option<String>,
    pub(crate) irreversible: bool,
}

impl Filter {
    pub(crate) fn new(filter: &filter::Filter) -> Self {
        Self {
            id: filter.id.to_string(),
            title: filter.title.clone(),
            context: filter.contexts.iter().map(|context| context.as_str()).collect(),
            expires_at: filter.expires_at.map(|at| at.to_string()),
            filter_action: filter.action.as_str(),
            keywords: filter.keywords.iter().map(FilterKeyword::new).collect(),
            statuses: filter.posts.iter().map(FilterStatus::new).collect(),
        }
    }
}

impl FilterStatus {
    pub(crate) fn new(post: &FilteredPost) -> Self {
        Self { id: post.id.to_string(), status_id: post.post.to_string() }
    }
}

impl FilterKeyword {
    pub(crate) fn new(keyword: &Keyword) -> Self {
        Self { id: keyword.id.to_string(), keyword: keyword.keyword.clone(), whole_word: keyword.whole_word }
    }
}

impl FilterV1 {
    pub(crate) fn new(filter: &filter::Filter, keyword: &Keyword) -> Self {
        Self {
            id: keyword.id.to_string(),
            phrase: keyword.keyword.clone(),
            context: filter.contexts.iter().map(|context| context.as_str()).collect(),
            whole_word: keyword.whole_word,
            expires_at: filter.expires_at.map(|at| at.to_string()),
            irreversible: filter.action == FilterAction::Hide,
        }
    }
}
