//! What we send, to the letter: several servers compare these headers as text.

use http::Method;
use http_signatures::request::Target;
use http_signatures::sign::{self, SignError, Signer};
use http_signatures::time::UnixSeconds;
use http_signatures::verify::{Family, Signature};

use crate::support::{ED25519, KEY_ID, Message, NOW, RSA};

const BODY: &[u8] = b"Hello world";

fn post() -> Message {
    Message::new(Method::POST, "https://node.example/inbox", BODY)
}

fn get() -> Message {
    Message::new(Method::GET, "https://node.example/c/sleep", b"")
}

/// A header with the signature itself cut out.
fn shape(message: &Message, header: &str, quote: &str) -> String {
    let value = message.header(header);
    let (before, after) = value.split_once(quote).unwrap();
    let (_, after) = after.split_once(quote.chars().last().unwrap()).unwrap();
    format!("{before}{after}")
}

#[test]
fn a_draft_cavage_post() {
    let signed = post().signed(Family::Cavage, &RSA);
    assert_eq!(signed.header("date"), "Thu, 01 Jan 2026 00:00:00 GMT");
    assert_eq!(signed.header("digest"), "SHA-256=ZOyIygCyaOW6GjVnihtTFtIS9PNmskdyMlNKiuyjfzw=");
    assert_eq!(
        shape(&signed, "signature", "signature=\""),
        "keyId=\"https://peer.example/users/alice#main-key\",algorithm=\"rsa-sha256\",\
         headers=\"(request-target) host date digest\","
    );
    assert_eq!(signed.headers.len(), 4);
    assert_eq!(signed.verify(RSA.public_key()), Ok(()));
}

#[test]
fn a_draft_cavage_get_carries_the_digest_of_nothing() {
    let signed = get().signed(Family::Cavage, &RSA);
    assert_eq!(signed.header("digest"), "SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    assert_eq!(signed.verify(RSA.public_key()), Ok(()));
}

#[test]
fn a_draft_cavage_post_with_ed25519_is_labelled_hs2019() {
    let signed = post().signed(Family::Cavage, &ED25519);
    assert!(signed.header("signature").contains("algorithm=\"hs2019\""));
    assert_eq!(signed.verify(ED25519.public_key()), Ok(()));
}

#[test]
fn an_rfc_9421_post() {
    let signed = post().signed(Family::Rfc9421, &RSA);
    assert_eq!(signed.header("content-digest"), "sha-256=:ZOyIygCyaOW6GjVnihtTFtIS9PNmskdyMlNKiuyjfzw=:");
    assert_eq!(
        signed.header("signature-input"),
        "sig1=(\"@method\" \"@target-uri\" \"content-digest\");created=1767225600;\
         keyid=\"https://peer.example/users/alice#main-key\""
    );
    assert_eq!(shape(&signed, "signature", "=:"), "sig1");
    assert_eq!(signed.headers.len(), 4);
    assert_eq!(signed.verify(RSA.public_key()), Ok(()));
}

#[test]
fn an_rfc_9421_get_has_no_digest() {
    let signed = get().signed(Family::Rfc9421, &ED25519);
    assert_eq!(
        signed.header("signature-input"),
        "sig1=(\"@method\" \"@target-uri\");created=1767225600;\
         keyid=\"https://peer.example/users/alice#main-key\""
    );
    assert_eq!(signed.headers.len(), 3);
    assert_eq!(signed.verify(ED25519.public_key()), Ok(()));
}

#[test]
fn a_request_without_a_host_header_is_signed_for_its_address() {
    for family in [Family::Cavage, Family::Rfc9421] {
        let signed = post().signed(family, &RSA).without("host");
        assert_eq!(signed.verify(RSA.public_key()), Ok(()));
    }
}

#[test]
fn the_port_belongs_to_the_host() {
    let local = Message::new(Method::POST, "http://127.0.0.1:7102/inbox", BODY);
    for family in [Family::Cavage, Family::Rfc9421] {
        let signed = local.clone().signed(family, &RSA);
        assert_eq!(signed.header("host"), "127.0.0.1:7102");
        assert_eq!(signed.verify(RSA.public_key()), Ok(()));
    }
}

#[test]
fn a_signature_tells_its_family_and_its_key() {
    for family in [Family::Cavage, Family::Rfc9421] {
        let signature = Signature::parse(&post().signed(family, &RSA).headers).unwrap();
        assert_eq!(signature.family(), family);
        assert_eq!(signature.key_id(), KEY_ID);
    }
}

#[test]
fn what_no_header_can_carry_is_not_signed() {
    let target = Target::new(&"https://node.example/".parse().unwrap()).unwrap();
    let sign = |key_id, now| {
        let signer = Signer { key: &ED25519, key_id };
        [sign::cavage, sign::rfc9421].map(|sign| sign(&Method::GET, &target, b"", signer, now).err())
    };
    for key_id in ["", "a\"b", "a\\b", "a\nb", "é"] {
        assert_eq!(sign(key_id, NOW), [Some(SignError::KeyId); 2], "{key_id}");
    }
    assert_eq!(sign(KEY_ID, UnixSeconds(i64::MAX)), [Some(SignError::Time); 2]);
    assert_eq!(sign(KEY_ID, NOW), [None; 2]);
}
