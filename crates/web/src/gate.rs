//! The gates: requests are counted, and for the client API the token is looked up, once.

use crate::address::ClientAddress;
use crate::auth::Presented;
use crate::error::Error;
use crate::rates::Asker;
use crate::state::Web;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{AUTHORIZATION, SEC_WEBSOCKET_PROTOCOL};
use http::request::Parts;

/// Bytes in a token; what is longer is none of ours.
const TOKEN_BYTES_MAX: usize = 256;
/// Where a browser cannot send a header, and a token may come in the address or the protocol.
const STREAMING: &str = "/api/v1/streaming";

/// Looks up the token and counts the request.
pub(crate) async fn pass(State(web): State<Web>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let presented = match presented(&web, &parts).await {
        Ok(presented) => presented,
        Err(error) => return error.into_response(),
    };
    let asker = match &presented {
        Presented::Token(bearer) if bearer.member_id.is_some() => Asker::Token(bearer.id),
        // An application draws itself as many tokens as it likes, and so does a newcomer: these have no budget of their own.
        Presented::Token(_) | Presented::Newcomer(..) | Presented::Nothing | Presented::Unknown => {
            Asker::at(ClientAddress::of(&parts).0)
        }
    };
    let standing = match web.rates().request(asker, web.app().now()) {
        Ok(standing) => standing,
        Err(error) => return error.into_response(),
    };
    parts.extensions.insert(presented);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    standing.add_headers(response.headers_mut());
    response
}

/// Counts a visit to a page, or of another server that reads here, by its address.
pub(crate) async fn visit(
    State(web): State<Web>,
    ClientAddress(address): ClientAddress,
    request: Request,
    next: Next,
) -> Response {
    match web.rates().visit(address, web.app().now()) {
        Ok(_) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

/// Counts a picture, by the address that asks for it.
pub(crate) async fn picture(
    State(web): State<Web>,
    ClientAddress(address): ClientAddress,
    request: Request,
    next: Next,
) -> Response {
    match web.rates().picture(address, web.app().now()) {
        Ok(_) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

async fn presented(web: &Web, parts: &Parts) -> Result<Presented, Error> {
    let Some(token) = token(parts) else { return Ok(Presented::Nothing) };
    if token.len() > TOKEN_BYTES_MAX {
        return Ok(Presented::Unknown);
    }
    Ok(match web.bearers().find(web.app(), &token).await? {
        None => Presented::Unknown,
        Some(bearer) => match bearer.waits {
            Some(waits) => Presented::Newcomer(bearer, waits),
            None => Presented::Token(bearer),
        },
    })
}

fn token(parts: &Parts) -> Option<String> {
    let header = |name| parts.headers.get(name)?.to_str().ok();
    if let Some(authorization) = header(AUTHORIZATION) {
        let (kind, token) = authorization.split_once(' ')?;
        return kind.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned());
    }
    if !parts.uri.path().starts_with(STREAMING) {
        return None;
    }
    let query = parts.uri.query().unwrap_or_default();
    let in_query = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "access_token");
    in_query
        .map(|(_, token)| token.into_owned())
        .or_else(|| header(SEC_WEBSOCKET_PROTOCOL).map(|protocol| protocol.trim().to_owned()))
        .filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    fn found(uri: &str, headers: &[(&str, &str)]) -> Option<String> {
        let mut request = Request::get(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        token(&request.body(()).unwrap().into_parts().0)
    }

    #[test]
    fn a_token_comes_in_the_header_and_only_to_a_stream_otherwise() {
        assert_eq!(found("/api/v1/x", &[("authorization", "Bearer abc")]).as_deref(), Some("abc"));
        assert_eq!(found("/oauth/token", &[("authorization", "Basic abc")]), None);
        assert_eq!(found("/api/v1/x?access_token=abc", &[]), None);
        assert_eq!(found("/api/v1/streaming?access_token=abc", &[]).as_deref(), Some("abc"));
        assert_eq!(found("/api/v1/streaming", &[("sec-websocket-protocol", "abc")]).as_deref(), Some("abc"));
    }
}
