//! Who asks for a document, and whether they are let in.

use super::accept::Wanted;
use super::refused;
use alongside_federation::asker::{self, Asker};
use alongside_federation::node::Federation;
use alongside_federation::receive::{Arriving, Refused};
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::VARY;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Uri};
use std::convert::Infallible;

/// A request for a document. Who makes it is found out only where that matters: it may cost a look at a key.
#[derive(Debug)]
pub(crate) struct Asking {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    proven: Option<Asker>,
}

impl Asking {
    /// Who asks.
    pub(crate) async fn who(&self, node: &Federation) -> Result<Asker, Refused> {
        match &self.proven {
            Some(proven) => Ok(proven.clone()),
            None => asker::who(node, &self.arriving()).await,
        }
    }

    fn arriving(&self) -> Arriving<'_> {
        Arriving { method: &self.method, uri: &self.uri, headers: &self.headers, body: b"" }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Asking {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self {
            method: parts.method.clone(),
            uri: parts.uri.clone(),
            headers: parts.headers.clone(),
            proven: parts.extensions.get::<Asker>().cloned(),
        })
    }
}

/// Stands before every document, and lets in whom the node's terms let in. What one may read another may
/// not, so nothing on the way may keep the answer for others.
pub(super) async fn admit(
    State(node): State<Federation>,
    asking: Asking,
    mut request: Request,
    next: Next,
) -> Response {
    let mut response = match let_in(&node, &asking).await {
        Ok(Asker::Nobody) => return next.run(request).await,
        Ok(proven @ Asker::Proven { .. }) => {
            request.extensions_mut().insert(proven);
            next.run(request).await
        }
        Err(reason) => refused::to_a_reader(reason),
    };
    response.headers_mut().append(VARY, HeaderValue::from_static("signature, signature-input"));
    response
}

/// As [`admit`], where there is a page too, which is for everybody.
pub(super) async fn admit_or_page(
    state: State<Federation>,
    wanted: Wanted,
    asking: Asking,
    request: Request,
    next: Next,
) -> Response {
    match wanted {
        Wanted::Page => next.run(request).await,
        Wanted::Document | Wanted::Anything => admit(state, asking, request, next).await,
    }
}

async fn let_in(node: &Federation, asking: &Asking) -> Result<Asker, Refused> {
    if asker::must_be_known(node)? { asking.who(node).await?.known() } else { Ok(Asker::Nobody) }
}
