//! What was decided about other servers.

use schemars::JsonSchema;
use serde::Serialize;

/// Something is taken from a server.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "AdminDomainBlock")]
pub(crate) struct DomainBlock {
    pub(crate) id: String,
    pub(crate) domain: String,
    pub(crate) digest: String,
    pub(crate) created_at: String,
    pub(crate) severity: &'static str,
    pub(crate) reject_media: bool,
    pub(crate) reject_reports: bool,
    pub(crate) private_comment: Option<String>,
    pub(crate) public_comment: Option<String>,
    pub(crate) obfuscate: bool,
}

/// A server is in the agreement.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DomainAllow {
    pub(crate) id: String,
    pub(crate) domain: String,
    pub(crate) created_at: String,
}

/// Something is decided about a server already.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Known {
    pub(crate) error: String,
    pub(crate) existing_domain_block: DomainBlock,
}
