//! Keys: every form they come in, and the forms they must not come in.

use http_signatures::algorithm::{Algorithm, KeyKind};
use http_signatures::keys::{KeyError, PublicKey};
use http_signatures::private_key::PrivateKey;
use http_signatures::refused::Refused;

use crate::support::{ED25519, RSA};

const ALGORITHMS: [Algorithm; 5] = [
    Algorithm::RsaV15Sha256,
    Algorithm::RsaV15Sha512,
    Algorithm::RsaPssSha512,
    Algorithm::Ed25519,
    Algorithm::EcdsaP256Sha256,
];

#[test]
fn generated_keys_survive_every_form() {
    for key in [&RSA, &ED25519] {
        let read = PrivateKey::from_pem(&key.to_pem().unwrap()).unwrap();
        assert_eq!(read.public_key(), key.public_key());
        let public = key.public_key();
        assert_eq!(PublicKey::from_pem(&public.to_pem()).as_ref(), Ok(public));
        assert_eq!(PublicKey::from_multibase(&public.to_multibase().unwrap()).as_ref(), Ok(public));
    }
    assert_eq!((RSA.kind(), RSA.public_key().rsa_bits()), (KeyKind::Rsa, Some(2048)));
    assert_eq!((ED25519.kind(), ED25519.public_key().rsa_bits()), (KeyKind::Ed25519, None));
}

#[test]
fn each_algorithm_verifies_with_its_own_kind_of_key_and_no_other_algorithm() {
    for key in [&RSA, &ED25519] {
        for algorithm in ALGORITHMS {
            let signature = key.sign(algorithm, b"message");
            if algorithm.kind() != key.kind() {
                assert_eq!(signature, Err(KeyError::WrongAlgorithm(algorithm)));
                continue;
            }
            let signature = signature.unwrap();
            for other in ALGORITHMS {
                let verified = key.public_key().verify(other, b"message", &signature);
                assert_eq!(verified.is_ok(), other == algorithm, "{algorithm} as {other}");
            }
            let changed = key.public_key().verify(algorithm, b"massage", &signature);
            assert_eq!(changed, Err(Refused::BadSignature));
        }
    }
}

#[test]
fn a_key_bound_to_an_algorithm_is_another_key() {
    let key = RSA.public_key().clone();
    let bound = key.clone().only(Algorithm::RsaPssSha512).unwrap();
    assert_ne!(bound, key);
    let refused = key.only(Algorithm::Ed25519).unwrap_err();
    assert_eq!(refused, KeyError::WrongAlgorithm(Algorithm::Ed25519));
}

#[test]
fn a_private_key_is_not_printed_and_not_taken_for_a_public_one() {
    for key in [&RSA, &ED25519] {
        let pem = key.to_pem().unwrap();
        assert_eq!(PublicKey::from_pem(&pem), Err(KeyError::UnknownKind));
        assert_eq!(PrivateKey::from_pem(&key.public_key().to_pem()).unwrap_err(), KeyError::UnknownKind);
        assert_eq!(format!("{:?}", **key), format!("PrivateKey {{ kind: {:?}, .. }}", key.kind()));
    }
}

#[test]
fn what_is_no_key_is_an_error() {
    assert_eq!(PublicKey::from_pem("ssh-ed25519 AAAA"), Err(KeyError::NotPem));
    assert_eq!(PublicKey::from_multibase("Q2hlZXNl"), Err(KeyError::NotMultibase));
    // X25519, which agrees on secrets and signs nothing.
    let x25519 = "z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc";
    assert_eq!(PublicKey::from_multibase(x25519), Err(KeyError::UnknownKind));
    let empty = "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n";
    assert_eq!(PublicKey::from_pem(empty), Err(KeyError::UnknownKind));
    let bare = "-----BEGIN PUBLIC KEY-----\nJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n-----END PUBLIC KEY-----\n";
    assert_eq!(PublicKey::from_pem(bare), Err(KeyError::UnknownKind));
    let truncated = RSA.public_key().to_pem().replacen("MII", "", 1);
    assert!(PublicKey::from_pem(&truncated).is_err());
}

#[test]
fn an_rsa_key_nobody_should_use_is_not_read() {
    // 512 bits.
    let pem = "-----BEGIN PUBLIC KEY-----\n\
               MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALYS3ra17YvAe3nFuIn4VD2m8Jc7R+6I\n\
               7OZAO2h27HpOk+72DlftcCGDa83nCRhGhXbG+fNpagq1gRVBtg+6WXkCAwEAAQ==\n\
               -----END PUBLIC KEY-----\n";
    assert_eq!(PublicKey::from_pem(pem), Err(KeyError::RsaSize(512)));
}
