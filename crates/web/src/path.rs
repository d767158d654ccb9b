//! What an address names. A name that cannot be one of ours names nothing.

use crate::error::Error;
use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::de::DeserializeOwned;

/// The parts of the address that the route leaves open.
#[derive(Debug)]
pub(crate) struct Path<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    #[expect(clippy::disallowed_types, reason = "wrapped here, once, to refuse with our own body")]
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        // PostgreSQL fails where it is asked for a text that it cannot keep.
        if parts.uri.path().contains("%00") {
            return Err(Error::NotFound);
        }
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(named)| Self(named)).map_err(|_| Error::NotFound)
    }
}
