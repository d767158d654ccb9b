//! `/oauth/userinfo`: who a token speaks for, in the words of `OpenID` Connect.

use crate::auth::{Author, ProfileScope};
use crate::entities::oauth::UserInfo;
use crate::error::Error;
use crate::json::Json;
use crate::render::accounts::avatar;
use alongside_app::context::App;
use alongside_store::actors;
use axum::extract::State;

/// Tells who it is.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ProfileScope>,
) -> Result<Json<UserInfo>, Error> {
    let actor = actors::find(&mut app.reader(), author.actor()).await?.ok_or(Error::Unauthenticated)?;
    Ok(Json(UserInfo {
        iss: format!("{}/", app.places().origin()),
        picture: avatar(app.places(), &actor),
        sub: actor.uri,
        name: actor.name,
        preferred_username: actor.handle,
        profile: actor.url,
    }))
}

#[cfg(test)]
mod tests {
    use crate::mastodon::testing::Door;
    use alongside_store::engine::Store;
    use alongside_testkit::both_engines;
    use axum::body::Body;
    use http::{Method, StatusCode};

    both_engines! {
        async fn who_somebody_is_is_told_to_who_asked_for_that(store: Store) {
            let door = Door::new(store);
            door.node.member("sam").await;
            let narrow = door.token("sam", "profile").await;
            for method in [Method::GET, Method::POST] {
                let info = door.send(method, "/oauth/userinfo", &narrow, "", Body::empty()).await.ok();
                assert_eq!(info["preferred_username"], "sam");
                assert_eq!(info["iss"], "http://127.0.0.1:7100/");
            }
            for scopes in ["read:accounts", "read write"] {
                let other = door.token("sam", scopes).await;
                assert_eq!(door.get("/oauth/userinfo", &other).await.status, StatusCode::FORBIDDEN, "{scopes}");
            }
            assert_eq!(door.get("/oauth/userinfo", "").await.status, StatusCode::UNAUTHORIZED);
        }
    }
}
