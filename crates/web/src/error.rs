//! The one place where what went wrong becomes a status and a body.
//!
//! Clients read `{"error": "…"}` and sometimes `error_description`; people read a page. What is
//! inside an internal error is logged here, once, and never sent.

mod members;
mod own;
mod staff;
mod verbs;

use crate::json::Json;
use crate::params::problem::Problem;
use crate::rates::Standing;
use alongside_domain::causes;
use alongside_domain::clock::Timestamp;
use alongside_domain::draft::Unfit;
use alongside_domain::policy::Refusal;
use alongside_domain::sign_up::Waits;
use axum::response::{IntoResponse, Response};
use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;

/// What a request is answered with when it is not done.
#[derive(Debug)]
pub enum Error {
    /// No token, or one that is unknown or revoked.
    Unauthenticated,
    /// The token belongs to a client and not to a member.
    NoMember,
    /// The token is that of somebody who is not in yet.
    Waits(Waits),
    /// The token may not do this.
    OutOfScope,
    /// There is no such thing, as far as the one who asks may know.
    NotFound,
    /// The same, of something that the request is about. The text is shown to people.
    Missing(String),
    /// Only for who is signed in. The text is shown to people.
    SignedOut(&'static str),
    /// They may see it, but not do this.
    Forbidden(String),
    /// The address exists, but not with this method.
    MethodNotAllowed,
    /// The request cannot be taken apart.
    Malformed(String),
    /// It is understood and does not fit. The text is shown to people.
    Unfit(String),
    /// The body is too large.
    TooLarge,
    /// The body is of a kind that is not understood.
    UnknownKind,
    /// Too many requests; none is taken until then.
    TooMany {
        /// How many are taken in one stretch of time.
        limit: u32,
        /// When the next one is taken.
        until: Timestamp,
        /// How many seconds that is from now.
        wait_secs: i64,
    },
    /// OAuth says no, in its own words (RFC 6749, section 5.2).
    OAuth(OAuthError),
    /// Something this node needs is out of reach, or busy. Later may work.
    Unavailable(BoxError),
    /// A mistake of ours.
    Internal(BoxError),
}

/// Any error, with what caused it.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

alongside_domain::words! {
    /// The words of RFC 6749 for a refusal.
    pub enum OAuthError {
        /// A parameter is missing or twice there.
        InvalidRequest = "invalid_request",
        /// The client is unknown, or its secret is wrong.
        InvalidClient = "invalid_client",
        /// The code is unknown, used, expired, or was given for something else.
        InvalidGrant = "invalid_grant",
        /// The client may not do this.
        UnauthorizedClient = "unauthorized_client",
        /// This kind of grant is not known here.
        UnsupportedGrantType = "unsupported_grant_type",
        /// Only codes are given here.
        UnsupportedResponseType = "unsupported_response_type",
        /// A scope is unknown, or wider than the client asked for when it registered.
        InvalidScope = "invalid_scope",
        /// The member said no.
        AccessDenied = "access_denied",
    }
}

/// What an answer says, for whoever tells it in another form.
#[derive(Debug, Clone)]
pub(crate) struct Said(pub(crate) String);

/// An answer that says so.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Error")]
pub(crate) struct Body {
    /// What is wrong, for people; or, from OAuth, its word for it.
    error: String,
    /// What OAuth's word means.
    #[serde(skip_serializing_if = "Option::is_none")]
    error_description: Option<&'static str>,
}

/// How long a client is asked to wait when the node is out of reach of something it needs.
const RETRY_AFTER_SECS: &str = "5";

impl Error {
    /// The status it is answered with.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Unauthenticated | Self::SignedOut(_) | Self::OAuth(OAuthError::InvalidClient) => {
                StatusCode::UNAUTHORIZED
            }
            Self::Waits(_)
            | Self::OutOfScope
            | Self::Forbidden(_)
            | Self::OAuth(OAuthError::UnauthorizedClient) => {
                // RFC 7009 would have 401; clients of Mastodon expect this.
                StatusCode::FORBIDDEN
            }
            Self::NotFound | Self::Missing(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Malformed(_) | Self::OAuth(_) => StatusCode::BAD_REQUEST,
            Self::NoMember | Self::Unfit(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnknownKind => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// A value without which there is nothing to do is not there.
    pub(crate) fn missing(name: &str) -> Self {
        Self::Malformed(format!("param is missing or the value is empty or invalid: {name}"))
    }

    /// What is said about it, to a client and to a person.
    fn says(&self) -> String {
        match self {
            Self::Unauthenticated => "The access token is invalid".to_owned(),
            Self::NoMember => "This method requires an authenticated user".to_owned(),
            Self::Waits(Waits::Confirmation) => "Your login is missing a confirmed e-mail address".to_owned(),
            Self::Waits(Waits::Approval) => "Your login is currently pending approval".to_owned(),
            Self::OutOfScope => "This action is outside the authorized scopes".to_owned(),
            Self::NotFound => "Record not found".to_owned(),
            Self::SignedOut(says) => (*says).to_owned(),
            Self::MethodNotAllowed => "This address does not take this method".to_owned(),
            Self::Missing(says) | Self::Forbidden(says) | Self::Malformed(says) | Self::Unfit(says) => {
                says.clone()
            }
            Self::TooLarge => Problem::TooLarge.to_string(),
            Self::UnknownKind => Problem::UnknownKind.to_string(),
            Self::TooMany { .. } => "Too many requests. Please wait a little.".to_owned(),
            Self::OAuth(error) => error.as_str().to_owned(),
            Self::Unavailable(_) => "The node is busy right now. Please try again in a moment.".to_owned(),
            Self::Internal(_) => "Something went wrong on our side. It has been noted.".to_owned(),
        }
    }

    /// What is said about it where there is no answer to put it into; what must not be sent is written to the log.
    pub(crate) fn told(&self) -> String {
        self.report();
        self.says()
    }

    /// What a person is told, where a client is told a code.
    fn for_people(&self) -> String {
        match self {
            Self::OAuth(error) => error.describe().to_owned(),
            other => other.says(),
        }
    }

    /// What the log says of it: why, and never all that an error holds, which may be a row with somebody's words.
    pub(crate) fn cause(&self) -> String {
        match self {
            Self::Internal(error) | Self::Unavailable(error) => causes::line(error.as_ref()),
            _ => "it was refused".to_owned(),
        }
    }

    /// Writes to the log what must not be sent, where there is such a thing.
    fn report(&self) {
        match self {
            Self::Internal(_) => tracing::error!(error = %self.cause(), "a request failed"),
            Self::Unavailable(_) => tracing::warn!(error = %self.cause(), "a request could not be served"),
            _ => {}
        }
    }

    /// The headers that belong to it.
    fn add_headers(&self, response: &mut Response) {
        let headers = response.headers_mut();
        match self {
            Self::Unauthenticated => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(r#"Bearer error="invalid_token""#));
            }
            Self::OAuth(OAuthError::InvalidClient) => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(r#"Basic realm="OAuth""#));
            }
            Self::Unavailable(_) => {
                headers.insert(RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_SECS));
            }
            Self::TooMany { limit, until, wait_secs } => {
                Standing::exhausted(*limit, *until).add_headers(headers);
                headers.insert(RETRY_AFTER, HeaderValue::from(*wait_secs));
            }
            _ => {}
        }
    }
}

impl OAuthError {
    /// What a person who writes a client is told.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::InvalidRequest => {
                "A parameter is missing, is there twice, or has a value that is not understood."
            }
            Self::InvalidClient => "The client is unknown, or its secret is wrong.",
            Self::InvalidGrant => {
                "The code or sign-in is wrong, used or expired, or was given to another client or for another address."
            }
            Self::UnauthorizedClient => "This client may not do this.",
            Self::UnsupportedGrantType => "This kind of grant is not supported.",
            Self::UnsupportedResponseType => "Only the response type `code` is supported.",
            Self::InvalidScope => "A scope is unknown, or wider than what the client registered for.",
            Self::AccessDenied => "The member did not agree.",
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        self.report();
        let error_description = match &self {
            Self::OAuth(error) => Some(error.describe()),
            _ => None,
        };
        let body = Json(Body { error: self.says(), error_description });
        let mut response = (self.status(), body).into_response();
        response.extensions_mut().insert(Said(self.for_people()));
        self.add_headers(&mut response);
        response
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::Malformed(_) => Self::Malformed(problem.to_string()),
            Problem::Wrong { .. } => Self::Unfit(problem.to_string()),
            Problem::TooLarge => Self::TooLarge,
            Problem::UnknownKind => Self::UnknownKind,
            Problem::NoRoom => Self::Unavailable(problem.into()),
        }
    }
}

impl From<alongside_store::error::Error> for Error {
    fn from(error: alongside_store::error::Error) -> Self {
        if error.is_unavailable() { Self::Unavailable(error.into()) } else { Self::Internal(error.into()) }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Hidden => Self::NotFound,
            Refusal::Forbidden => Self::Forbidden("This action is not allowed".to_owned()),
            Refusal::MembersOnly => Self::Unfit(refusal.to_string()),
        }
    }
}

impl From<Unfit> for Error {
    fn from(unfit: Unfit) -> Self {
        Self::Unfit(format!("Validation failed: {unfit}"))
    }
}

impl From<OAuthError> for Error {
    fn from(error: OAuthError) -> Self {
        Self::OAuth(error)
    }
}

/// What an error says, as a person reads it.
pub(crate) fn sentence(says: &str) -> String {
    let mut chars = says.chars();
    chars.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), chars.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn sent(error: Error) -> (StatusCode, String) {
        let response = error.into_response();
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn what_is_inside_stays_inside() {
        let secret = std::io::Error::other("password of the database");
        let (status, body) = sent(Error::Internal(secret.into())).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(body.starts_with(r#"{"error":""#) && !body.contains("password"), "{body}");
    }

    #[tokio::test]
    async fn oauth_refuses_in_its_own_words() {
        let (status, body) = sent(OAuthError::InvalidGrant.into()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(body.starts_with(r#"{"error":"invalid_grant","error_description":""#), "{body}");
    }

    #[tokio::test]
    async fn out_of_reach_asks_to_come_back() {
        let response = Error::Unavailable("disk".into()).into_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()[RETRY_AFTER], RETRY_AFTER_SECS);
    }
}
