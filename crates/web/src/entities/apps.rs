//! Client applications.

use alongside_app::oauth::OUT_OF_BAND;
use alongside_store::oauth::ClientApp;
use schemars::JsonSchema;
use serde::Serialize;

/// A client application, as it sees itself.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Application {
    id: String,
    name: String,
    website: Option<String>,
    scopes: Vec<String>,
    redirect_uris: Vec<String>,
    /// What old clients read: every address, one a line.
    redirect_uri: String,
    vapid_key: String,
}

/// A client application with its secret, shown once.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CredentialApplication {
    #[serde(flatten)]
    application: Application,
    client_id: String,
    client_secret: String,
    /// It does not expire.
    client_secret_expires_at: i64,
}

impl Application {
    pub(crate) fn new(client: &ClientApp, vapid_key: String) -> Self {
        let uris = if client.redirect_uris.is_empty() {
            vec![OUT_OF_BAND.to_owned()]
        } else {
            client.redirect_uris.clone()
        };
        Self {
            id: client.id.to_string(),
            name: client.name.clone(),
            website: client.website.clone(),
            scopes: client.scopes.iter().map(ToOwned::to_owned).collect(),
            redirect_uri: uris.join("\n"),
            redirect_uris: uris,
            vapid_key,
        }
    }
}

impl CredentialApplication {
    pub(crate) fn new(client: &ClientApp, secret: String, vapid_key: String) -> Self {
        Self {
            application: Application::new(client, vapid_key),
            client_id: client.client_id.clone(),
            client_secret: secret,
            client_secret_expires_at: 0,
        }
    }
}
