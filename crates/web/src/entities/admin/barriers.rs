//! From where nobody signs up.

use schemars::JsonSchema;
use serde::Serialize;

/// A host whose addresses are kept out.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct EmailDomainBlock {
    pub(crate) id: String,
    pub(crate) domain: String,
    pub(crate) created_at: String,
    pub(crate) allow_with_approval: bool,
    pub(crate) history: Vec<Attempts>,
}

/// How many tried on a day. Numbers are texts here.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Attempts {
    pub(crate) day: String,
    pub(crate) accounts: String,
    /// From how many networks is not kept.
    pub(crate) uses: String,
}

/// A network that is kept out.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct IpBlock {
    pub(crate) id: String,
    pub(crate) ip: String,
    pub(crate) severity: &'static str,
    pub(crate) comment: String,
    pub(crate) created_at: String,
    pub(crate) expires_at: Option<String>,
}

/// A single address that is kept out, of which only the hash is known.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CanonicalEmailBlock {
    pub(crate) id: String,
    pub(crate) canonical_email_hash: String,
}
