//! The signature algorithms, the kinds of key they belong to, and the names each
//! specification gives them. A name never chooses the kind: the key does.

use std::fmt;

use crate::refused::Refused;

/// A way to sign, complete with padding and hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256: what nearly every fediverse server uses.
    RsaV15Sha256,
    /// RSASSA-PKCS1-v1_5 with SHA-512: `rsa-sha512` in draft-cavage, unnamed in RFC 9421.
    RsaV15Sha512,
    /// RSASSA-PSS with SHA-512 and a salt as long as the hash.
    RsaPssSha512,
    /// Ed25519.
    Ed25519,
    /// ECDSA on P-256 with SHA-256, the signature as the two fixed-size numbers.
    EcdsaP256Sha256,
}

/// A kind of key; it decides which algorithms are possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA.
    Rsa,
    /// Ed25519.
    Ed25519,
    /// ECDSA on the curve P-256 (verification only).
    EcdsaP256,
}

impl Algorithm {
    /// The kind of key this algorithm needs.
    pub fn kind(self) -> KeyKind {
        match self {
            Self::RsaV15Sha256 | Self::RsaV15Sha512 | Self::RsaPssSha512 => KeyKind::Rsa,
            Self::Ed25519 => KeyKind::Ed25519,
            Self::EcdsaP256Sha256 => KeyKind::EcdsaP256,
        }
    }

    /// Reads draft-cavage's `algorithm`; `hs2019` leaves the choice to the key.
    pub(crate) fn from_cavage(name: &str) -> Result<Option<Self>, Refused> {
        match name {
            "hs2019" => Ok(None),
            "rsa-sha256" => Ok(Some(Self::RsaV15Sha256)),
            "rsa-sha512" => Ok(Some(Self::RsaV15Sha512)),
            "ed25519" => Ok(Some(Self::Ed25519)),
            other => Err(Refused::UnsupportedAlgorithm(other.to_owned())),
        }
    }

    /// Reads RFC 9421's `alg`, a closed registry (section 6.2.2).
    pub(crate) fn from_rfc9421(name: &str) -> Result<Self, Refused> {
        match name {
            "rsa-v1_5-sha256" => Ok(Self::RsaV15Sha256),
            "rsa-pss-sha512" => Ok(Self::RsaPssSha512),
            "ed25519" => Ok(Self::Ed25519),
            "ecdsa-p256-sha256" => Ok(Self::EcdsaP256Sha256),
            other => Err(Refused::UnsupportedAlgorithm(other.to_owned())),
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RsaV15Sha256 => "RSA PKCS#1 v1.5 with SHA-256",
            Self::RsaV15Sha512 => "RSA PKCS#1 v1.5 with SHA-512",
            Self::RsaPssSha512 => "RSA PSS with SHA-512",
            Self::Ed25519 => "Ed25519",
            Self::EcdsaP256Sha256 => "ECDSA P-256 with SHA-256",
        })
    }
}

impl KeyKind {
    /// The algorithm meant where a signature names none.
    pub fn usual_algorithm(self) -> Algorithm {
        match self {
            Self::Rsa => Algorithm::RsaV15Sha256,
            Self::Ed25519 => Algorithm::Ed25519,
            Self::EcdsaP256 => Algorithm::EcdsaP256Sha256,
        }
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rsa => "RSA",
            Self::Ed25519 => "Ed25519",
            Self::EcdsaP256 => "ECDSA P-256",
        })
    }
}
