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
    /// With spaces between, or a list of them.
    #[serde(default)]
    scopes: Vec<String>,
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
        scopes: body.scopes.join(" "),
    };
    let registered = apps::register(web.app(), new).await?;
    let key = pushing::node_key(web.app()).await?;
    Ok(Json(CredentialApplication::new(&registered.client, registered.secret, key.public.clone())))
}

#[cfg(test)]
mod tests {
    use crate::mastodon::testing::Door;
    use alongside_store::engine::Store;
    use alongside_testkit::both_engines;
    use axum::body::Body;
    use http::{Method, StatusCode};
    use serde_json::{Value, json};

    const APPS: &str = "/api/v1/apps";

    both_engines! {
        async fn an_application_is_registered_as_clients_write_it(store: Store) {
            let door = Door::new(store);
            let with = |more: Value| {
                let mut body = json!({ "client_name": "App", "redirect_uris": "https://a.example/cb\napp://cb" });
                body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
                body
            };
            let app = door.post(APPS, "", &with(json!({ "scopes": null, "website": null }))).await.ok();
            assert_eq!((&app["scopes"], &app["website"]), (&json!(["read"]), &json!(null)));
            assert_eq!(app["redirect_uris"], json!(["https://a.example/cb", "app://cb"]));
            assert_eq!(app["redirect_uri"], "https://a.example/cb\napp://cb");
            assert!(app["id"].is_string() && app["client_id"].is_string() && app["client_secret"].is_string());
            for scopes in [json!("read  write read"), json!(["read", "write"])] {
                let app = door.post(APPS, "", &with(json!({ "scopes": scopes }))).await.ok();
                assert_eq!(app["scopes"], json!(["read", "write"]), "{scopes}");
            }
            let form = "client_name=App&redirect_uris[]=app://cb&scopes=read:statuses&website=";
            let kind = "application/x-www-form-urlencoded";
            let app = door.send(Method::POST, APPS, "", kind, Body::from(form)).await.ok();
            assert_eq!((&app["redirect_uris"], &app["scopes"]), (&json!(["app://cb"]), &json!(["read:statuses"])));
        }

        async fn what_does_not_fit_is_not_registered(store: Store) {
            let door = Door::new(store);
            let fits = json!({ "client_name": "App", "redirect_uris": "app://cb", "scopes": "read" });
            for (name, value) in [
                ("client_name", json!("hoge".repeat(20))),
                ("client_name", json!("")),
                ("redirect_uris", json!([])),
                ("redirect_uris", json!("\n")),
                ("redirect_uris", json!(format!("https://a.example/{}", "x".repeat(2_000)))),
                ("scopes", json!("everything")),
                ("website", json!(format!("https://a.example/{}", "x".repeat(2_000)))),
            ] {
                let mut body = fits.clone();
                body[name] = value;
                let answer = door.post(APPS, "", &body).await;
                assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
                assert!(answer.json()["error"].is_string());
            }
        }
    }
}
