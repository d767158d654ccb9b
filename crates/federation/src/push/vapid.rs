//! Saying to a push service who sends (RFC 8292): a short signed statement, good for this service and a few hours.

use crate::node::Federation;
use alongside_app::pushing::{KeyError, NodeKey};
use data_encoding::BASE64URL_NOPAD;
use http::HeaderName;
use http::header::AUTHORIZATION;
use serde_json::json;
use url::Url;

/// How long a statement is good for, in seconds; a service refuses more than a day.
const GOOD_SECS: i64 = 12 * 3_600;

/// The statement.
pub(super) struct Pass {
    statement: String,
    /// The public key that it is signed with.
    pub(super) key: String,
}

/// A statement for the service of an endpoint.
pub(super) fn pass(node: &Federation, key: &NodeKey, endpoint: &Url) -> Result<Pass, KeyError> {
    let (app, settings) = (node.app(), node.app().settings());
    let whom_to_ask = settings
        .contact
        .as_ref()
        .map_or_else(|| format!("{}/", app.places().origin()), |contact| format!("mailto:{contact}"));
    let claims = json!({
        "aud": endpoint.origin().ascii_serialization(),
        "exp": app.now().as_secs() + GOOD_SECS,
        "sub": whom_to_ask,
    });
    let encode = |value: serde_json::Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let signed = format!("{}.{}", encode(json!({ "typ": "JWT", "alg": "ES256" })), encode(claims));
    let signature = BASE64URL_NOPAD.encode(&key.sign(signed.as_bytes())?);
    Ok(Pass { statement: format!("{signed}.{signature}"), key: key.public.clone() })
}

impl Pass {
    /// The headers that carry it; before the standard the key had a header of its own.
    pub(super) fn headers(&self, standard: bool) -> Vec<(HeaderName, String)> {
        let authorization = if standard {
            format!("vapid t={}, k={}", self.statement, self.key)
        } else {
            format!("WebPush {}", self.statement)
        };
        vec![(AUTHORIZATION, authorization)]
    }
}
