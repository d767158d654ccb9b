//! `/api/v1/announcements`: what whoever runs the node tells every member.

use crate::auth::{Author, ReadMe, WriteAccounts, WriteFavourites};
use crate::entities::announcements::Announcement;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::params::Query;
use crate::path::Path;
use crate::render::announcements as render;
use crate::routes::{Routes, get, post, put};
use alongside_app::announcements;
use alongside_app::context::App;
use alongside_domain::id::AnnouncementId;
use alongside_domain::limits::ANNOUNCEMENTS_MAX;
use alongside_store::announcements as stored;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// The addresses of this family.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/api/v1/announcements", get(show))
        .route("/api/v1/announcements/{id}/dismiss", post(dismiss))
        .route("/api/v1/announcements/{id}/reactions/{name}", put(react).delete(unreact))
}

/// Which of them.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
struct Which {
    /// Also those the member has read.
    with_dismissed: bool,
}

async fn show(
    State(app): State<App>,
    author: Author<ReadMe>,
    Query(which): Query<Which>,
) -> Result<Json<Vec<Announcement>>, Error> {
    let current = stored::current(&mut app.reader(), app.now(), ANNOUNCEMENTS_MAX).await?;
    let mut shown = render::of(&app, author.member, &current).await?;
    shown.retain(|announcement| which.with_dismissed || !announcement.read);
    Ok(Json(shown))
}

async fn dismiss(
    State(app): State<App>,
    author: Author<WriteAccounts>,
    Path(id): Path<AnnouncementId>,
) -> Result<Json<Empty>, Error> {
    announcements::dismiss(&app, author.member, id).await?;
    Ok(Json(Empty {}))
}

async fn react(
    State(app): State<App>,
    author: Author<WriteFavourites>,
    Path((id, name)): Path<(AnnouncementId, String)>,
) -> Result<Json<Empty>, Error> {
    announcements::react(&app, author.member, id, &name).await?;
    Ok(Json(Empty {}))
}

async fn unreact(
    State(app): State<App>,
    author: Author<WriteFavourites>,
    Path((id, name)): Path<(AnnouncementId, String)>,
) -> Result<Json<Empty>, Error> {
    announcements::unreact(&app, author.member, id, &name).await?;
    Ok(Json(Empty {}))
}

#[cfg(test)]
mod tests {
    use crate::mastodon::testing::{Door, each};
    use alongside_app::announcements;
    use alongside_store::engine::Store;
    use alongside_testkit::both_engines;
    use axum::body::Body;
    use http::{Method, StatusCode};
    use serde_json::json;

    /// A heart, as it stands in an address.
    const HEART: &str = "%F0%9F%92%9C";

    both_engines! {
        async fn what_is_announced_is_shown_until_it_was_read_or_has_ended(store: Store) {
            let door = Door::new(store);
            let sam = door.persona("sam").await;
            let (app, all) = (&door.node.app, "/api/v1/announcements?with_dismissed=true");
            let moving = announcements::publish(app, "We move house on #monday", None, None).await.unwrap();
            let end = Some(app.now().plus_secs(60));
            announcements::publish(app, "Back in a minute", None, end).await.unwrap();
            let shown = door.get("/api/v1/announcements", &sam.token).await.ok();
            assert_eq!(each(&shown, "/read"), ["false", "false"]);
            assert_eq!(each(&shown[0]["tags"], "/name"), ["monday"]);
            assert!(shown[0]["content"].as_str().unwrap().starts_with("<p>We move house on <a href="));
            assert_eq!((&shown[0]["ends_at"], &shown[1]["all_day"]), (&json!(null), &json!(false)));
            door.post(&format!("/api/v1/announcements/{}/dismiss", moving.id), &sam.token, &json!({})).await.ok();
            assert_eq!(each(&door.get("/api/v1/announcements", &sam.token).await.ok(), "/read"), ["false"]);
            assert_eq!(each(&door.get(all, &sam.token).await.ok(), "/read"), ["true", "false"]);
            door.node.clock.advance_secs(61);
            assert_eq!(each(&door.get(all, &sam.token).await.ok(), "/id"), [moving.id.to_string()]);
            announcements::take_back(app, moving.id).await.unwrap();
            assert_eq!(door.get(all, &sam.token).await.ok(), json!([]));
            let gone = format!("/api/v1/announcements/{}/dismiss", moving.id);
            assert_eq!(door.post(&gone, &sam.token, &json!({})).await.status, StatusCode::NOT_FOUND);
            assert_eq!(door.get("/api/v1/announcements", "").await.status, StatusCode::UNAUTHORIZED);
        }

        async fn members_answer_with_a_sign(store: Store) {
            let door = Door::new(store);
            let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
            let told = announcements::publish(&door.node.app, "We are ten years old", None, None).await.unwrap();
            let path = |name: &str| format!("/api/v1/announcements/{}/reactions/{name}", told.id);
            let put = async |name: &str, token: &str| door.send(Method::PUT, &path(name), token, "", Body::empty()).await;
            for token in [&sam.token, &ada.token, &ada.token] {
                assert_eq!(put(HEART, token).await.ok(), json!({}), "twice is once");
            }
            let reactions = door.get("/api/v1/announcements", &sam.token).await.ok()[0]["reactions"].clone();
            assert_eq!(reactions, json!([{ "name": "💜", "count": 2, "me": true }]));
            door.delete(&path(HEART), &sam.token).await.ok();
            assert_eq!(door.delete(&path(HEART), &sam.token).await.status, StatusCode::NOT_FOUND);
            let reactions = door.get("/api/v1/announcements", &sam.token).await.ok()[0]["reactions"].clone();
            assert_eq!(reactions, json!([{ "name": "💜", "count": 1, "me": false }]));
            assert_eq!(put("nonsense", &sam.token).await.status, StatusCode::UNPROCESSABLE_ENTITY);
            for sign in 0x1F600..0x1F607 {
                let sign = char::from_u32(sign).unwrap();
                announcements::react(&door.node.app, sam.member, told.id, &sign.to_string()).await.unwrap();
            }
            assert_eq!(put("%F0%9F%98%8E", &sam.token).await.status, StatusCode::UNPROCESSABLE_ENTITY, "a ninth");
            assert_eq!(put(HEART, &sam.token).await.status, StatusCode::OK, "one that is there");
        }
    }
}
