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
