//! `/api/v2/filters`: words a member would rather not meet unprepared; and `/api/v1/filters`, where each
//! keyword is a filter of its own.

mod every;
mod keyword;
mod keywords;
mod one;
mod statuses;
mod v1;

use crate::params::{Word, blank};
use crate::routes::{Routes, get};
use alongside_app::filters::End;
use alongside_domain::clock::Timestamp;
use alongside_domain::filter::FilterContext;
use serde::de::{Deserialize, Deserializer};

/// The addresses of this family.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/api/v2/filters", get(every::show).post(every::create))
        .route("/api/v2/filters/{id}", get(one::show).put(one::update).delete(one::remove))
        .route("/api/v2/filters/{id}/keywords", get(keywords::show).post(keywords::add))
        .route("/api/v2/filters/{id}/statuses", get(statuses::show).post(statuses::add))
        .route("/api/v2/filters/statuses/{id}", get(statuses::show_one).delete(statuses::remove))
        .route(
            "/api/v2/filters/keywords/{id}",
            get(keyword::show).put(keyword::update).delete(keyword::remove),
        )
        .route("/api/v1/filters", get(v1::every).post(v1::create))
        .route("/api/v1/filters/{id}", get(v1::show).put(v1::update).delete(v1::remove))
}

/// In how many seconds a filter ends; nothing, where it is given, means never.
#[derive(Debug, Clone, Copy, Default)]
enum Ending {
    #[default]
    Unsaid,
    Never,
    In(i64),
}

impl Ending {
    fn end(self, now: Timestamp) -> Option<End> {
        match self {
            Self::Unsaid => None,
            Self::Never => Some(End::Never),
            Self::In(secs) => Some(End::At(now.plus_secs(secs))),
        }
    }
}

impl<'de> Deserialize<'de> for Ending {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        blank(from).map(|secs| secs.map_or(Self::Never, Self::In))
    }
}

fn contexts(words: Option<Vec<Word<FilterContext>>>) -> Option<Vec<FilterContext>> {
    words.map(|words| words.into_iter().map(|Word(context)| context).collect())
}

#[cfg(test)]
mod tests;
