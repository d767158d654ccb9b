//! `/api/v1/custom_emojis`: the pictures of this node that stand for words.

use crate::entities::statuses::CustomEmoji;
use crate::error::Error;
use crate::json::Json;
use crate::render::emojis::emoji_of;
use crate::routes::{Routes, get};
use alongside_app::context::App;
use alongside_app::emojis;
use alongside_app::media::Addresses;
use axum::extract::State;

/// The address.
pub(crate) fn routes() -> Routes {
    Routes::new().route("/api/v1/custom_emojis", get(show))
}

async fn show(State(app): State<App>) -> Result<Json<Vec<CustomEmoji>>, Error> {
    let (found, addresses) = (emojis::all(&app).await?, Addresses::load(&app).await?);
    Ok(Json(found.iter().filter_map(|emoji| emoji_of(&addresses, app.places(), emoji)).collect()))
}

#[cfg(test)]
mod tests;
