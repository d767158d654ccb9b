//! What another server is answered when nothing is taken from it, or shown to it.

use crate::error::Error;
use crate::json::Json;
use alongside_domain::agreement::Silence;
use alongside_federation::receive::Refused;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;

/// One who delivers. A server error makes some hold back all they have for us, so it is said only where later
/// may work.
pub(super) fn to_a_sender(refused: Refused) -> Response {
    let status = match refused {
        Refused::Store(error) => return Error::from(error).into_response(),
        Refused::Key(error) if error.is_temporary() => {
            return Error::Unavailable(error.into()).into_response();
        }
        Refused::Key(_) | Refused::Signature(_) | Refused::UnusableKey(_) | Refused::UnknownKind => {
            StatusCode::UNAUTHORIZED
        }
        Refused::NotTheActor | Refused::Origin | Refused::Silent(_) => StatusCode::FORBIDDEN,
        Refused::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Refused::Malformed(_) | Refused::Address(_) => StatusCode::BAD_REQUEST,
    };
    tracing::debug!(http.status = status.as_u16(), reason = %refused, "another server was refused");
    (status, Json(json!({ "error": refused.to_string() }))).into_response()
}

/// One who reads. A node that talks with nobody has nothing to read.
pub(super) fn to_a_reader(refused: Refused) -> Response {
    match refused {
        Refused::Silent(Silence::Off) => Error::NotFound.into_response(),
        refused => to_a_sender(refused),
    }
}

/// A node that talks with nobody is not found.
impl From<Silence> for Error {
    fn from(_: Silence) -> Self {
        Self::NotFound
    }
}
