//! Private keys: made or read once, ready to sign many times. Never printed, except by `to_pem`.

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{self, KeySize};
use aws_lc_rs::signature::{
    Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA512, RSA_PSS_SHA512, RsaEncoding,
};

use crate::algorithm::{Algorithm, KeyKind};
use crate::keys::{KeyError, PublicKey};
use crate::pem;

/// A private key together with its public half.
pub struct PrivateKey {
    material: Material,
    public: PublicKey,
}

enum Material {
    Rsa(Box<rsa::KeyPair>),
    Ed25519(Ed25519KeyPair),
}

impl PrivateKey {
    /// Makes an RSA key of 2048 bits, the size every fediverse server accepts.
    pub fn generate_rsa_2048() -> Result<Self, KeyError> {
        Self::rsa(rsa::KeyPair::generate(KeySize::Rsa2048)?)
    }

    /// Makes an Ed25519 key.
    pub fn generate_ed25519() -> Result<Self, KeyError> {
        Self::ed25519(Ed25519KeyPair::generate()?)
    }

    /// Reads PEM: `PRIVATE KEY` (PKCS#8: RSA of 2048 bits or more, Ed25519) or
    /// `RSA PRIVATE KEY` (PKCS#1).
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let (label, der) = pem::decode(pem).ok_or(KeyError::NotPem)?;
        match label {
            "PRIVATE KEY" => Self::from_pkcs8(&der),
            "RSA PRIVATE KEY" => Self::rsa(rsa::KeyPair::from_der(&der)?),
            _ => Err(KeyError::UnknownKind),
        }
    }

    /// Reads PKCS#8 (RSA of 2048 bits or more, Ed25519).
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        if let Ok(pair) = Ed25519KeyPair::from_pkcs8(der) {
            return Self::ed25519(pair);
        }
        Self::rsa(rsa::KeyPair::from_pkcs8(der)?)
    }

    /// Writes PEM, as `PRIVATE KEY` (PKCS#8). Whoever has this text has the key.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        let der: Pkcs8V1Der<'_> = match &self.material {
            Material::Rsa(pair) => pair.as_der()?,
            Material::Ed25519(pair) => pair.as_der()?,
        };
        Ok(pem::encode("PRIVATE KEY", der.as_ref()))
    }

    /// The half that may be published.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// What kind of key this is.
    pub fn kind(&self) -> KeyKind {
        self.public.kind()
    }

    /// Makes a bare signature over a message, without any of the rules for requests.
    pub fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        match (&self.material, algorithm) {
            (Material::Rsa(pair), Algorithm::RsaV15Sha256) => sign_rsa(pair, &RSA_PKCS1_SHA256, message),
            (Material::Rsa(pair), Algorithm::RsaV15Sha512) => sign_rsa(pair, &RSA_PKCS1_SHA512, message),
            (Material::Rsa(pair), Algorithm::RsaPssSha512) => sign_rsa(pair, &RSA_PSS_SHA512, message),
            (Material::Ed25519(pair), Algorithm::Ed25519) => Ok(pair.try_sign(message)?.as_ref().to_vec()),
            (Material::Rsa(_), Algorithm::Ed25519 | Algorithm::EcdsaP256Sha256)
            | (Material::Ed25519(_), _) => Err(KeyError::WrongAlgorithm(algorithm)),
        }
    }

    fn rsa(pair: rsa::KeyPair) -> Result<Self, KeyError> {
        let public = PublicKey::from_rsa(pair.public_key().as_ref())?;
        Ok(Self { material: Material::Rsa(Box::new(pair)), public })
    }

    fn ed25519(pair: Ed25519KeyPair) -> Result<Self, KeyError> {
        let public = PublicKey::from_ed25519(pair.public_key().as_ref())?;
        Ok(Self { material: Material::Ed25519(pair), public })
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey").field("kind", &self.kind()).finish_non_exhaustive()
    }
}

fn sign_rsa(
    pair: &rsa::KeyPair,
    padding: &'static dyn RsaEncoding,
    message: &[u8],
) -> Result<Vec<u8>, KeyError> {
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(padding, &SystemRandom::new(), message, &mut signature)?;
    Ok(signature)
}
