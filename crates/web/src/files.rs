//! `/media/:file`: pictures, films and sounds, for everybody or for those who hold a signed address. A part of
//! one can be asked for, as players do. `/copies/:ticket`: what lies elsewhere, for whom this node has signed it.

use crate::error::Error;
use crate::federation::asker::Asking;
use crate::federation::members;
use crate::params::Query;
use crate::path::Path;
use crate::state::Web;
use alongside_app::context::App;
use alongside_app::files::Opened;
use alongside_app::files::part::Wanted;
use alongside_app::media::{self, Addresses, Shown, Ticket};
use alongside_domain::post::Visibility;
use alongside_federation::copies;
use alongside_federation::node::Federation;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, RANGE,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;

/// A file never changes under its name.
const FOR_EVERYBODY: &str = "public, max-age=31536000, immutable";
/// Kept by the browser that asked, no longer than the address works at least.
const FOR_ONE: &str = "private, max-age=3600";

/// The address.
pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/media/{file}", get(show)).route("/copies/{ticket}", get(copy))
}

/// What lies elsewhere may change there.
const COPY_FOR_EVERYBODY: &str = "public, max-age=604800";

/// What a signed address carries.
#[derive(Debug, Deserialize)]
struct Signed {
    until: Option<i64>,
    signature: Option<String>,
}

async fn show(
    State(node): State<Federation>,
    Path(name): Path<String>,
    Query(signed): Query<Signed>,
    headers: HeaderMap,
    asking: Asking,
) -> Result<Response, Error> {
    let app = node.app();
    let ticket = signed.until.zip(signed.signature).map(|(until, signature)| Ticket { until, signature });
    let shown = match media::show(app, &name, ticket.as_ref()).await? {
        Some(shown) => shown,
        None => for_members(&node, &asking, name).await?.ok_or(Error::NotFound)?,
    };
    let range = headers.get(RANGE).and_then(|range| range.to_str().ok());
    let caching = if shown.open { FOR_EVERYBODY } else { FOR_ONE };
    answer(app, &shown.name, shown.mime, Wanted::read(range), caching).await
}

/// A file of a post for members, for a node where some of them live: it shows them copies after the address it was told has
/// run out.
async fn for_members(node: &Federation, asking: &Asking, name: String) -> Result<Option<Shown>, Error> {
    let post = media::post_with(node.app(), &name).await?;
    let Some(post) = post.filter(|post| post.visibility == Visibility::Members) else { return Ok(None) };
    if !members::may_know_of(node, asking, Some(&post)).await? {
        return Ok(None);
    }
    Ok(media::mime(&name).map(|mime| Shown { name, mime, open: false }))
}

/// Without a signature of this node nothing is asked for, so that nobody makes it fetch for them.
async fn copy(
    State(node): State<Federation>,
    Path(ticket): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let app = node.app();
    let wanted = Addresses::load(app).await?.read_ticket(&ticket).ok_or(Error::NotFound)?;
    if app.settings().media.copies.is_none() {
        return Err(Error::NotFound);
    }
    let found = copies::of(&node, &wanted).await.map_err(|error| Error::Unavailable(error.into()))?;
    let name = found.ok_or(Error::NotFound)?;
    let mime = media::mime(&name).ok_or(Error::NotFound)?;
    let range = headers.get(RANGE).and_then(|range| range.to_str().ok());
    let caching = if wanted.open { COPY_FOR_EVERYBODY } else { FOR_ONE };
    answer(app, &name, mime, Wanted::read(range), caching).await
}

/// A file, or the part of it that is wanted, so that it can do nothing in a browser but be looked at.
async fn answer(
    app: &App,
    name: &str,
    mime: &'static str,
    wanted: Wanted,
    caching: &'static str,
) -> Result<Response, Error> {
    let opened = app.files().open(name, wanted).await.map_err(|error| Error::Unavailable(error.into()))?;
    let part = match opened {
        Opened::Part(part) => part,
        Opened::TooShort { whole } => {
            let range = [(CONTENT_RANGE, format!("bytes */{whole}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, range).into_response());
        }
        Opened::Missing => return Err(Error::NotFound),
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(mime)),
        (CONTENT_LENGTH, HeaderValue::from(part.range.end - part.range.start)),
        (ACCEPT_RANGES, HeaderValue::from_static("bytes")),
        (CACHE_CONTROL, HeaderValue::from_static(caching)),
        (CONTENT_DISPOSITION, HeaderValue::from_static("inline")),
        // Even a file that were no picture could do nothing in a browser.
        (
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'"),
        ),
    ];
    let is_part = wanted != Wanted::Whole;
    let range = format!("bytes {}-{}/{}", part.range.start, part.range.end.saturating_sub(1), part.whole);
    let body = (headers, Body::from_stream(part.bytes));
    Ok(if is_part {
        (StatusCode::PARTIAL_CONTENT, [(CONTENT_RANGE, range)], body).into_response()
    } else {
        body.into_response()
    })
}

#[cfg(test)]
mod tests;
