//! `/media/:file`: pictures, films and sounds, for everybody or for those who hold a signed address. A part of
//! one can be asked for, as players do. `/copies/:ticket`: what lies elsewhere, for whom this node has signed it.
//! Where files lie in a bucket, whoever may see one may be sent there.

use crate::error::Error;
use crate::etag;
use crate::federation::asker::Asking;
use crate::federation::members;
use crate::params::Query;
use crate::path::Path;
use crate::state::Web;
use alongside_app::context::App;
use alongside_app::files::Opened;
use alongside_app::files::bucket::Handed;
use alongside_app::files::part::Wanted;
use alongside_app::media::{self, Addresses, Shown, Ticket};
use alongside_domain::post::Visibility;
use alongside_federation::copies;
use alongside_federation::node::Federation;
use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, State};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_RANGE, LOCATION, RANGE, VARY,
};
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode};
use serde::Deserialize;
use std::convert::Infallible;
use std::time::Duration;

/// For how long what is answered may be kept, and by whom.
struct Keeping {
    /// The file.
    file: &'static str,
    /// Where it can be had from the bucket.
    address: &'static str,
    /// How long that works.
    lasting: Duration,
}

/// A file never changes under its name, but it goes when its post does: whoever keeps it asks again within the hour, and is
/// told in a few bytes that it is still there.
const FOR_EVERYBODY: Keeping = Keeping {
    file: "public, max-age=3600",
    address: "public, max-age=1800",
    lasting: Duration::from_hours(1),
};
/// Kept by the browser that asked, no longer than the address works at least. At the bucket it works for as long as
/// a film takes.
const FOR_ONE: Keeping = Keeping {
    file: "private, max-age=3600",
    address: "private, max-age=300",
    lasting: Duration::from_mins(15),
};

/// The address.
pub(crate) fn routes() -> Router<Web> {
    let files = Router::new().route("/media/{file}", get(show)).route("/copies/{ticket}", get(copy));
    files.layer(from_fn(etag::compare))
}

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
    asked: Asked,
    asking: Asking,
) -> Result<Response, Error> {
    let app = node.app();
    let ticket = signed.until.zip(signed.signature).map(|(until, signature)| Ticket { until, signature });
    let Some(shown) = media::show(app, &name, ticket.as_ref()).await? else {
        let shown = for_members(&node, &asking, name).await?.ok_or(Error::NotFound)?;
        // Another node asks this one, and may be on no terms with the service where the bucket is.
        return answer(app, &shown.name, shown.mime, &asked, &FOR_ONE).await;
    };
    let keeping = if shown.open { FOR_EVERYBODY } else { FOR_ONE };
    give(app, &shown.name, shown.mime, &asked, &keeping).await
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
    asked: Asked,
) -> Result<Response, Error> {
    let app = node.app();
    let wanted = Addresses::load(app).await?.read_ticket(&ticket).ok_or(Error::NotFound)?;
    if app.settings().media.copies.is_none() {
        return Err(Error::NotFound);
    }
    let found = copies::of(&node, &wanted).await.map_err(|error| Error::Unavailable(error.into()))?;
    let name = found.ok_or(Error::NotFound)?;
    let mime = media::mime(&name).ok_or(Error::NotFound)?;
    let keeping = if wanted.open { FOR_EVERYBODY } else { FOR_ONE };
    give(app, &name, mime, &asked, &keeping).await
}

/// How a file is asked for.
struct Asked {
    wanted: Wanted,
    /// A part is wanted of what is known by this tag alone, and all of anything else.
    only_of: Option<HeaderValue>,
    /// Whoever asks may be sent to the bucket. No page of ours makes a browser ask anybody but this node, and what is
    /// signed for a bucket is good for reading alone.
    goes_on: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let range = parts.headers.get(RANGE).and_then(|range| range.to_str().ok());
        let is_of_our_page = parts.headers.get(SEC_FETCH_SITE).is_some_and(|site| site == "same-origin");
        Ok(Self {
            wanted: Wanted::read(range),
            only_of: parts.headers.get(IF_RANGE).cloned(),
            goes_on: parts.method == Method::GET && !is_of_our_page,
        })
    }
}

impl Asked {
    fn wanted_of(&self, tag: &HeaderValue) -> Wanted {
        if self.only_of.as_ref().is_none_or(|only| only == tag) { self.wanted } else { Wanted::Whole }
    }
}

/// By this browsers say whether a page of ours asks.
const SEC_FETCH_SITE: &str = "sec-fetch-site";

/// A file for whoever may see it: from this node, or from the bucket where it lies.
async fn give(
    app: &App,
    name: &str,
    mime: &'static str,
    asked: &Asked,
    keeping: &Keeping,
) -> Result<Response, Error> {
    if asked.goes_on {
        let handed = Handed { mime, caching: keeping.file, lasting: keeping.lasting };
        let address = app.files().address(name, &handed).await;
        if let Some(address) = address.map_err(|error| Error::Unavailable(error.into()))? {
            let headers = [
                (LOCATION, HeaderValue::try_from(address).map_err(|error| Error::Internal(error.into()))?),
                (CACHE_CONTROL, HeaderValue::from_static(keeping.address)),
                (VARY, HeaderValue::from_static(SEC_FETCH_SITE)),
            ];
            return Ok((StatusCode::FOUND, headers).into_response());
        }
    }
    answer(app, name, mime, asked, keeping).await
}

/// A file, or the part of it that is wanted, so that it can do nothing in a browser but be looked at.
async fn answer(
    app: &App,
    name: &str,
    mime: &'static str,
    asked: &Asked,
    keeping: &Keeping,
) -> Result<Response, Error> {
    // What is written under a name stays the same, and a copy that is made anew has a new name.
    let tag = HeaderValue::try_from(format!("\"{name}\"")).map_err(|error| Error::Internal(error.into()))?;
    let wanted = asked.wanted_of(&tag);
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
        (CACHE_CONTROL, HeaderValue::from_static(keeping.file)),
        (ETAG, tag),
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
mod bucket_tests;
#[cfg(test)]
mod tests;
