//! By what a server tells whether something has changed since it was read.

use http::header::{ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use http::{HeaderMap, HeaderName, HeaderValue};

/// Bytes of a mark by which a server tells whether a document has changed.
const VALIDATOR_BYTES_MAX: usize = 256;

/// The marks that a server gives a document to tell by whether it has changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`.
    pub etag: Option<HeaderValue>,
    /// `Last-Modified`.
    pub last_modified: Option<HeaderValue>,
}

impl Validators {
    /// Whether there is no mark at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mark = |name| headers.get(name).filter(|mark| mark.len() <= VALIDATOR_BYTES_MAX).cloned();
        Self { etag: mark(ETAG), last_modified: mark(LAST_MODIFIED) }
    }
}

/// How a server marks the text that was read before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Its `ETag`.
    pub etag: Option<String>,
    /// Its `Last-Modified`.
    pub modified: Option<String>,
}

impl Known {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mark = |name: HeaderName| headers.get(name)?.to_str().ok().map(str::to_owned);
        Self { etag: mark(ETAG), modified: mark(LAST_MODIFIED) }
    }

    /// The headers that ask for another text than this.
    pub(super) fn headers(&self) -> HeaderMap {
        let marks = [(IF_NONE_MATCH, &self.etag), (IF_MODIFIED_SINCE, &self.modified)];
        marks
            .into_iter()
            .filter_map(|(name, mark)| Some((name, HeaderValue::from_str(mark.as_deref()?).ok()?)))
            .collect()
    }
}
