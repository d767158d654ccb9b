//! The body's digest in a header: `Digest` (RFC 3230, `SHA-256=…`) for draft-cavage and
//! `Content-Digest` (RFC 9530, `sha-256=:…:`) for RFC 9421.

use aws_lc_rs::digest::{SHA256, SHA512, digest};
use base64::prelude::{BASE64_STANDARD, Engine};
use http::{HeaderName, HeaderValue};
use sfv::{Dictionary, ListEntry, Parser};

use crate::policy::Policy;
use crate::refused::Refused;
use crate::request::Request;

/// `Digest`, which RFC 9530 made obsolete and every fediverse server still sends.
pub(crate) const DIGEST: HeaderName = HeaderName::from_static("digest");
/// `Content-Digest`.
pub(crate) const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");

/// Checks each digest header the signature covers against the body.
pub(crate) fn check_covered(
    request: &Request<'_>,
    policy: &Policy,
    covers: impl Fn(&str) -> bool,
) -> Result<(), Refused> {
    if covers(DIGEST.as_str()) {
        let header = request.single_text(&DIGEST, "Digest")?;
        parse_digest(header)?.check(request.body, policy, "Digest")?;
    }
    if covers(CONTENT_DIGEST.as_str()) {
        let header = request.single_text(&CONTENT_DIGEST, "Content-Digest")?;
        parse_content_digest(header)?.check(request.body, policy, "Content-Digest")?;
    }
    Ok(())
}

/// `Digest` for a body, spelled the one way that every server reads.
pub(crate) fn digest_header(body: &[u8]) -> HeaderValue {
    header(&format!("SHA-256={}", BASE64_STANDARD.encode(digest(&SHA256, body))))
}

/// `Content-Digest` for a body.
pub(crate) fn content_digest_header(body: &[u8]) -> HeaderValue {
    header(&format!("sha-256=:{}:", BASE64_STANDARD.encode(digest(&SHA256, body))))
}

/// The digests a header lists, of the two kinds we compute.
#[derive(Default)]
struct Claimed {
    sha256: Vec<Vec<u8>>,
    sha512: Vec<Vec<u8>>,
}

impl Claimed {
    /// Every digest listed must be right: one right among wrong ones is somebody's trick.
    fn check(&self, body: &[u8], policy: &Policy, shown: &'static str) -> Result<(), Refused> {
        let enough = !self.sha256.is_empty() || (policy.sha512_suffices && !self.sha512.is_empty());
        if !enough {
            return Err(Refused::UnsupportedDigest(shown));
        }
        let sha256_right = || self.sha256.iter().all(|claim| claim == digest(&SHA256, body).as_ref());
        let sha512_right = || self.sha512.iter().all(|claim| claim == digest(&SHA512, body).as_ref());
        if sha256_right() && sha512_right() { Ok(()) } else { Err(Refused::DigestMismatch(shown)) }
    }
}

fn parse_digest(header: &str) -> Result<Claimed, Refused> {
    let malformed = || Refused::Malformed("Digest");
    let mut claimed = Claimed::default();
    for entry in header.split(',') {
        let (name, value) = entry.trim().split_once('=').ok_or_else(malformed)?;
        let list = match name.to_ascii_lowercase().as_str() {
            "sha-256" => &mut claimed.sha256,
            "sha-512" => &mut claimed.sha512,
            _ => continue,
        };
        list.push(BASE64_STANDARD.decode(value).map_err(|_| malformed())?);
    }
    Ok(claimed)
}

fn parse_content_digest(header: &str) -> Result<Claimed, Refused> {
    let malformed = || Refused::Malformed("Content-Digest");
    let members: Dictionary = Parser::new(header).parse().map_err(|_| malformed())?;
    let mut claimed = Claimed::default();
    for (name, value) in members {
        let list = match name.as_str() {
            "sha-256" => &mut claimed.sha256,
            "sha-512" => &mut claimed.sha512,
            _ => continue,
        };
        let ListEntry::Item(item) = value else { return Err(malformed()) };
        list.push(item.bare_item.as_byte_sequence().ok_or_else(malformed)?.to_vec());
    }
    Ok(claimed)
}

fn header(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("Base64 between ASCII signs is a header value")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"Hello world";
    const SHA256_BODY: &str = "ZOyIygCyaOW6GjVnihtTFtIS9PNmskdyMlNKiuyjfzw=";

    fn check(header: &str) -> Result<(), Refused> {
        parse_digest(header)?.check(BODY, &Policy::default(), "Digest")
    }

    fn check_content(header: &str) -> Result<(), Refused> {
        parse_content_digest(header)?.check(BODY, &Policy::default(), "Content-Digest")
    }

    fn sha512_body() -> String {
        BASE64_STANDARD.encode(digest(&SHA512, BODY))
    }

    #[test]
    fn what_we_write_we_read() {
        assert_eq!(digest_header(BODY), format!("SHA-256={SHA256_BODY}"));
        assert_eq!(check(digest_header(BODY).to_str().unwrap()), Ok(()));
        assert_eq!(check_content(content_digest_header(BODY).to_str().unwrap()), Ok(()));
    }

    #[test]
    fn names_in_digest_have_no_case_and_in_content_digest_they_do() {
        assert_eq!(check(&format!("sha-256={SHA256_BODY}")), Ok(()));
        let upper = check_content(&format!("SHA-256=:{SHA256_BODY}:"));
        assert_eq!(upper, Err(Refused::Malformed("Content-Digest")));
    }

    #[test]
    fn sha512_must_be_right_beside_sha256_and_does_not_replace_it() {
        let right = sha512_body();
        assert_eq!(check(&format!("SHA-512={right}, SHA-256={SHA256_BODY}")), Ok(()));
        assert_eq!(check(&format!("SHA-512={right}")), Err(Refused::UnsupportedDigest("Digest")));
        let wrong = check(&format!("SHA-256={SHA256_BODY},SHA-512={SHA256_BODY}"));
        assert_eq!(wrong, Err(Refused::DigestMismatch("Digest")));

        let alone = parse_content_digest(&format!("sha-512=:{right}:")).unwrap();
        let lenient = Policy { sha512_suffices: true, ..Policy::default() };
        assert_eq!(alone.check(BODY, &lenient, "Content-Digest"), Ok(()));
    }

    #[test]
    fn a_wrong_digest_beside_a_right_one_is_a_mismatch() {
        let other = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        let both = check(&format!("SHA-256={other},SHA-256={SHA256_BODY}"));
        assert_eq!(both, Err(Refused::DigestMismatch("Digest")));
    }

    #[test]
    fn unknown_kinds_are_passed_over() {
        assert_eq!(check(&format!("unixsum=30637,SHA-256={SHA256_BODY}")), Ok(()));
        assert_eq!(check_content(&format!("id-x=1, sha-256=:{SHA256_BODY}:")), Ok(()));
        assert_eq!(check(""), Err(Refused::Malformed("Digest")));
        assert_eq!(check_content("sha-256"), Err(Refused::Malformed("Content-Digest")));
        assert_eq!(check_content("sha-256=(:AA==:)"), Err(Refused::Malformed("Content-Digest")));
    }
}
