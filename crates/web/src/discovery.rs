//! What clients and other servers look for before they know us: `/.well-known/host-meta`.

use crate::state::Web;
use alongside_app::context::App;
use alongside_domain::compose::escape;
use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use http::header::CONTENT_TYPE;

/// The addresses of this family.
pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/.well-known/host-meta", get(host_meta))
}

/// Says where names are looked up (RFC 6415). A client takes the node's real address from here.
async fn host_meta(State(app): State<App>) -> impl IntoResponse {
    let origin = escape(app.places().origin());
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <XRD xmlns=\"http://docs.oasis-open.org/ns/xri/xrd-1.0\">\n  \
         <Link rel=\"lrdd\" template=\"{origin}/.well-known/webfinger?resource={{uri}}\"/>\n</XRD>\n"
    );
    ([(CONTENT_TYPE, "application/xrd+xml; charset=utf-8")], document)
}
