//! `GET /api/openapi.json`: the API described for machines (`OpenAPI` 3.1), from the types of the code itself.
//!
//! [`crate::routes`] gathers what is told about each address while the router is made; here it becomes one document.
//! The words for people stand in `openapi/summaries.txt`. `docs/openapi.json` is the same document, for those who read
//! it without a node; a test compares them.

pub(crate) mod handler;
pub(crate) mod inputs;
pub(crate) mod operation;
mod outputs;
mod schemas;
mod summaries;

use crate::error::Body;
use crate::oauth::deeds;
use crate::openapi::operation::Operation;
use crate::openapi::schemas::Schemas;
use crate::routes::{Route, Routes, get};
use alongside_domain::scope;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

const PATH: &str = "/api/openapi.json";
const DESCRIPTION: &str = "The API of a node of Alongside: Mastodon's client API, what Mastodon has no address for \
    (communities under `groups`, this node's own under `alongside`), OAuth, and how it is found.\n\n\
    What is sent may stand in the query, in a form, in multipart form data or in JSON. Names in a form say what lies \
    inside what: `poll[options][]=tea`. A form's text is read as the number or the yes-or-no that is asked for.\n\n\
    Every answer of the API has `X-RateLimit-Limit`, `-Remaining` and `-Reset`. Whatever is refused is answered with \
    an `Error`.";
/// It changes with the version of the node alone.
const CACHED: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// The address of the description of these routes, and of itself.
pub(crate) fn routes(others: &[&Routes]) -> Routes {
    let document = Arc::new(Document::default());
    let shown = Arc::clone(&document);
    let own = Routes::new().route(PATH, get(async move || Shown(shown.text())));
    let told = others.iter().copied().chain([&own]).flat_map(Routes::told).copied().collect();
    document.routes.set(told).expect("it is set here alone");
    own
}

/// The document, made when it is first asked for.
#[derive(Debug, Default)]
struct Document {
    routes: OnceLock<Vec<Route>>,
    text: OnceLock<Bytes>,
}

/// The document on its way to a client.
#[derive(Debug)]
pub(crate) struct Shown(Bytes);

impl Document {
    fn text(&self) -> Bytes {
        let routes = || self.routes.get().map_or(&[][..], Vec::as_slice);
        self.text.get_or_init(|| document(routes()).to_string().into()).clone()
    }
}

impl IntoResponse for Shown {
    fn into_response(self) -> Response {
        let kind = HeaderValue::from_static("application/json; charset=utf-8");
        ([(CONTENT_TYPE, kind), (CACHE_CONTROL, CACHED)], self.0).into_response()
    }
}

impl handler::Output for Shown {
    fn tell(operation: &mut Operation<'_>) {
        operation.gives("application/json", &json!({ "type": "object" }));
    }
}

fn document(routes: &[Route]) -> Value {
    let mut schemas = Schemas::new();
    let mut paths = Map::new();
    for route in routes {
        let mut operation = Operation::new(id(route), route.path, &mut schemas);
        (route.tell)(&mut operation);
        let told = operation.finish(tag(route.path), summaries::of(route));
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method] = told;
    }
    let error = schemas.of_answer::<Body>();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Alongside",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later" },
            "description": DESCRIPTION,
        },
        "externalDocs": { "url": "https://docs.joinmastodon.org/client/intro/" },
        "servers": [{ "url": "/" }],
        "tags": tags(routes),
        "paths": paths,
        "components": {
            "schemas": schemas.finish(),
            "responses": refusals(&error),
            "headers": headers(),
            "securitySchemes": security(),
        },
    })
}

/// `getV1AccountsIdStatuses`: what programs made from this document call it.
fn id(route: &Route) -> String {
    let mut id = route.method.to_owned();
    let words = route.path.split(|sign: char| !sign.is_ascii_alphanumeric());
    for word in words.filter(|word| !word.is_empty() && *word != "api") {
        let (first, rest) = word.split_at(1);
        id.push_str(&first.to_ascii_uppercase());
        id.push_str(rest);
    }
    id
}

/// The family an address belongs to.
fn tag(path: &str) -> &str {
    let mut parts = path.split('/').skip(1);
    match (parts.next(), parts.next(), parts.next()) {
        (Some("api"), Some("alongside"), _) => "alongside",
        (Some("api"), Some(version), Some(family)) if version.starts_with('v') => family,
        (Some("oauth"), ..) => "oauth",
        _ => "discovery",
    }
}

/// The families, and where Mastodon describes what is as there.
fn tags(routes: &[Route]) -> Vec<Value> {
    let names: BTreeSet<&str> = routes.iter().map(|route| tag(route.path)).collect();
    let described = |name: &str| match name {
        "alongside" | "discovery" | "groups" => json!({ "name": name }),
        name => {
            let url = format!("https://docs.joinmastodon.org/methods/{name}/");
            json!({ "name": name, "externalDocs": { "url": url } })
        }
    };
    names.into_iter().map(described).collect()
}

/// Why a request is not done.
const REFUSALS: [(u16, &str); 9] = [
    (400, "The request cannot be taken apart, or OAuth says no in its own words (RFC 6749, section 5.2)."),
    (401, "There is no token or secret, or it is unknown or revoked."),
    (403, "The token is not good for this, or whoever it speaks for may not do it."),
    (404, "There is no such thing, as far as whoever asks may know."),
    (413, "The body is too large."),
    (415, "The body is neither a form nor multipart form data nor JSON."),
    (422, "It is understood and does not fit; the text says why."),
    (429, "Too many requests; `Retry-After` says when the next one is taken."),
    (503, "The node is busy; `Retry-After` says when to ask again."),
];

fn refusals(error: &Value) -> Map<String, Value> {
    let refusal = |(status, description): (u16, &str)| {
        let mut refusal = json!({
            "description": description,
            "content": { "application/json": { "schema": error } },
        });
        let headers: &[&str] = match status {
            429 => &["Retry-After", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"],
            503 => &["Retry-After"],
            _ => return (status.to_string(), refusal),
        };
        let named =
            |name: &&str| ((*name).to_owned(), json!({ "$ref": format!("#/components/headers/{name}") }));
        refusal["headers"] = headers.iter().map(named).collect::<Map<_, _>>().into();
        (status.to_string(), refusal)
    };
    REFUSALS.into_iter().map(refusal).collect()
}

fn headers() -> Value {
    let number = json!({ "type": "integer", "minimum": 0 });
    json!({
        "Link": {
            "description": "Where the next and the previous part of the list are (`rel=\"next\"`, `rel=\"prev\"`); \
                            not there where the list is empty.",
            "schema": { "type": "string" },
        },
        "Retry-After": { "description": "Seconds to wait.", "schema": number },
        "X-RateLimit-Limit": { "description": "Requests in one stretch of time.", "schema": number },
        "X-RateLimit-Remaining": { "description": "Requests left in it.", "schema": number },
        "X-RateLimit-Reset": {
            "description": "When the next stretch begins.",
            "schema": { "type": "string", "format": "date-time" },
        },
    })
}

fn security() -> Value {
    let scopes: Map<String, Value> =
        scope::all().into_iter().map(|name| (name.clone(), deeds::deed(&name).into())).collect();
    json!({
        "oauth2": {
            "type": "oauth2",
            "description": "A token in `Authorization: Bearer …`. An umbrella (`read`) grants its children \
                            (`read:statuses`).",
            "flows": {
                "authorizationCode": {
                    "authorizationUrl": "/oauth/authorize",
                    "tokenUrl": "/oauth/token",
                    "scopes": scopes,
                },
                "clientCredentials": { "tokenUrl": "/oauth/token", "scopes": scopes },
            },
        },
        "client": {
            "type": "http",
            "scheme": "basic",
            "description": "The id and the secret of a client, where they are not in the body.",
        },
    })
}

#[cfg(test)]
mod rubbish_tests;
#[cfg(test)]
mod tests;
