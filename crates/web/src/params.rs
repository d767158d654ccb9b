//! The values of a request, from wherever a client put them: the query, a form, multipart form data
//! or JSON. What the body says counts more than what the query says.
//!
//! One way in for every handler: [`Params`], and [`Uploads`] where files may come too.

pub(crate) mod problem;
mod read;
pub(crate) mod room;
mod tree;

use crate::error::Error;
use crate::params::problem::Problem;
use crate::params::read::Reader;
use crate::params::room::Room;
use crate::params::tree::Tree;
use alongside_domain::word::UnknownWord;
use axum::RequestExt as _;
use axum::body::to_bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use serde::de::{DeserializeOwned, Deserializer, Error as _};
use serde::{Deserialize, de};
use std::str::FromStr;

/// Bytes in a request beside its files.
pub(crate) const VALUES_BYTES_MAX: usize = 1_048_576;

/// The values of a request as a struct of the handler's own.
#[derive(Debug)]
pub(crate) struct Params<T>(pub(crate) T);

/// The values of a request and the files that came with them.
#[derive(Debug)]
pub(crate) struct Uploads<T> {
    /// The values.
    pub(crate) values: T,
    /// The files.
    pub(crate) files: Vec<Upload>,
}

/// What files may come with the values of a request.
pub(crate) trait Files {
    /// The names they are given for.
    const FILES: &'static [&'static str];
}

/// The values in the query alone, where the body has others of its own.
#[derive(Debug)]
pub(crate) struct Query<T>(pub(crate) T);

/// The values of a request that only reads: in the query, or in a body all the same, as Mastodon.py puts some.
#[derive(Debug)]
pub(crate) struct Anywhere<T>(pub(crate) T);

/// A file that came with a request.
#[derive(Debug)]
pub(crate) struct Upload {
    /// The name of the value it was given for.
    pub(crate) name: String,
    /// What is in it.
    pub(crate) bytes: Bytes,
}

/// A word of one of the domain's closed sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word<T>(pub(crate) T);

impl<T: Files> Uploads<T> {
    /// Takes the file given for this value.
    pub(crate) fn take(&mut self, name: &str) -> Option<Bytes> {
        debug_assert!(T::FILES.contains(&name), "nobody is told that a file may be given for {name}");
        let at = self.files.iter().position(|file| file.name == name)?;
        Some(self.files.swap_remove(at).bytes)
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Params<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        Uploads::from_request(request, state).await.map(|uploads| Self(uploads.values))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Uploads<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let query = form(request.uri().query().unwrap_or_default().as_bytes())?;
        let (body, files) = body(request, state).await?;
        let values = T::deserialize(Reader(query.overlay(body).into_value()))?;
        Ok(Self { values, files })
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Anywhere<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        Params::from_request(request, state).await.map(|Params(values)| Self(values))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let query = form(parts.uri.query().unwrap_or_default().as_bytes())?;
        Ok(Self(T::deserialize(Reader(query.into_value()))?))
    }
}

/// A struct of the caller's own from JSON that did not come as the body of a request.
pub(crate) fn of_json<T: DeserializeOwned>(text: &[u8]) -> Result<T, Problem> {
    T::deserialize(Reader(Tree::of_json(text)?.into_value()))
}

/// An empty text as nothing: for values that are numbers when they are there.
pub(crate) fn blank<'de, D: Deserializer<'de>, T: FromStr>(from: D) -> Result<Option<T>, D::Error> {
    let text = Option::<String>::deserialize(from)?.unwrap_or_default();
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| D::Error::custom("must be a number"))
}

/// Ids, without empty texts: a form says so that there are none.
pub(crate) fn given<'de, D: Deserializer<'de>, T: FromStr>(from: D) -> Result<Vec<T>, D::Error> {
    let texts = Vec::<String>::deserialize(from)?;
    let said = texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
    said.map(|text| text.parse().map_err(|_| D::Error::custom("must be numbers"))).collect()
}

/// Ids, without what cannot be one of ours: as in an address, that names nothing.
pub(crate) fn known<'de, D: Deserializer<'de>, T: FromStr>(from: D) -> Result<Vec<T>, D::Error> {
    let texts = Vec::<String>::deserialize(from)?;
    Ok(texts.iter().filter_map(|text| text.trim().parse().ok()).collect())
}

impl<'de, T: FromStr<Err = UnknownWord>> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map(Self).map_err(de::Error::custom)
    }
}

/// The id of something: what is no number is the id of nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AnyId(pub(crate) i64);

impl<'de> Deserialize<'de> for AnyId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(|text| Self(number_at_start(&text)))
    }
}

/// A whole number: what is none is nought, which is the id of nothing, and what stands behind a point is left out.
pub(crate) fn any_number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    let text = Option::<String>::deserialize(from)?.unwrap_or_default();
    let text = text.trim();
    Ok((!text.is_empty()).then(|| number_at_start(text)))
}

/// The number that a text begins with, and nought where there is none: so Mastodon reads numbers in a query.
fn number_at_start(text: &str) -> i64 {
    let text = text.trim_start();
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    if end == 0 { 0 } else { sign * digits[..end].parse().unwrap_or(i64::MAX) }
}

/// A value without which there is nothing to do. It is said in Mastodon's words, and is a mistake in the request and not
/// in what is asked for.
pub(crate) fn needed<T>(name: &str, value: Option<T>) -> Result<T, Error> {
    value.ok_or_else(|| Error::missing(name))
}

async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<(Tree, Vec<Upload>), Problem> {
    let kind = kind(request.headers());
    if kind == "multipart/form-data" {
        return multipart(request, state).await;
    }
    // Where files may come, the limit of the address is theirs.
    let body = request.into_limited_body();
    let bytes = to_bytes(body, VALUES_BYTES_MAX).await.map_err(|_| Problem::TooLarge)?;
    let tree = match kind.as_str() {
        _ if bytes.is_empty() => Tree::default(),
        "application/x-www-form-urlencoded" | "" => form(&bytes)?,
        kind if kind == "application/json" || kind.ends_with("+json") => Tree::of_json(&bytes)?,
        _ => return Err(Problem::UnknownKind),
    };
    Ok((tree, Vec::new()))
}

fn form(pairs: &[u8]) -> Result<Tree, Problem> {
    let mut tree = Tree::default();
    for (name, text) in form_urlencoded::parse(pairs) {
        tree.add(&name, text.into_owned())?;
    }
    Ok(tree)
}

/// What the body is, without its parameters.
fn kind(headers: &HeaderMap) -> String {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

async fn multipart<S: Send + Sync>(request: Request, state: &S) -> Result<(Tree, Vec<Upload>), Problem> {
    const FILES_MAX: usize = 4;
    let (mut tree, mut files, mut values_bytes) = (Tree::default(), Vec::new(), 0);
    let room: Option<Room> = request.extensions().get().cloned();
    let mut parts = Multipart::from_request(request, state)
        .await
        .map_err(|_| Problem::malformed("the boundary of the multipart form data is missing".to_owned()))?;
    while let Some(mut part) = parts.next_field().await.map_err(|error| refused(&error))? {
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = part.file_name().is_some();
        let bytes = room::hold(&mut part, room.as_ref().filter(|_| is_file), refused).await?;
        if !is_file {
            values_bytes += bytes.len();
            if values_bytes > VALUES_BYTES_MAX {
                return Err(Problem::TooLarge);
            }
            let text = String::from_utf8(bytes.into())
                .map_err(|_| Problem::malformed("the multipart form data is not UTF-8".to_owned()))?;
            tree.add(&name, text)?;
        } else if files.len() == FILES_MAX {
            return Err(Problem::too_many());
        } else if !bytes.is_empty() {
            files.push(Upload { name, bytes });
        }
    }
    Ok((tree, files))
}

fn refused(error: &MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::TooLarge;
    }
    Problem::malformed("the multipart form data cannot be read".to_owned())
}

#[cfg(test)]
mod tests;
