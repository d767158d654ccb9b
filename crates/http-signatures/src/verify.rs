//! Verifying in two steps, because the key is usually somewhere on the network: first read the
//! signature and check what needs no key, then, with the key at hand, verify.

use http::{HeaderMap, HeaderName};

use crate::algorithm::Algorithm;
use crate::cavage;
use crate::keys::PublicKey;
use crate::policy::Policy;
use crate::refused::Refused;
use crate::request::Request;
use crate::rfc9421;
use crate::time::UnixSeconds;

/// The most a signer may write into `Signature` and `Signature-Input` together.
pub const SIGNATURE_BYTES_MAX: usize = 8 * 1024;
/// The most components a signature may cover.
pub const COMPONENTS_MAX: usize = 64;

pub(crate) const SIGNATURE: HeaderName = HeaderName::from_static("signature");
pub(crate) const SIGNATURE_INPUT: HeaderName = HeaderName::from_static("signature-input");

/// Which specification a signature follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// draft-cavage-http-signatures-12.
    Cavage,
    /// RFC 9421.
    Rfc9421,
}

/// A signature as read from a request's headers. Nothing in it is believed yet.
#[derive(Debug)]
pub struct Signature(Parsed);

#[derive(Debug)]
enum Parsed {
    Cavage(cavage::Parsed),
    Rfc9421(rfc9421::Parsed),
}

/// A signature of the right shape, over the right things, at the right time, whose body digest
/// matches. It only remains to see whether the key made it.
///
/// It borrows nothing from the request, so it can wait while the key is fetched.
#[derive(Clone, Debug)]
#[must_use = "a signature is worth nothing until it is verified"]
pub struct Checked {
    pub(crate) key_id: String,
    pub(crate) claimed: Option<Algorithm>,
    pub(crate) signature: Vec<u8>,
    /// The texts the signer may have signed; one of them must fit.
    pub(crate) bases: Vec<Vec<u8>>,
    pub(crate) rsa_bits_min: u32,
}

impl Signature {
    /// Reads the signature: RFC 9421 where there is a `Signature-Input`, else draft-cavage.
    pub fn parse(headers: &HeaderMap) -> Result<Self, Refused> {
        let bytes: usize = [SIGNATURE, SIGNATURE_INPUT]
            .iter()
            .flat_map(|name| headers.get_all(name))
            .map(http::HeaderValue::len)
            .sum();
        if bytes > SIGNATURE_BYTES_MAX {
            return Err(Refused::TooLarge);
        }
        let parsed = if headers.contains_key(SIGNATURE_INPUT) {
            Parsed::Rfc9421(rfc9421::parse(headers)?)
        } else {
            Parsed::Cavage(cavage::parse(headers)?)
        };
        Ok(Self(parsed))
    }

    /// Which specification it follows.
    pub fn family(&self) -> Family {
        match self.0 {
            Parsed::Cavage(_) => Family::Cavage,
            Parsed::Rfc9421(_) => Family::Rfc9421,
        }
    }

    /// The id of the key that the signer claims, usually a URL.
    pub fn key_id(&self) -> &str {
        match &self.0 {
            Parsed::Cavage(parsed) => &parsed.key_id,
            Parsed::Rfc9421(parsed) => &parsed.key_id,
        }
    }

    /// Checks everything that needs no key: coverage, time, body digest.
    pub fn check(self, request: &Request<'_>, policy: &Policy, now: UnixSeconds) -> Result<Checked, Refused> {
        match self.0 {
            Parsed::Cavage(parsed) => parsed.check(request, policy, now),
            Parsed::Rfc9421(parsed) => parsed.check(request, policy, now),
        }
    }
}

impl Checked {
    /// The id of the key to look for.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Verifies the signature with the key.
    ///
    /// Every refusal here is about this key, so a newer key under the same id may still fit:
    /// fetch it once more, within a budget, and call again.
    pub fn verify(&self, key: &PublicKey) -> Result<(), Refused> {
        let algorithm = key.choose(self.claimed)?;
        if let Some(bits) = key.rsa_bits()
            && bits < self.rsa_bits_min
        {
            return Err(Refused::WeakKey(bits));
        }
        let fits = |base: &Vec<u8>| key.verify(algorithm, base, &self.signature).is_ok();
        if self.bases.iter().any(fits) { Ok(()) } else { Err(Refused::BadSignature) }
    }
}
