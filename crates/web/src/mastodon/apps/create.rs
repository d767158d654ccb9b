//! `POST /api/v1/apps`: a client registers itself.

use crate::address::ClientAddress;
use crate::entities::apps::CredentialApplication;
use crate::error::Error;
use crate::json::Json;
use crate::params::Params;
use crate::state::Web;
use alongside_app::oauth::apps::{self, NewApp};
use alongside_app::pushing;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// What a client says of itself.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Body {
    #[serde(default)]
    client_name: String,
    /// One address a line, or a list of them.
    #[serde(default)]
    redirect_uris: Vec<String>,
    #[serde(default)]
    scopes: String,
    website: Option<String>,
}

/// Registers it.
pub(crate) async fn create(
    State(web): State<Web>,
    ClientAddress(address): ClientAddress,
    Params(body): Params<Body>,
) -> Result<Json<CredentialApplication>, Error> {
    web.rates().registration(address, web.app().now())?;
    let new = NewApp {
        name: body.client_name,
        website: body.website,
        redirect_uris: body
            .redirect_uris
            .iter()
            .flat_map(|uris| uris.split_whitespace())
            .map(str::to_owned)
            .collect(),
        scopes: body.scopes,
    };
    let registered = apps::register(web.app(), new).await?;
    let key = pushing::node_key(web.app()).await?;
    Ok(Json(CredentialApplication::new(&registered.client, registered.secret, key.public.clone())))
}
