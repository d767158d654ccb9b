//! `GET /`: the node as an actor, for those who ask for a document where people get the start page.

use super::accept::Wanted;
use super::actor;
use crate::error::Error;
use alongside_federation::node::Federation;
use alongside_federation::{asker, keys};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::VARY;
use http::{HeaderValue, Method};

/// Answers for the node itself, and lets every other request pass. It never asks for a signature: a
/// closed node has to be able to read our key before it can tell us apart.
pub(crate) async fn at_the_root(State(node): State<Federation>, request: Request, next: Next) -> Response {
    let is_here = request.uri().path() == "/" && request.method() == Method::GET;
    if !is_here {
        return next.run(request).await;
    }
    if Wanted::by(request.headers()) == Wanted::Document {
        return show(&node).await.into_response();
    }
    let mut page = next.run(request).await;
    page.headers_mut().append(VARY, HeaderValue::from_static("accept"));
    page
}

async fn show(node: &Federation) -> Result<Response, Error> {
    asker::must_be_known(node)?;
    let actor = keys::node_actor(node.app()).await?;
    actor::document(node, &actor).await
}
