//! What went wrong with a request, said as what the caller can do about it.

use std::error::Error;
use std::time::Duration;

use alongside_domain::causes;
use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};
use reqwest::Response;
use url::Url;

use crate::fetch::RETRY_AFTER_MAX;
use crate::fetch::guard::Refusal;

/// Why there is no document, or no answer to a delivery.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// We will not make this request; trying again changes nothing.
    #[error("refused")]
    Refused(#[from] Refusal),
    /// There is nothing at this URL, perhaps not yet.
    #[error("not found")]
    NotFound,
    /// It was there and is deleted.
    #[error("gone")]
    Gone,
    /// The server will not show it to us as we asked; another signature may help.
    #[error("denied with status {status}")]
    Denied {
        /// A 4xx status that is none of the others.
        status: u16,
    },
    /// Try again later.
    #[error("unavailable")]
    Unavailable {
        /// How long the server asks us to wait.
        retry_after: Option<Duration>,
        /// What happened.
        #[source]
        outage: Outage,
    },
    /// Something answered that is no document of the kind we asked for.
    #[error("not a readable document")]
    NotActivity(#[from] Unreadable),
    /// The document claims an `id` that its server does not confirm.
    #[error("served from {served} under another id")]
    Mismatch {
        /// Where it came from.
        served: Url,
        /// The `id` it claims, if any.
        claimed: Option<Url>,
    },
}

/// Why a server could not be used now.
#[derive(Debug, thiserror::Error)]
pub enum Outage {
    /// It answered that it is overloaded or broken.
    #[error("status {0}")]
    Status(u16),
    /// It did not finish in time.
    #[error("deadline passed")]
    Deadline,
    /// Whether the host may be asked could not be found out.
    #[error("not decided whether the host may be asked")]
    Undecided(#[source] Box<dyn Error + Send + Sync>),
    /// The connection, its encryption or its name failed.
    #[error("connection failed")]
    Connection(#[source] reqwest::Error),
}

/// Why an answer is not a document.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It is declared as something else.
    #[error("content type is {0:?}")]
    ContentType(String),
    /// It is not JSON, or nests deeper than we read.
    #[error("not JSON")]
    Json(#[source] serde_json::Error),
    /// A status that carries no document.
    #[error("status {0}")]
    Status(u16),
}

/// Which setting a client cannot be built from.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// An entry of `federation.insecure_hosts`.
    #[error("insecure host {0:?} is not a loopback address with a port, such as 127.0.0.1:7102")]
    InsecureHost(String),
    /// The user agent or the system's certificates.
    #[error("HTTP client cannot be built")]
    Http(#[source] reqwest::Error),
}

impl Outage {
    /// What happened, for whoever looks after the node: of a connection that failed also why.
    pub fn told(&self) -> String {
        match self {
            Self::Connection(error) => format!("{self}: {}", causes::root(error)),
            Self::Status(_) | Self::Deadline | Self::Undecided(_) => self.to_string(),
        }
    }
}

impl FetchError {
    /// Whether asking again later can succeed.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }

    /// Whether what we know already is still so: the answer to asking only for a change.
    pub fn is_unchanged(&self) -> bool {
        matches!(self, Self::NotActivity(Unreadable::Status(304)))
    }

    /// How long the server asks us to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Unavailable { retry_after, .. } => *retry_after,
            Self::Refused(_)
            | Self::NotFound
            | Self::Gone
            | Self::Denied { .. }
            | Self::NotActivity(_)
            | Self::Mismatch { .. } => None,
        }
    }

    /// A transport failure; a refusal by our own resolver hides inside one.
    pub(super) fn from_transport(error: reqwest::Error) -> Self {
        let mut cause = error.source();
        while let Some(inner) = cause {
            if let Some(refusal) = inner.downcast_ref::<Refusal>() {
                return Self::Refused(refusal.clone());
            }
            cause = inner.source();
        }
        // The URL is the caller's to log: a signed one may be private.
        Self::Unavailable { retry_after: None, outage: Outage::Connection(error.without_url()) }
    }

    /// The error a final status stands for, or `None` for success.
    pub(super) fn from_status(response: &Response) -> Option<Self> {
        let status = response.status().as_u16();
        Some(match status {
            200..=299 => return None,
            404 => Self::NotFound,
            410 => Self::Gone,
            408 | 425 | 429 | 500.. => Self::Unavailable {
                retry_after: retry_after(response.headers()),
                outage: Outage::Status(status),
            },
            400..=499 => Self::Denied { status },
            _ => Self::NotActivity(Unreadable::Status(status)),
        })
    }
}

/// Reads `Retry-After`. A date is taken relative to the server's own `Date`, so no clock is
/// needed and a server whose clock is wrong does not matter.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = if let Ok(seconds) = text.parse() {
        Duration::from_secs(seconds)
    } else {
        let until = httpdate::parse_http_date(text).ok()?;
        let now = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
        until.duration_since(now).unwrap_or_default()
    };
    Some(wait.min(RETRY_AFTER_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(pairs: &[(http::HeaderName, &'static str)]) -> Option<Duration> {
        let headers =
            pairs.iter().map(|(name, value)| (name.clone(), http::HeaderValue::from_static(value))).collect();
        retry_after(&headers)
    }

    #[test]
    fn retry_after_is_read_as_seconds_or_as_a_date() {
        assert_eq!(wait(&[(RETRY_AFTER, "90")]), Some(Duration::from_secs(90)));
        assert_eq!(
            wait(&[(RETRY_AFTER, "Wed, 21 Oct 2015 07:30:00 GMT"), (DATE, "Wed, 21 Oct 2015 07:28:00 GMT")]),
            Some(Duration::from_mins(2))
        );
    }

    #[test]
    fn retry_after_is_bounded_and_nonsense_is_ignored() {
        assert_eq!(wait(&[(RETRY_AFTER, "99999999999999")]), Some(RETRY_AFTER_MAX));
        assert_eq!(wait(&[(RETRY_AFTER, "soon")]), None);
        assert_eq!(wait(&[(RETRY_AFTER, "Wed, 21 Oct 2015 07:30:00 GMT")]), None);
        assert_eq!(wait(&[]), None);
    }
}
