//! `POST /inbox` and `POST /actors/{handle}/inbox`: where other servers deliver. Everything is checked
//! and kept here, and nothing is acted on.

use super::{actor, refused};
use crate::error::Error;
use crate::path::Path;
use alongside_federation::node::Federation;
use alongside_federation::receive::{self, Arriving};
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, StatusCode};

/// Takes in what is for anybody here.
pub(super) async fn shared(State(node): State<Federation>, request: Request) -> Result<StatusCode, Response> {
    take(&node, request).await
}

/// Takes in what is for one who lives here. Whom it concerns is said in it, so this is the same door.
pub(super) async fn of_actor(
    State(node): State<Federation>,
    Path(handle): Path<String>,
    request: Request,
) -> Result<StatusCode, Response> {
    actor::present(node.app(), &handle).await.map_err(IntoResponse::into_response)?;
    take(&node, request).await
}

async fn take(node: &Federation, request: Request) -> Result<StatusCode, Response> {
    let bytes_max = node.settings().fetch.limits.body_bytes_max;
    let (parts, body) = request.into_parts();
    let body = whole(&parts.headers, body, bytes_max).await.map_err(IntoResponse::into_response)?;
    let arriving = Arriving { method: &parts.method, uri: &parts.uri, headers: &parts.headers, body: &body };
    receive::accept(node, &arriving).await.map(|_| StatusCode::ACCEPTED).map_err(refused::to_a_sender)
}

/// The body, unless it is too large. One that says so beforehand is not read at all.
async fn whole(headers: &HeaderMap, body: Body, bytes_max: usize) -> Result<Bytes, Error> {
    let announced =
        headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > bytes_max) {
        return Err(Error::TooLarge);
    }
    to_bytes(body, bytes_max).await.map_err(|_| Error::TooLarge)
}
