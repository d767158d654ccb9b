//! What clients and other servers look for before they know us: `/.well-known/host-meta`.

use crate::openapi::handler::Output;
use crate::openapi::operation::Operation;
use crate::routes::{Routes, get};
use alongside_app::context::App;
use alongside_domain::compose::escape;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use serde_json::json;

const KIND: &str = "application/xrd+xml";

/// A document in the format of RFC 6415.
struct Xrd(String);

/// The addresses of this family.
pub(crate) fn routes() -> Routes {
    Routes::new().route("/.well-known/host-meta", get(host_meta))
}

/// Says where names are looked up (RFC 6415). A client takes the node's real address from here.
async fn host_meta(State(app): State<App>) -> Xrd {
    let origin = escape(app.places().origin());
    Xrd(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <XRD xmlns=\"http://docs.oasis-open.org/ns/xri/xrd-1.0\">\n  \
         <Link rel=\"lrdd\" template=\"{origin}/.well-known/webfinger?resource={{uri}}\"/>\n</XRD>\n"
    ))
}

impl IntoResponse for Xrd {
    fn into_response(self) -> Response {
        ([(CONTENT_TYPE, format!("{KIND}; charset=utf-8"))], self.0).into_response()
    }
}

impl Output for Xrd {
    fn tell(operation: &mut Operation<'_>) {
        operation.gives(KIND, &json!({ "type": "string" }));
    }
}
