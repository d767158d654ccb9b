//! `/.well-known/webfinger`, `/.well-known/nodeinfo`, `/nodeinfo/{version}` and `/.well-known/peer-support`.

use super::actor;
use crate::error::Error;
use crate::path::Path;
use alongside_domain::actor::{Actor, Address};
use alongside_domain::place::Place;
use alongside_federation::asker;
use alongside_federation::build::{discovery, peer_support};
use alongside_federation::keys::{self, NODE_HANDLE};
use alongside_federation::node::Federation;
use alongside_store::statistics;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::Uri;
use http::header::CONTENT_TYPE;
use serde_json::Value;

/// Seconds since which somebody must have written to be counted as active.
const ACTIVE_SECS: i64 = 30 * 86_400;

/// Says who has a name, or an address, here.
pub(super) async fn webfinger(State(node): State<Federation>, uri: Uri) -> Result<Response, Error> {
    asker::must_be_known(&node)?;
    let mut pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let resource = pairs.find(|(name, _)| name == "resource").map(|(_, resource)| resource);
    let resource =
        resource.ok_or_else(|| Error::Malformed("There is no resource in the question".to_owned()))?;
    if resource.contains('\0') {
        return Err(Error::NotFound);
    }
    let actor = named(&node, &resource).await?;
    Ok(json("application/jrd+json", &discovery::webfinger(node.app().places(), &actor)))
}

/// Says where the node describes itself.
pub(super) async fn nodeinfo_links(State(node): State<Federation>) -> Result<Response, Error> {
    asker::must_be_known(&node)?;
    Ok(json("application/json", &discovery::nodeinfo_links(node.app().places())))
}

/// Says what the node offers to those who may want an agreement with it.
pub(super) async fn peer_support(State(node): State<Federation>) -> Result<Response, Error> {
    asker::must_be_known(&node)?;
    Ok(json("application/json", &peer_support::load(&node).await?))
}

/// Describes the node.
pub(super) async fn nodeinfo(
    State(node): State<Federation>,
    Path(version): Path<String>,
) -> Result<Response, Error> {
    asker::must_be_known(&node)?;
    let app = node.app();
    if !matches!(version.as_str(), "2.0" | "2.1") {
        return Err(Error::NotFound);
    }
    let usage = statistics::read(&mut app.reader(), app.now().plus_secs(-ACTIVE_SECS)).await?;
    let kind =
        format!("application/json; profile=\"http://nodeinfo.diaspora.software/ns/schema/{version}#\"");
    let settings = app.settings();
    Ok(json(&kind, &discovery::nodeinfo(&version, &settings.title, settings.registrations, &usage)))
}

/// The one meant by `acct:name@host`, or by an address of ours.
async fn named(node: &Federation, resource: &str) -> Result<Actor, Error> {
    let app = node.app();
    let name = match app.places().read(resource) {
        Some(Place::Node) => NODE_HANDLE.to_owned(),
        Some(Place::Actor(handle) | Place::Profile(handle)) => handle.to_owned(),
        Some(_) => return Err(Error::NotFound),
        None => {
            let address = Address::parse(resource).ok_or(Error::NotFound)?;
            address.host.filter(|host| host == app.places().host()).ok_or(Error::NotFound)?;
            address.name
        }
    };
    if name == NODE_HANDLE { Ok(keys::node_actor(app).await?) } else { actor::present(app, &name).await }
}

fn json(kind: &str, document: &Value) -> Response {
    ([(CONTENT_TYPE, kind.to_owned())], document.to_string()).into_response()
}
