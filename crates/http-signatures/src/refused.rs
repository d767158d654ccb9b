//! Why a signature was refused: one sentence per reason, fit for the body of a 401.
//! A sentence repeats at most what the peer itself sent, never a key or a digest of ours.

use http::HeaderName;
use thiserror::Error;

use crate::algorithm::{Algorithm, KeyKind};

/// The reason a request's signature does not count.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    /// There is no `Signature` header at all.
    #[error("the request is not signed")]
    NotSigned,
    /// A header does not follow its grammar; the name says which.
    #[error("the {0} header cannot be read")]
    Malformed(&'static str),
    /// The signature headers are longer, or name more components, than any honest signer needs.
    #[error("the signature headers are too large")]
    TooLarge,
    /// RFC 9421 allows several signatures; this crate wants exactly one it can use.
    #[error("exactly one signature is expected, found {0}")]
    SignatureCount(usize),
    /// A parameter of the signature is absent.
    #[error("the signature has no `{0}` parameter")]
    MissingParameter(&'static str),
    /// The policy demands a component that the signature leaves out.
    #[error("the signature does not cover {0}")]
    NotCovered(&'static str),
    /// The signature covers a header that the request does not have.
    #[error("the signature covers `{0}`, which the request does not have")]
    MissingHeader(HeaderName),
    /// A header that can only have one value has several.
    #[error("the {0} header occurs more than once")]
    RepeatedHeader(HeaderName),
    /// The signature names one component twice.
    #[error("the signature covers `{0}` twice")]
    RepeatedComponent(String),
    /// The signature covers something this crate cannot compute.
    #[error("the component `{0}` is not supported")]
    UnsupportedComponent(String),
    /// `(created)` or `(expires)` is covered under an algorithm older than both.
    #[error("`(created)` and `(expires)` need the algorithm hs2019")]
    TimeNeedsHs2019,
    /// The request is addressed to another host than ours.
    #[error("the Host header is not this server's")]
    WrongHost,
    /// The signature is too old.
    #[error("the signature is {0} seconds old, which is too old")]
    Stale(i64),
    /// The signature was made in the future.
    #[error("the signature was made {0} seconds in the future")]
    FromTheFuture(i64),
    /// The signature's own `expires` has passed.
    #[error("the signature expired {0} seconds ago")]
    Expired(i64),
    /// A digest header has no digest of a kind we compute.
    #[error("the {0} header has no SHA-256 digest")]
    UnsupportedDigest(&'static str),
    /// The body is not the one that was signed.
    #[error("the {0} header does not match the body")]
    DigestMismatch(&'static str),
    /// The algorithm's name is unknown, or known and broken.
    #[error("the algorithm `{0}` is not supported")]
    UnsupportedAlgorithm(String),
    /// The signature claims an algorithm that its key cannot have used.
    #[error("the signature claims {claimed}, but the key is {key}")]
    AlgorithmMismatch {
        /// What the signature says.
        claimed: Algorithm,
        /// What the key is.
        key: KeyKind,
    },
    /// The RSA key is too short to be trusted.
    #[error("the RSA key has {0} bits, which is too few")]
    WeakKey(u32),
    /// The signature is not this key's over this request.
    #[error("the signature does not match the request")]
    BadSignature,
}
