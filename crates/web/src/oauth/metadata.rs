//! `/.well-known/oauth-authorization-server`: what this server can do (RFC 8414).

use crate::entities::oauth::Metadata;
use crate::json::Json;
use crate::state::Web;
use alongside_domain::scope;
use axum::extract::State;

/// Tells it.
pub(crate) async fn show(State(web): State<Web>) -> Json<Metadata> {
    let origin = web.app().places().origin();
    let at = |path: &str| format!("{origin}{path}");
    let mut grants = vec!["authorization_code", "client_credentials"];
    if web.settings().password_grant {
        grants.push("password");
    }
    Json(Metadata {
        issuer: at("/"),
        service_documentation: "https://docs.joinmastodon.org/",
        authorization_endpoint: at("/oauth/authorize"),
        token_endpoint: at("/oauth/token"),
        app_registration_endpoint: at("/api/v1/apps"),
        revocation_endpoint: at("/oauth/revoke"),
        userinfo_endpoint: at("/oauth/userinfo"),
        scopes_supported: scope::all(),
        response_types_supported: ["code"],
        response_modes_supported: ["query"],
        grant_types_supported: grants,
        token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
        code_challenge_methods_supported: ["S256"],
    })
}
