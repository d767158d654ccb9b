//! `GET /api/v1/apps/verify_credentials`: the client that a token belongs to.

use crate::auth::Client;
use crate::entities::apps::Application;
use crate::error::Error;
use crate::json::Json;
use alongside_app::context::App;
use alongside_app::pushing;
use alongside_store::oauth;
use axum::extract::State;

/// Shows it.
pub(crate) async fn show(State(app): State<App>, Client(id): Client) -> Result<Json<Application>, Error> {
    let client = oauth::find_app_by_id(&mut app.reader(), id).await?.ok_or(Error::Unauthenticated)?;
    let key = pushing::node_key(&app).await?;
    Ok(Json(Application::new(&client, key.public.clone())))
}
