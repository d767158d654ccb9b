//! What a browser, a client or a link holds: long random texts, of which only the hash is kept.

use crate::context::App;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use data_encoding::HEXLOWER;

/// A new secret that nobody can guess: 256 random bits, safe in an address.
pub(crate) fn fresh(app: &App) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(app.random::<32>())
}

/// What is kept of a secret. A plain hash is enough, because a secret is long and random.
pub(crate) fn hash(secret: &str) -> String {
    HEXLOWER.encode(digest(&SHA256, secret.as_bytes()).as_ref())
}

/// The S256 transformation of PKCE (RFC 7636).
pub(crate) fn pkce_challenge(verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_the_specification() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(pkce_challenge(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
