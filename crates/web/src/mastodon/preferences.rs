//! `GET /api/v1/preferences`: what a member chose for every client.

use crate::auth::{Author, ReadAccounts};
use crate::entities::accounts::Preferences;
use crate::error::Error;
use crate::json::Json;
use crate::routes::{Routes, get};
use alongside_app::context::App;
use alongside_store::members;
use axum::extract::State;

/// The address.
pub(crate) fn routes() -> Routes {
    Routes::new().route("/api/v1/preferences", get(show))
}

async fn show(State(app): State<App>, author: Author<ReadAccounts>) -> Result<Json<Preferences>, Error> {
    let member = members::find(&mut app.reader(), author.member).await?.ok_or(Error::Unauthenticated)?;
    Ok(Json(Preferences::new(&member)))
}

#[cfg(test)]
mod tests {
    use crate::mastodon::testing::Door;
    use alongside_store::engine::Store;
    use alongside_testkit::both_engines;
    use http::StatusCode;
    use serde_json::json;

    both_engines! {
        async fn what_a_member_chose_is_told_to_their_clients(store: Store) {
            let door = Door::new(store);
            door.persona("sam").await;
            let reader = door.token("sam", "read:accounts").await;
            assert_eq!(door.get("/api/v1/preferences", &reader).await.ok(), json!({
                "posting:default:visibility": "public",
                "posting:default:sensitive": false,
                "posting:default:language": null,
                "posting:default:quote_policy": "nobody",
                "reading:expand:media": "default",
                "reading:expand:spoilers": false,
                "reading:autoplay:gifs": false,
            }));
            let other = door.token("sam", "read:statuses").await;
            assert_eq!(door.get("/api/v1/preferences", &other).await.status, StatusCode::FORBIDDEN);
        }
    }
}
