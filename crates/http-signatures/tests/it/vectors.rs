//! The shared vectors: both specifications' own examples, Mastodon's test suite, generated
//! oddities, and Multikeys. Their `expect` is Mastodon's policy. We may be stricter, never
//! looser; in these collections we are neither, and only two cases are refused for another
//! reason than Mastodon's.

use std::collections::HashMap;
use std::path::Path;

use base64::prelude::{BASE64_STANDARD, Engine};
use http::Method;
use http_signatures::algorithm::{Algorithm, KeyKind};
use http_signatures::keys::{KeyError, PublicKey};
use http_signatures::policy::{Coverage, Policy};
use http_signatures::refused::Refused;
use http_signatures::time::UnixSeconds;
use http_signatures::verify::Signature;
use serde_json::Value;

use crate::support::Message;

/// The RFC's and the draft's own examples cover what they like and are dated long ago.
fn examples_policy() -> Policy {
    Policy { coverage: Coverage::AsSigned, sha512_suffices: true, rsa_bits_min: 1024, ..Policy::default() }
}

/// The file, or nothing with a printed reason: a published crate comes without the collection.
fn vectors(file: &str) -> Option<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors").join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: there is no {}", path.display());
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

fn cases(file: &Value) -> &Vec<Value> {
    file["cases"].as_array().unwrap()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} in {value}"))
}

fn message(request: &Value) -> Message {
    let method = text(request, "method").parse::<Method>().unwrap();
    let mut message = Message::new(method, text(request, "url"), text(request, "body").as_bytes());
    for header in request["headers"].as_array().unwrap() {
        message = message.add(header[0].as_str().unwrap(), header[1].as_str().unwrap());
    }
    message
}

fn public_key(keys: &Value, id: &str) -> PublicKey {
    PublicKey::from_pem(text(&keys[id], "publicKeyPem")).unwrap()
}

/// Our reason in the words of the collection.
fn reason(refused: &Refused) -> &'static str {
    match refused {
        Refused::NotSigned => "not_signed",
        Refused::NotCovered("digest" | "content-digest") => "digest_not_signed",
        Refused::NotCovered("host") => "host_not_signed",
        Refused::NotCovered("date or (created)") => "date_not_signed",
        Refused::NotCovered(_) => "weak_coverage",
        Refused::Malformed("Date") => "bad_date",
        Refused::Malformed("Content-Digest") => "malformed_content_digest",
        Refused::Stale(_) => "stale",
        Refused::FromTheFuture(_) => "created_in_future",
        Refused::MissingParameter(_) => "missing_param",
        Refused::DigestMismatch(_) => "digest_mismatch",
        Refused::UnsupportedDigest(_) => "unsupported_digest",
        Refused::SignatureCount(_) => "more_than_one_signature",
        Refused::TimeNeedsHs2019 => "pseudo_header_with_rsa_sha256",
        Refused::BadSignature => "bad_signature",
        Refused::UnsupportedAlgorithm(_) => "unsupported_algorithm",
        other => panic!("no vector expects {other:?}"),
    }
}

/// Runs one case as a server would, finding the key by its id between the two steps.
fn outcome(case: &Value, keys: &HashMap<String, PublicKey>) -> Result<(), &'static str> {
    let message = message(&case["request"]);
    let signature = Signature::parse(&message.headers).map_err(|refused| reason(&refused))?;
    let key = keys.get(signature.key_id()).ok_or("unknown_key")?;
    let now = UnixSeconds(case["now"].as_i64().unwrap());
    message.verify_under(&Policy::default(), key, now).map_err(|refused| reason(&refused))
}

fn assert_expected(case: &Value, outcome: Result<(), &'static str>) {
    let id = text(case, "id");
    let expected = match case["expect"]["reason"].as_str() {
        None => Ok(()),
        // Mastodon knows the name and not the algorithm; RFC 9421 does not even know the name.
        Some("alg_mismatch") if id == "r9-post-sha512" => Err("unsupported_algorithm"),
        // Its weekday is not that of its day, so to us it is no date before it is an old one.
        Some("stale") if id == "masto-09" => Err("bad_date"),
        Some(reason) => Err(reason),
    };
    assert_eq!(case["expect"]["accept"].as_bool().unwrap(), expected.is_ok(), "{id} contradicts itself");
    assert_eq!(outcome, expected, "{id}: {}", text(case, "title"));
}

#[test]
fn mastodons_own_cases() {
    let Some(file) = vectors("mastodon-spec.json") else { return };
    for case in cases(&file) {
        let kind = if text(case, "title").contains("Ed25519") { "ed25519" } else { "rsa" };
        let keys = HashMap::from([(text(case, "key").to_owned(), public_key(&file["keys"], kind))]);
        assert_expected(case, outcome(case, &keys));
    }
    assert_eq!(cases(&file).len(), 25);
}

#[test]
fn generated_oddities() {
    let Some(file) = vectors("http-signature-quirks.json") else { return };
    let ids = file["keys"].as_object().unwrap().keys();
    let keys = ids.map(|id| (id.clone(), public_key(&file["keys"], id))).collect();
    for case in cases(&file) {
        assert_expected(case, outcome(case, &keys));
    }
    assert_eq!(cases(&file).len(), 49);
}

#[test]
fn appendix_c_of_the_draft() {
    let Some(file) = vectors("cavage12-appendix-c.json") else { return };
    let key = public_key(&file["keys"], "Test");
    assert_eq!(key.rsa_bits(), Some(1024));
    let now = UnixSeconds(1_388_957_500);
    for case in cases(&file) {
        let signed = message(&file["message"]).set("signature", text(case, "signature_header"));
        let id = text(case, "id");
        assert_eq!(signed.verify_under(&examples_policy(), &key, now), Ok(()), "{id}");
        let other_date = signed.set("date", "Sun, 05 Jan 2014 21:31:41 GMT");
        assert_eq!(
            other_date.verify_under(&examples_policy(), &key, now),
            Err(Refused::BadSignature),
            "{id}"
        );
    }
    assert_eq!(cases(&file).len(), 3);
}

#[test]
fn the_drafts_short_key_is_refused_by_default() {
    let Some(file) = vectors("cavage12-appendix-c.json") else { return };
    let key = public_key(&file["keys"], "Test");
    let policy = Policy { rsa_bits_min: Policy::default().rsa_bits_min, ..examples_policy() };
    let signed = message(&file["message"]).set("signature", text(&cases(&file)[2], "signature_header"));
    let outcome = signed.verify_under(&policy, &key, UnixSeconds(1_388_957_500));
    assert_eq!(outcome, Err(Refused::WeakKey(1024)));
}

#[test]
fn appendix_b_of_rfc_9421() {
    let Some(file) = vectors("rfc9421-appendix-b.json") else { return };
    for case in cases(&file) {
        match text(case, "id") {
            "B.2.4" => response_example(&file, case),
            "B.2.5" => shared_secret_example(&file, case),
            _ => request_example(&file, case),
        }
    }
    assert_eq!(cases(&file).len(), 6);
}

fn request_example(file: &Value, case: &Value) {
    let id = text(case, "id");
    let algorithm = match text(case, "alg") {
        "rsa-pss-sha512" => Algorithm::RsaPssSha512,
        "ed25519" => Algorithm::Ed25519,
        other => panic!("{id} uses {other}"),
    };
    // The RSA examples name no algorithm, so the key's owner must.
    let key = public_key(&file["keys"], text(case, "keyid")).only(algorithm).unwrap();
    let signed = rfc9421_example(file, case);
    let now = UnixSeconds(1_618_884_500);
    assert_eq!(signed.verify_under(&examples_policy(), &key, now), Ok(()), "{id}");

    let later = signed.edit("signature-input", "created=1618884473", "created=1618884474");
    assert_eq!(later.verify_under(&examples_policy(), &key, now), Err(Refused::BadSignature), "{id}");
}

/// Only requests are signed in the fediverse and here; of the response's example, the
/// cryptography is what remains: ECDSA over the printed base.
fn response_example(file: &Value, case: &Value) {
    let key = public_key(&file["keys"], text(case, "keyid"));
    assert_eq!(key.kind(), KeyKind::EcdsaP256);
    let signature = text(case, "signature").split(':').nth(1).unwrap();
    let signature = BASE64_STANDARD.decode(signature).unwrap();
    let base = text(case, "signature_base");
    let verify = |base: &str| key.verify(Algorithm::EcdsaP256Sha256, base.as_bytes(), &signature);
    assert_eq!(verify(base), Ok(()));
    assert_eq!(verify(&base.replace("200", "201")), Err(Refused::BadSignature));
}

/// A shared secret makes no sense between strangers: its name is refused, and a public key
/// put in its place does not verify.
fn shared_secret_example(file: &Value, case: &Value) {
    let key = public_key(&file["keys"], "test-key-rsa");
    let now = UnixSeconds(1_618_884_500);
    let signed = rfc9421_example(file, case);
    assert_eq!(signed.verify_under(&examples_policy(), &key, now), Err(Refused::BadSignature));
    let named = signed.edit("signature-input", ";created", ";alg=\"hmac-sha256\";created");
    let refused = Refused::UnsupportedAlgorithm("hmac-sha256".to_owned());
    assert_eq!(named.verify_under(&examples_policy(), &key, now), Err(refused));
}

fn rfc9421_example(file: &Value, case: &Value) -> Message {
    message(&file["messages"][text(case, "message")])
        .set("signature-input", text(case, "signature_input"))
        .set("signature", text(case, "signature"))
}

#[test]
fn multikeys() {
    let Some(file) = vectors("fep-521a-multikey.json") else { return };
    for case in cases(&file) {
        let multibase = text(&case["multikey"], "publicKeyMultibase");
        let pem = text(case, "publicKeyPem");
        let key = PublicKey::from_multibase(multibase).unwrap();
        assert_eq!(key.to_pem(), pem);
        assert_eq!(key, PublicKey::from_pem(pem).unwrap());
        assert_eq!(key.to_multibase().as_deref(), Some(multibase));
    }
    assert_eq!(cases(&file).len(), 2);
}

#[test]
fn every_key_in_the_collection_is_read() {
    let Some(file) = vectors("rfc9421-appendix-b.json") else { return };
    let keys = file["keys"].as_object().unwrap();
    let asymmetric = keys.values().filter(|key| key["type"] != "hmac");
    for key in asymmetric {
        let pem = text(key, "publicKeyPem");
        let key = PublicKey::from_pem(pem).unwrap();
        assert_eq!(PublicKey::from_pem(&key.to_pem()), Ok(key));
        assert_eq!(PublicKey::from_multibase(pem), Err(KeyError::NotMultibase));
    }
}
