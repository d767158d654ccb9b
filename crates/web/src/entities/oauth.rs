//! Tokens, and what the server says of itself to OAuth clients.

use alongside_app::oauth::Granted;
use schemars::JsonSchema;
use serde::Serialize;

/// A token for a client.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Token {
    access_token: String,
    token_type: &'static str,
    scope: String,
    created_at: i64,
}

impl Token {
    pub(crate) fn new(granted: Granted) -> Self {
        Self {
            access_token: granted.token,
            token_type: "Bearer",
            scope: granted.scopes.to_string(),
            created_at: granted.created_at.as_secs(),
        }
    }
}

/// Who a token speaks for (`OpenID` Connect, section 5.1).
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct UserInfo {
    pub(crate) iss: String,
    pub(crate) sub: String,
    pub(crate) name: String,
    pub(crate) preferred_username: String,
    pub(crate) profile: String,
    pub(crate) picture: String,
}

/// What the authorization server can do (RFC 8414).
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Metadata {
    pub(crate) issuer: String,
    pub(crate) service_documentation: &'static str,
    pub(crate) authorization_endpoint: String,
    pub(crate) token_endpoint: String,
    pub(crate) app_registration_endpoint: String,
    pub(crate) revocation_endpoint: String,
    pub(crate) userinfo_endpoint: String,
    pub(crate) scopes_supported: Vec<String>,
    pub(crate) response_types_supported: [&'static str; 1],
    pub(crate) response_modes_supported: [&'static str; 1],
    pub(crate) grant_types_supported: Vec<&'static str>,
    pub(crate) token_endpoint_auth_methods_supported: [&'static str; 2],
    pub(crate) code_challenge_methods_supported: [&'static str; 1],
}
