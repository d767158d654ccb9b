//! Proofs of others are read, ours are like them, and a document that was touched has none.

use super::*;
use proptest::prelude::{any, proptest};
use proptest::prop_assert;

/// The example of FEP-8b32 (CC0), with its key.
const KEY: &str = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";

fn example() -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/data-integrity/v2"],
        "id": "https://server.example/activities/1",
        "type": "Create",
        "actor": "https://server.example/users/alice",
        "object": {
            "id": "https://server.example/objects/1",
            "type": "Note",
            "attributedTo": "https://server.example/users/alice",
            "content": "Hello world",
            "location": { "type": "Place", "longitude": -71.184_902, "latitude": 25.273_962 },
        },
        "proof": {
            "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/data-integrity/v2"],
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-jcs-2022",
            "verificationMethod": "https://server.example/users/alice#ed25519-key",
            "proofPurpose": "assertionMethod",
            "proofValue": "z42ffGu6AUKPCFcFPiabmUvnGLPJzC7e4DGWC52NUasSSH37UMa9c58tdgVszUcZfytxa4fQ5TYHaJENCxUDe9SdL",
            "created": "2023-02-24T23:36:38Z",
        },
    })
}

fn proof(document: &Value) -> Option<Proof> {
    Proof::of(document.as_object().unwrap())
}

fn is_proved(document: &Value) -> bool {
    let key = PublicKey::from_multibase(KEY).unwrap();
    proof(document).is_some_and(|proof| proof.is_by(&key))
}

fn keys() -> ActorKeys {
    let ed25519 = http_signatures::private_key::PrivateKey::generate_ed25519().unwrap();
    let rsa = http_signatures::private_key::PrivateKey::generate_ed25519().unwrap();
    ActorKeys {
        rsa_public_pem: rsa.public_key().to_pem(),
        rsa,
        rsa_uri: "https://a.example/actors/sam#main-key".to_owned(),
        ed25519_public_multibase: ed25519.public_key().to_multibase().unwrap(),
        ed25519,
        ed25519_uri: "https://a.example/actors/sam#ed25519-key".to_owned(),
        renewed_at: None,
    }
}

#[test]
fn the_example_of_the_proposal_is_proved() {
    assert!(is_proved(&example()));
    assert_eq!(proof(&example()).unwrap().key.as_str(), "https://server.example/users/alice#ed25519-key");
}

#[test]
fn whatever_is_changed_is_not_proved() {
    let touched = |pointer: &str, value: Value| {
        let mut document = example();
        *document.pointer_mut(pointer).unwrap() = value;
        document
    };
    for document in [
        touched("/object/content", "Hello".into()),
        touched("/object/location/latitude", 25.273_963.into()),
        touched("/actor", "https://server.example/users/mallory".into()),
        touched("/proof/created", "2023-02-24T23:36:39Z".into()),
        touched("/proof/type", "Ed25519Signature2020".into()),
        touched("/proof/cryptosuite", "eddsa-rdfc-2022".into()),
        touched("/proof/proofPurpose", "authentication".into()),
        touched("/proof/proofValue", "z1".into()),
        touched("/proof/proofValue", format!("z{}", "1".repeat(100_000)).into()),
        touched("/proof/verificationMethod", "alice".into()),
        touched("/@context", json!(["https://evil.example/", "https://www.w3.org/ns/activitystreams"])),
        touched("/proof", json!([])),
    ] {
        assert!(!is_proved(&document), "{document}");
    }
    let mut more = example();
    more["summary"] = "added".into();
    assert!(!is_proved(&more));
}

#[test]
fn what_servers_add_around_it_does_not_matter() {
    let mut document = example();
    document["signature"] = json!({ "type": "RsaSignature2017", "signatureValue": "x" });
    assert!(is_proved(&document), "the older kind");
    document["@context"].as_array_mut().unwrap().push("https://join-lemmy.org/context.json".into());
    assert!(is_proved(&document), "an appended context");
    let proof = document["proof"].clone();
    document["proof"] = json!([{ "type": "Other" }, proof]);
    assert!(is_proved(&document), "one of several");
}

#[test]
fn ours_is_read_again_with_its_context_or_without() {
    let keys = keys();
    let at = Timestamp::from_secs(1_767_225_600);
    for context in
        [json!("https://www.w3.org/ns/activitystreams"), json!(["https://www.w3.org/ns/activitystreams", {}])]
    {
        let bare = json!({ "@context": context, "id": "https://a.example/1", "n": [1.0, 1e21, "\u{2028}"] });
        let mut proved = prove(bare, &keys, at).unwrap();
        assert_eq!(proved["@context"][0], "https://www.w3.org/ns/activitystreams");
        assert_eq!(proved["@context"][1], CONTEXT);
        let read_again: Value = serde_json::from_str(&proved.to_string()).unwrap();
        assert!(proof(&read_again).unwrap().is_by(keys.ed25519.public_key()));
        assert!(!is_proved(&read_again), "by another key");
        proved["proof"].as_object_mut().unwrap().remove("@context");
        assert!(proof(&proved).unwrap().is_by(keys.ed25519.public_key()), "as some send it");
    }
}

#[test]
fn a_proof_counts_for_a_while() {
    let created = Timestamp::from_micros(1_677_281_798_000_000);
    let fresh = proof(&example()).unwrap();
    assert!(fresh.is_fresh(created) && fresh.is_fresh(created.plus_secs(AGE_SECS_MAX - 1)));
    assert!(fresh.is_fresh(created.plus_secs(1 - AHEAD_SECS_MAX)));
    assert!(!fresh.is_fresh(created.plus_secs(AGE_SECS_MAX)), "somebody kept it");
    assert!(!fresh.is_fresh(created.plus_secs(-AHEAD_SECS_MAX)), "it is from the future");
    let mut ending = example();
    ending["proof"]["expires"] = "2023-02-24T23:37:38Z".into();
    let ending_proof = proof(&ending).unwrap();
    assert!(ending_proof.is_fresh(created) && !ending_proof.is_fresh(created.plus_secs(60)));
    ending["proof"]["expires"] = "some day".into();
    assert_eq!(proof(&ending), None, "an end that cannot be read may be over");
}

proptest! {
    #[test]
    fn nothing_that_calls_itself_a_proof_panics(value in any::<String>(), key in any::<String>()) {
        let mut document = example();
        document["proof"]["proofValue"] = value.into();
        document["proof"]["verificationMethod"] = key.into();
        prop_assert!(!is_proved(&document));
    }
}

/// The collection of vectors beside the project; nothing, with a printed reason, where there is none.
fn vectors(file: &str) -> Vec<Value> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors").join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: there is no {}", path.display());
        return Vec::new();
    };
    let file: Value = serde_json::from_str(&text).unwrap();
    file["cases"].as_array().unwrap().clone()
}

#[test]
fn canonical_spellings_are_those_of_others() {
    for case in vectors("jcs.json") {
        assert_eq!(canonical(&case["input"]), case["canonical"], "{}", case["input"]);
    }
}

#[test]
fn proofs_are_judged_as_others_judge_them() {
    for case in vectors("eddsa-jcs-2022.json") {
        let document = case["verify_path"].as_str().map_or(&case["document"], |path| &case["document"][path]);
        let key = PublicKey::from_multibase(case["publicKeyMultibase"].as_str().unwrap()).unwrap();
        let now = Timestamp::parse(case["now"].as_str().unwrap_or("2026-01-01T00:00:00Z")).unwrap();
        let holds = |proof: &Proof| proof.is_by(&key) && proof.expires.is_none_or(|expires| now < expires);
        // Who owns the key is not said in the document, but found out by whoever receives it.
        let is_owner = document["actor"].as_str().is_none_or(|actor| actor == case["key_owner"]);
        let accepted = proof(document).is_some_and(|proof| holds(&proof)) && is_owner;
        assert_eq!(accepted, case["expect"]["accept"], "{}", case["title"]);
    }
}
