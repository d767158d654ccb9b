//! Signing requests, in the one shape per specification that the servers of the fediverse
//! accept. Sign again, with a new time, whenever a request is sent again.

use base64::prelude::{BASE64_STANDARD, Engine};
use http::header::{DATE, HOST};
use http::{HeaderMap, HeaderValue, Method};
use sfv::{InnerList, Integer, Item, Parameters, key_ref};
use thiserror::Error;

use crate::algorithm::KeyKind;
use crate::cavage::{self, Component, Times};
use crate::digest::{CONTENT_DIGEST, DIGEST, content_digest_header, digest_header};
use crate::keys::KeyError;
use crate::private_key::PrivateKey;
use crate::request::{Request, Target};
use crate::rfc9421;
use crate::time::UnixSeconds;
use crate::verify::{SIGNATURE, SIGNATURE_INPUT};

const LABEL: &str = "sig1";

/// A private key under the id by which others find its public half.
#[derive(Clone, Copy, Debug)]
pub struct Signer<'a> {
    /// The key.
    pub key: &'a PrivateKey,
    /// Its id, such as `https://node.example/users/alice#main-key`.
    pub key_id: &'a str,
}

/// Why a request could not be signed; all are mistakes on our own side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SignError {
    /// The key id has a character that no header can carry.
    #[error("the key id must be ASCII without quotes, backslashes and control characters")]
    KeyId,
    /// The time is before 1970 or beyond what a header can express.
    #[error("the time cannot be written into a header")]
    Time,
    /// The key did not sign.
    #[error("the key did not sign")]
    Key(#[from] KeyError),
}

/// Signs after draft-cavage-12: `(request-target) host date digest`. Returns the headers to add,
/// `Date`, `Digest` and `Signature`; the client's own `Host` must be that of the target.
///
/// A GET carries the digest of its empty body, as some servers demand one on every request.
pub fn cavage(
    method: &Method,
    target: &Target,
    body: &[u8],
    signer: Signer<'_>,
    now: UnixSeconds,
) -> Result<HeaderMap, SignError> {
    check_key_id(signer.key_id)?;
    let date = now.to_http_date().ok_or(SignError::Time)?;
    let mut headers = HeaderMap::from_iter([(DATE, header(&date)), (DIGEST, digest_header(body))]);

    let components = [
        Component::RequestTarget,
        Component::Header(HOST),
        Component::Header(DATE),
        Component::Header(DIGEST),
    ];
    let request = Request { method, target, headers: &headers, body };
    let base = cavage::signing_string(&components, &request, &target.path_and_query(), Times::default())
        .expect("all signed headers have just been written");

    let algorithm = match signer.key.kind() {
        KeyKind::Rsa => "rsa-sha256",
        // The older names are bound to RSA, HMAC and ECDSA.
        KeyKind::Ed25519 | KeyKind::EcdsaP256 => "hs2019",
    };
    let names = components.each_ref().map(Component::name).join(" ");
    let key_id = signer.key_id;
    let signature = BASE64_STANDARD.encode(sign(signer, &base)?);
    let value =
        format!(r#"keyId="{key_id}",algorithm="{algorithm}",headers="{names}",signature="{signature}""#);
    headers.insert(SIGNATURE, header(&value));
    Ok(headers)
}

/// Signs after RFC 9421: `@method`, `@target-uri`, and `content-digest` unless the request is a
/// GET or HEAD without a body; `created` and `keyid`, but no `alg`, which the key decides.
/// Returns the headers to add, `Content-Digest`, `Signature-Input` and `Signature`.
pub fn rfc9421(
    method: &Method,
    target: &Target,
    body: &[u8],
    signer: Signer<'_>,
    now: UnixSeconds,
) -> Result<HeaderMap, SignError> {
    check_key_id(signer.key_id)?;
    let mut headers = HeaderMap::new();
    let mut components = vec!["@method", "@target-uri"];
    if (Request { method, target, headers: &headers, body }).needs_digest() {
        headers.insert(CONTENT_DIGEST, content_digest_header(body));
        components.push("content-digest");
    }

    let input = input(&components, signer.key_id, now)?;
    let base = rfc9421::signature_base(&input, &Request { method, target, headers: &headers, body })
        .expect("all signed headers have just been written");
    let signature = BASE64_STANDARD.encode(sign(signer, &base)?);
    let params = rfc9421::signature_params(&input);
    headers.insert(SIGNATURE_INPUT, header(&format!("{LABEL}={params}")));
    headers.insert(SIGNATURE, header(&format!("{LABEL}=:{signature}:")));
    Ok(headers)
}

fn input(components: &[&str], key_id: &str, now: UnixSeconds) -> Result<InnerList, SignError> {
    let text = |text: &str| sfv::String::try_from(text.to_owned()).map_err(|_| SignError::KeyId);
    let created = Integer::try_from(now.0).map_err(|_| SignError::Time)?;
    let mut items = Vec::with_capacity(components.len());
    for component in components {
        items.push(Item::new(text(component)?));
    }
    let mut parameters = Parameters::new();
    parameters.insert(key_ref("created").to_owned(), created.into());
    parameters.insert(key_ref("keyid").to_owned(), text(key_id)?.into());
    Ok(InnerList::with_params(items, parameters))
}

fn sign(signer: Signer<'_>, base: &[u8]) -> Result<Vec<u8>, KeyError> {
    signer.key.sign(signer.key.kind().usual_algorithm(), base)
}

/// An id that both families can carry as it is, without escapes.
fn check_key_id(key_id: &str) -> Result<(), SignError> {
    let plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
    if !key_id.is_empty() && key_id.bytes().all(plain) { Ok(()) } else { Err(SignError::KeyId) }
}

fn header(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("visible ASCII is a header value")
}
