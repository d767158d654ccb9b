//! `/media/:file`: pictures, for everybody or for those who hold a signed address.

use crate::error::Error;
use crate::params::Query;
use crate::path::Path;
use crate::state::Web;
use alongside_app::context::App;
use alongside_app::media::{self, Ticket};
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use serde::Deserialize;
use std::io;
use tokio::fs::File;
use tokio_util::io::ReaderStream;

/// A file never changes under its name.
const FOR_EVERYBODY: &str = "public, max-age=31536000, immutable";
/// Kept by the browser that asked, no longer than the address works at least.
const FOR_ONE: &str = "private, max-age=3600";

/// The address.
pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/media/{file}", get(show))
}

/// What a signed address carries.
#[derive(Debug, Deserialize)]
struct Signed {
    until: Option<i64>,
    signature: Option<String>,
}

async fn show(
    State(app): State<App>,
    Path(name): Path<String>,
    Query(signed): Query<Signed>,
) -> Result<Response, Error> {
    let ticket = signed.until.zip(signed.signature).map(|(until, signature)| Ticket { until, signature });
    let shown = media::show(&app, &name, ticket.as_ref()).await?.ok_or(Error::NotFound)?;
    let file = File::open(&shown.path).await.map_err(missing)?;
    let length = file.metadata().await.map_err(missing)?.len();
    let caching = if shown.open { FOR_EVERYBODY } else { FOR_ONE };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(shown.mime)),
        (CONTENT_LENGTH, HeaderValue::from(length)),
        (CACHE_CONTROL, HeaderValue::from_static(caching)),
        // Even a file that were no picture could do nothing in a browser.
        (
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'"),
        ),
    ];
    Ok((headers, Body::from_stream(ReaderStream::new(file))).into_response())
}

fn missing(error: io::Error) -> Error {
    if error.kind() == io::ErrorKind::NotFound { Error::NotFound } else { Error::Internal(error.into()) }
}
