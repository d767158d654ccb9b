//! Attacks and mistakes, each refused for its own reason.

use http::Method;
use http::header::HOST;
use http_signatures::algorithm::{Algorithm, KeyKind};
use http_signatures::keys::PublicKey;
use http_signatures::policy::Policy;
use http_signatures::refused::Refused;
use http_signatures::verify::{COMPONENTS_MAX, Family, SIGNATURE_BYTES_MAX};

use crate::support::{ED25519, Message, NOW, RSA};

const BOTH: [Family; 2] = [Family::Cavage, Family::Rfc9421];

fn post() -> Message {
    Message::new(Method::POST, "https://node.example/inbox", b"{}")
}

fn get(url: &str) -> Message {
    Message::new(Method::GET, url, b"")
}

fn refused(message: &Message) -> Refused {
    message.verify(RSA.public_key()).unwrap_err()
}

#[test]
fn an_unsigned_request() {
    assert_eq!(refused(&post()), Refused::NotSigned);
    assert_eq!(refused(&post().signed(Family::Rfc9421, &RSA).without("signature")), Refused::NotSigned);
}

#[test]
fn a_key_of_another_kind_under_a_label_that_suits_it() {
    let signed = post().signed(Family::Cavage, &RSA);
    let mismatch = Refused::AlgorithmMismatch { claimed: Algorithm::RsaV15Sha256, key: KeyKind::Ed25519 };
    assert_eq!(signed.verify(ED25519.public_key()), Err(mismatch));

    let relabelled = signed.edit("signature", "rsa-sha256", "ed25519");
    let mismatch = Refused::AlgorithmMismatch { claimed: Algorithm::Ed25519, key: KeyKind::Rsa };
    assert_eq!(refused(&relabelled), mismatch);

    for (name, claimed) in
        [("ed25519", Algorithm::Ed25519), ("ecdsa-p256-sha256", Algorithm::EcdsaP256Sha256)]
    {
        let signed = post().signed(Family::Rfc9421, &RSA);
        let labelled = signed.edit("signature-input", ";created", &format!(";alg=\"{name}\";created"));
        assert_eq!(refused(&labelled), Refused::AlgorithmMismatch { claimed, key: KeyKind::Rsa });
    }
}

#[test]
fn the_secret_sharing_algorithms_whatever_the_key() {
    for name in ["hmac-sha256", "none", "rsa-sha1", ""] {
        let unsupported = Refused::UnsupportedAlgorithm(name.to_owned());
        let signed = post().signed(Family::Cavage, &RSA).edit("signature", "rsa-sha256", name);
        assert_eq!(refused(&signed), unsupported);
        let signed = post().signed(Family::Rfc9421, &RSA);
        let signed = signed.edit("signature-input", ";created", &format!(";alg=\"{name}\";created"));
        assert_eq!(refused(&signed), unsupported);
    }
}

#[test]
fn a_key_bound_to_one_algorithm_used_with_another() {
    let pss_only = RSA.public_key().clone().only(Algorithm::RsaPssSha512).unwrap();
    let labelled = post().signed(Family::Cavage, &RSA);
    let mismatch = Refused::AlgorithmMismatch { claimed: Algorithm::RsaV15Sha256, key: KeyKind::Rsa };
    assert_eq!(labelled.verify(&pss_only), Err(mismatch));
    let unlabelled = post().signed(Family::Rfc9421, &RSA);
    assert_eq!(unlabelled.verify(&pss_only), Err(Refused::BadSignature));
}

#[test]
fn a_signature_that_covers_too_little() {
    let cavage =
        |leave_out: &str| refused(&post().signed(Family::Cavage, &RSA).edit("signature", leave_out, ""));
    assert_eq!(cavage("(request-target) "), Refused::NotCovered("(request-target)"));
    assert_eq!(cavage("host "), Refused::NotCovered("host"));
    assert_eq!(cavage("date "), Refused::NotCovered("date or (created)"));
    assert_eq!(cavage(" digest"), Refused::NotCovered("digest"));

    let rfc9421 = |leave_out: &str| {
        refused(&post().signed(Family::Rfc9421, &RSA).edit("signature-input", leave_out, ""))
    };
    assert_eq!(rfc9421("\"@method\" "), Refused::NotCovered("@method"));
    assert_eq!(rfc9421("\"@target-uri\" "), Refused::NotCovered("@target-uri"));
    assert_eq!(rfc9421(" \"content-digest\""), Refused::NotCovered("content-digest"));
    assert_eq!(rfc9421(";created=1767225600"), Refused::MissingParameter("created"));
    // The related request's method, or one field of a dictionary, is not the component itself.
    let related =
        post().signed(Family::Rfc9421, &RSA).edit("signature-input", "\"@method\"", "\"@method\";req");
    assert_eq!(refused(&related), Refused::NotCovered("@method"));
}

#[test]
fn every_method_with_a_body_needs_a_digest() {
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        let message = Message::new(method, "https://node.example/inbox", b"");
        let signed = message.signed(Family::Cavage, &RSA).edit("signature", " digest", "");
        assert_eq!(refused(&signed), Refused::NotCovered("digest"));
    }
    let smuggled =
        Message { body: b"{}".to_vec(), ..get("https://node.example/").signed(Family::Rfc9421, &RSA) };
    assert_eq!(refused(&smuggled), Refused::NotCovered("content-digest"));
}

#[test]
fn a_header_that_is_covered_and_absent() {
    let signed = post().signed(Family::Cavage, &RSA);
    for name in ["date", "digest"] {
        let absent = http::HeaderName::from_bytes(name.as_bytes()).unwrap();
        assert_eq!(refused(&signed.clone().without(name)), Refused::MissingHeader(absent));
    }
    let accept = signed.edit("signature", "digest\"", "digest accept\"");
    assert_eq!(refused(&accept), Refused::MissingHeader(http::header::ACCEPT));
}

#[test]
fn a_second_value_for_a_header_that_has_one() {
    for (name, value) in [
        ("date", "Thu, 01 Jan 2026 00:00:00 GMT"),
        ("host", "node.example"),
        ("digest", "SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
        ("signature", "keyId=\"k\",signature=\"AA==\""),
    ] {
        let repeated = http::HeaderName::from_bytes(name.as_bytes()).unwrap();
        let doubled = post().signed(Family::Cavage, &RSA).add(name, value);
        assert_eq!(refused(&doubled), Refused::RepeatedHeader(repeated));
    }
    let typed = post().signed(Family::Cavage, &RSA).edit("signature", "digest\"", "digest content-type\"");
    let doubled = typed.add("content-type", "text/plain").add("content-type", "application/json");
    assert_eq!(refused(&doubled), Refused::RepeatedHeader(http::header::CONTENT_TYPE));
    let doubled = post().signed(Family::Rfc9421, &RSA).add("content-digest", "sha-256=:AA==:");
    assert!(matches!(refused(&doubled), Refused::RepeatedHeader(name) if name == "content-digest"));
}

#[test]
fn a_component_named_twice() {
    let cavage = post().signed(Family::Cavage, &RSA).edit("signature", "host", "host host");
    assert_eq!(refused(&cavage), Refused::RepeatedComponent("host".to_owned()));
    let rfc9421 = post().signed(Family::Rfc9421, &RSA);
    let rfc9421 = rfc9421.edit("signature-input", "\"@method\"", "\"@method\" \"@method\"");
    assert_eq!(refused(&rfc9421), Refused::RepeatedComponent("\"@method\"".to_owned()));
}

#[test]
fn a_component_nobody_can_compute() {
    for name in
        ["\"@status\"", "\"@signature-params\"", "\"Date\"", "\"date\";bs", "\"@query-param\"", "\"\""]
    {
        let signed = post().signed(Family::Rfc9421, &RSA);
        let signed = signed.edit("signature-input", "(\"", &format!("({name} \""));
        assert_eq!(refused(&signed), Refused::UnsupportedComponent(name.to_owned()));
    }
}

#[test]
fn a_request_for_another_host() {
    let elsewhere = Message::new(Method::POST, "https://other.example/inbox", b"{}");
    let replayed = |family| Message {
        url: "https://node.example/inbox".to_owned(),
        ..elsewhere.clone().signed(family, &RSA)
    };
    assert_eq!(refused(&replayed(Family::Cavage)), Refused::WrongHost);
    assert_eq!(refused(&replayed(Family::Rfc9421)), Refused::BadSignature);
    let renamed = replayed(Family::Cavage).set(HOST.as_str(), "node.example");
    assert_eq!(refused(&renamed), Refused::BadSignature);
}

#[test]
fn too_many_or_too_few_signatures() {
    let signed = post().signed(Family::Rfc9421, &RSA);
    let second = |header: &str| signed.header(header).replace("sig1", "sig2");
    let input = second("signature-input");
    let signature = second("signature");

    let both = signed.clone().add("signature-input", &input).add("signature", &signature);
    assert_eq!(refused(&both), Refused::SignatureCount(2));
    let parted = signed.clone().set("signature", &signature);
    assert_eq!(refused(&parted), Refused::SignatureCount(0));
    let one_usable = signed.clone().add("signature-input", &input);
    assert_eq!(one_usable.verify(RSA.public_key()), Ok(()));
}

#[test]
fn structured_fields_of_the_wrong_shape() {
    let signed = post().signed(Family::Rfc9421, &RSA);
    let input = Refused::Malformed("Signature-Input");
    for value in [
        "",
        "sig1",
        "sig1=(",
        "sig1=\"@method\"",
        "sig1=(@method)",
        "sig1=();created=\"1\";keyid=\"k\"",
        "sig1=();created=1;keyid=k",
        "sig1=();created=1;keyid=\"k\";alg=rsa-v1_5-sha256",
    ] {
        let signed = signed.clone().set("signature-input", value);
        let expected = if value.is_empty() { Refused::SignatureCount(0) } else { input.clone() };
        assert_eq!(refused(&signed), expected, "{value}");
    }
    for value in ["sig1=AA==", "sig1=(:AA==:)", "sig1=:A"] {
        let signed = signed.clone().set("signature", value);
        assert_eq!(refused(&signed), Refused::Malformed("Signature"), "{value}");
    }
}

#[test]
fn more_than_any_honest_signer_writes() {
    let long = post().signed(Family::Cavage, &RSA).set("signature", &"x".repeat(SIGNATURE_BYTES_MAX + 1));
    assert_eq!(refused(&long), Refused::TooLarge);
    let many: Vec<String> = (0..=COMPONENTS_MAX).map(|n| format!("\"x-{n}\"")).collect();
    let many = format!("sig1=({});created=1767225600;keyid=\"k\"", many.join(" "));
    let many = post().signed(Family::Rfc9421, &RSA).set("signature-input", &many);
    assert_eq!(refused(&many), Refused::TooLarge);
}

#[test]
fn a_query_that_was_not_signed_counts_in_draft_cavage_only() {
    let strict = Policy { query_optional: false, ..Policy::default() };
    for family in BOTH {
        for message in [get("https://node.example/outbox"), post()] {
            let signed = message.signed(family, &RSA);
            let with_query = Message { url: format!("{}?page=2", signed.url), ..signed };
            let lenient = with_query.verify(RSA.public_key());
            assert_eq!(lenient.is_ok(), family == Family::Cavage);
            assert_eq!(with_query.verify_under(&strict, RSA.public_key(), NOW), Err(Refused::BadSignature));
        }
    }
}

#[test]
fn created_is_bound_to_its_parameter() {
    let signed = post().signed(Family::Cavage, &RSA);
    let unset =
        signed.edit("signature", "rsa-sha256", "hs2019").edit("signature", "host date", "host (created)");
    assert_eq!(refused(&unset), Refused::MissingParameter("created"));
}

#[test]
fn reasons_are_sentences_without_the_key() {
    let short = PublicKey::from_pem(&RSA.public_key().to_pem()).unwrap();
    let policy = Policy { rsa_bits_min: 4096, ..Policy::default() };
    let refused = post().signed(Family::Cavage, &RSA).verify_under(&policy, &short, NOW).unwrap_err();
    assert_eq!(refused.to_string(), "the RSA key has 2048 bits, which is too few");
}
