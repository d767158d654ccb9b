//! Public keys: read once from whatever form an actor publishes, ready to verify many times.

use std::fmt;

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::error::{KeyRejected, Unspecified};
use aws_lc_rs::rsa;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY, RSA_PSS_2048_8192_SHA512, RsaParameters,
};
use thiserror::Error;

use crate::algorithm::{Algorithm, KeyKind};
use crate::multikey::{self, Codec, MultikeyError};
use crate::pem;
use crate::refused::Refused;

const RSA_BITS_MIN: u32 = 1024;
const RSA_BITS_MAX: u32 = 8192;
const ED25519_BYTES: usize = 32;

/// A public key, parsed.
#[derive(Clone)]
pub struct PublicKey {
    material: Material,
    spki: Box<[u8]>,
    only: Option<Algorithm>,
}

/// Why something is no key for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum KeyError {
    /// The text is not PEM.
    #[error("the key is not in PEM")]
    NotPem,
    /// The text is not a base58 multibase.
    #[error("the key is not in base58 multibase")]
    NotMultibase,
    /// A key, perhaps, but of a kind this crate does not know.
    #[error("the key is of an unknown kind")]
    UnknownKind,
    /// The key's encoding or its numbers are wrong.
    #[error("the key is malformed")]
    Malformed,
    /// An RSA key of a size nobody should use.
    #[error("the RSA key has {0} bits, not {RSA_BITS_MIN} to {RSA_BITS_MAX}")]
    RsaSize(u32),
    /// The algorithm is not one for this kind of key.
    #[error("{0} is not an algorithm for this key")]
    WrongAlgorithm(Algorithm),
    /// The cryptographic library failed to make a key or a signature.
    #[error("the cryptographic library failed")]
    Crypto,
}

#[derive(Clone)]
enum Material {
    Rsa(Box<RsaMaterial>),
    Ed25519(ParsedPublicKey),
    EcdsaP256(ParsedPublicKey),
}

/// An RSA key prepared for each padding and hash it may be used with.
#[derive(Clone)]
struct RsaMaterial {
    bits: u32,
    pkcs1: Box<[u8]>,
    v15_sha256: ParsedPublicKey,
    v15_sha512: ParsedPublicKey,
    pss_sha512: ParsedPublicKey,
}

impl PublicKey {
    /// Reads PEM: `PUBLIC KEY` (SPKI: RSA, Ed25519, P-256) or `RSA PUBLIC KEY` (PKCS#1).
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let (label, der) = pem::decode(pem).ok_or(KeyError::NotPem)?;
        match label {
            "PUBLIC KEY" => Self::from_spki(&der),
            "RSA PUBLIC KEY" => Self::from_rsa(&der),
            _ => Err(KeyError::UnknownKind),
        }
    }

    /// Reads the `publicKeyMultibase` of a Multikey (FEP-521a): Ed25519 or RSA.
    pub fn from_multibase(text: &str) -> Result<Self, KeyError> {
        match multikey::decode(text)? {
            (Codec::Ed25519, key) => Self::from_ed25519(&key),
            (Codec::Rsa, key) => Self::from_rsa(&key),
        }
    }

    /// Allows this key one algorithm only, where its owner has said which.
    pub fn only(self, algorithm: Algorithm) -> Result<Self, KeyError> {
        if algorithm.kind() != self.kind() {
            return Err(KeyError::WrongAlgorithm(algorithm));
        }
        Ok(Self { only: Some(algorithm), ..self })
    }

    /// Writes PEM, as `PUBLIC KEY` (SPKI).
    pub fn to_pem(&self) -> String {
        pem::encode("PUBLIC KEY", &self.spki)
    }

    /// Writes a `publicKeyMultibase`; `None` for P-256, which FEP-521a does not name.
    pub fn to_multibase(&self) -> Option<String> {
        match &self.material {
            Material::Rsa(rsa) => Some(multikey::encode(Codec::Rsa, &rsa.pkcs1)),
            Material::Ed25519(_) => Some(multikey::encode(Codec::Ed25519, self.ed25519_bytes())),
            Material::EcdsaP256(_) => None,
        }
    }

    /// What kind of key this is.
    pub fn kind(&self) -> KeyKind {
        match self.material {
            Material::Rsa(_) => KeyKind::Rsa,
            Material::Ed25519(_) => KeyKind::Ed25519,
            Material::EcdsaP256(_) => KeyKind::EcdsaP256,
        }
    }

    /// The size of an RSA key in bits; `None` for the others, which come in one size.
    pub fn rsa_bits(&self) -> Option<u32> {
        match &self.material {
            Material::Rsa(rsa) => Some(rsa.bits),
            Material::Ed25519(_) | Material::EcdsaP256(_) => None,
        }
    }

    /// Verifies a bare signature over a message, without any of the rules for requests.
    pub fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> Result<(), Refused> {
        let prepared = match (&self.material, self.choose(Some(algorithm))?) {
            (Material::Rsa(rsa), Algorithm::RsaV15Sha256) => &rsa.v15_sha256,
            (Material::Rsa(rsa), Algorithm::RsaV15Sha512) => &rsa.v15_sha512,
            (Material::Rsa(rsa), Algorithm::RsaPssSha512) => &rsa.pss_sha512,
            (Material::Ed25519(key), Algorithm::Ed25519)
            | (Material::EcdsaP256(key), Algorithm::EcdsaP256Sha256) => key,
            (Material::Rsa(_), Algorithm::Ed25519 | Algorithm::EcdsaP256Sha256)
            | (Material::Ed25519(_) | Material::EcdsaP256(_), _) => return Err(self.mismatch(algorithm)),
        };
        prepared.verify_sig(message, signature).map_err(|Unspecified| Refused::BadSignature)
    }

    /// The algorithm to verify with: the key decides, a claim may only agree.
    pub(crate) fn choose(&self, claimed: Option<Algorithm>) -> Result<Algorithm, Refused> {
        let default = self.only.unwrap_or(self.kind().usual_algorithm());
        let Some(claimed) = claimed else { return Ok(default) };
        let allowed = match self.only {
            Some(only) => claimed == only,
            None => claimed.kind() == self.kind(),
        };
        if allowed { Ok(claimed) } else { Err(self.mismatch(claimed)) }
    }

    /// Reads an RSA key in DER, PKCS#1 or SPKI: actors mislabel the two.
    pub(crate) fn from_rsa(der: &[u8]) -> Result<Self, KeyError> {
        let key = rsa::PublicKey::from_der(der)?;
        let bits = RsaParameters::public_modulus_len(key.as_ref())?;
        if !(RSA_BITS_MIN..=RSA_BITS_MAX).contains(&bits) {
            return Err(KeyError::RsaSize(bits));
        }
        let pkcs1 = Box::<[u8]>::from(key.as_ref());
        let material = RsaMaterial {
            bits,
            v15_sha256: ParsedPublicKey::new(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, &pkcs1)?,
            v15_sha512: ParsedPublicKey::new(&RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY, &pkcs1)?,
            pss_sha512: ParsedPublicKey::new(&RSA_PSS_2048_8192_SHA512, &pkcs1)?,
            pkcs1,
        };
        Ok(Self {
            spki: spki_of(&material.v15_sha256)?,
            material: Material::Rsa(Box::new(material)),
            only: None,
        })
    }

    /// Reads the 32 bytes of an Ed25519 key.
    pub(crate) fn from_ed25519(bytes: &[u8]) -> Result<Self, KeyError> {
        if bytes.len() != ED25519_BYTES {
            return Err(KeyError::Malformed);
        }
        let key = ParsedPublicKey::new(&ED25519, bytes)?;
        Ok(Self { spki: spki_of(&key)?, material: Material::Ed25519(key), only: None })
    }

    /// SPKI names its kind inside; the library reads it for one kind at a time.
    fn from_spki(der: &[u8]) -> Result<Self, KeyError> {
        if rsa::PublicKey::from_der(der).is_ok() {
            return Self::from_rsa(der);
        }
        // Shorter input would be taken for a bare key without its SPKI.
        if der.len() > ED25519_BYTES
            && let Ok(key) = ParsedPublicKey::new(&ED25519, der)
        {
            return Ok(Self { spki: spki_of(&key)?, material: Material::Ed25519(key), only: None });
        }
        let key = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, der).map_err(|_| KeyError::UnknownKind)?;
        Ok(Self { spki: spki_of(&key)?, material: Material::EcdsaP256(key), only: None })
    }

    /// An Ed25519 SPKI is a fixed prefix and then the key itself.
    fn ed25519_bytes(&self) -> &[u8] {
        &self.spki[self.spki.len() - ED25519_BYTES..]
    }

    fn mismatch(&self, claimed: Algorithm) -> Refused {
        Refused::AlgorithmMismatch { claimed, key: self.kind() }
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.spki == other.spki && self.only == other.only
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey")
            .field("kind", &self.kind())
            .field("only", &self.only)
            .finish_non_exhaustive()
    }
}

impl From<KeyRejected> for KeyError {
    fn from(_: KeyRejected) -> Self {
        Self::Malformed
    }
}

impl From<Unspecified> for KeyError {
    fn from(_: Unspecified) -> Self {
        Self::Crypto
    }
}

impl From<MultikeyError> for KeyError {
    fn from(error: MultikeyError) -> Self {
        match error {
            MultikeyError::Malformed => Self::NotMultibase,
            MultikeyError::UnknownCodec => Self::UnknownKind,
        }
    }
}

fn spki_of(key: &ParsedPublicKey) -> Result<Box<[u8]>, KeyError> {
    let der: PublicKeyX509Der<'_> = key.as_der()?;
    Ok(Box::from(der.as_ref()))
}
