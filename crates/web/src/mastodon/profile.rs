//! `/api/v1/profile`: one's own profile as it is edited, and taking away its pictures.

use crate::auth::{Author, OwnProfile, WriteAccounts};
use crate::entities::accounts::{CredentialAccount, Profile};
use crate::error::Error;
use crate::json::Json;
use crate::mastodon::accounts::update_credentials::{self, Body};
use crate::params::Uploads;
use crate::render::accounts;
use crate::routes::{Routes, delete, get};
use alongside_app::context::App;
use alongside_app::profiles::{self, Changes, Picture};
use axum::extract::State;

/// The addresses of this family; a body may have so many bytes.
pub(crate) fn routes(bytes_max: usize) -> Routes {
    let profile = get(show).put(update).patch(update).with_bodies_up_to(bytes_max);
    Routes::new()
        .route("/api/v1/profile", profile)
        .route("/api/v1/profile/avatar", delete(remove_avatar))
        .route("/api/v1/profile/header", delete(remove_header))
}

async fn show(State(app): State<App>, author: Author<OwnProfile>) -> Result<Json<Profile>, Error> {
    accounts::profile(&app, author.member).await.map(Json)
}

async fn update(
    State(app): State<App>,
    author: Author<WriteAccounts>,
    uploads: Uploads<Body>,
) -> Result<Json<Profile>, Error> {
    update_credentials::apply(&app, author.member, uploads).await?;
    accounts::profile(&app, author.member).await.map(Json)
}

async fn remove_avatar(
    State(app): State<App>,
    author: Author<WriteAccounts>,
) -> Result<Json<CredentialAccount>, Error> {
    let changes = Changes { avatar: Some(Picture::Removed), ..Changes::default() };
    profiles::update(&app, author.member, changes).await?;
    accounts::credentials(&app, author.member).await.map(Json)
}

async fn remove_header(
    State(app): State<App>,
    author: Author<WriteAccounts>,
) -> Result<Json<CredentialAccount>, Error> {
    let changes = Changes { header: Some(Picture::Removed), ..Changes::default() };
    profiles::update(&app, author.member, changes).await?;
    accounts::credentials(&app, author.member).await.map(Json)
}

#[cfg(test)]
mod tests {
    use crate::mastodon::testing::Door;
    use alongside_store::engine::Store;
    use alongside_testkit::both_engines;
    use axum::body::Body;
    use http::{Method, StatusCode};
    use serde_json::json;

    both_engines! {
        async fn a_profile_is_shown_as_it_is_typed_and_changed_in_place(store: Store) {
            let door = Door::new(store);
            let sam = door.persona("sam").await;
            let changes = json!({ "display_name": "Sam <3", "note": "I **sleep**\nbadly", "bot": true,
                "fields_attributes": { "0": { "name": "Likes", "value": "tea" } } }).to_string();
            let changed = door
                .send(Method::PATCH, "/api/v1/profile", &sam.token, "application/json", changes.into())
                .await
                .ok();
            assert_eq!((&changed["display_name"], &changed["note"]), (&json!("Sam <3"), &json!("I **sleep**\nbadly")));
            assert_eq!(changed["fields"], json!([{ "name": "Likes", "value": "tea", "verified_at": null }]));
            assert_eq!(door.get("/api/v1/profile", &sam.token).await.ok(), changed);
            let put = door.put("/api/v1/profile", &sam.token, &json!({ "show_media": true })).await.ok();
            assert_eq!(put, changed, "some clients put what others patch");
            assert_eq!((&changed["avatar"], &changed["hide_collections"]), (&json!(null), &json!(true)));
            let long = json!({ "note": "x".repeat(1_001) }).to_string();
            let refused = door.send(Method::PATCH, "/api/v1/profile", &sam.token, "application/json", long.into()).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            let reader = door.token("sam", "read").await;
            let refused = door.send(Method::PATCH, "/api/v1/profile", &reader, "", Body::empty()).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN);
        }

        async fn pictures_are_taken_away_whether_or_not_there_were_any(store: Store) {
            let door = Door::new(store);
            let sam = door.persona("sam").await;
            for picture in ["avatar", "header"] {
                let bare = door.delete(&format!("/api/v1/profile/{picture}"), &sam.token).await.ok();
                assert!(bare[picture].as_str().unwrap().ends_with("s/original/missing.png"), "{bare}");
                assert_eq!(bare["source"]["note"], "");
            }
        }
    }
}
