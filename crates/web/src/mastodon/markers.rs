//! `/api/v1/markers`: how far a member has read.

use crate::auth::{Author, ReadStatuses, WriteStatuses};
use crate::entities::notifications::Marker;
use crate::error::Error;
use crate::json::Json;
use crate::openapi::inputs::Id;
use crate::params::{Params, Query};
use crate::routes::{Routes, get};
use alongside_app::context::App;
use alongside_app::own;
use alongside_domain::marker::{self, Timeline};
use alongside_store::markers;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The address.
pub(crate) fn routes() -> Routes {
    Routes::new().route("/api/v1/markers", get(show).post(keep))
}

/// Places by the timeline they are in.
type Places = BTreeMap<&'static str, Marker>;

/// Which places are asked for. Timelines that are not known here are passed over.
#[derive(Debug, Deserialize, JsonSchema)]
struct Asked {
    #[serde(default)]
    timeline: Vec<String>,
}

/// How far a member has read now.
#[derive(Debug, Deserialize, JsonSchema)]
struct Body {
    home: Option<Place>,
    notifications: Option<Place>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Place {
    #[schemars(with = "Id")]
    last_read_id: i64,
}

async fn show(
    State(app): State<App>,
    author: Author<ReadStatuses>,
    Query(asked): Query<Asked>,
) -> Result<Json<Places>, Error> {
    let mut kept = markers::of_member(&mut app.reader(), author.member).await?;
    kept.retain(|place| asked.timeline.iter().any(|word| word == place.timeline.as_str()));
    Ok(Json(shown(&kept)))
}

async fn keep(
    State(app): State<App>,
    author: Author<WriteStatuses>,
    Params(body): Params<Body>,
) -> Result<Json<Places>, Error> {
    let places = [(Timeline::Home, body.home), (Timeline::Notifications, body.notifications)];
    let places: Vec<(Timeline, i64)> =
        places.into_iter().filter_map(|(timeline, place)| Some((timeline, place?.last_read_id))).collect();
    Ok(Json(shown(&own::mark(&app, author.member, &places).await?)))
}

fn shown(kept: &[marker::Marker]) -> Places {
    kept.iter().map(|place| (place.timeline.as_str(), Marker::new(place))).collect()
}

#[cfg(test)]
mod tests {
    use crate::mastodon::testing::Door;
    use alongside_store::engine::Store;
    use alongside_testkit::both_engines;
    use http::{Method, StatusCode};
    use serde_json::json;

    both_engines! {
        async fn a_place_is_kept_for_its_member(store: Store) {
            let door = Door::new(store);
            let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
            let kept = door.post("/api/v1/markers", &sam.token, &json!({ "home": { "last_read_id": "107" } })).await.ok();
            assert_eq!((&kept["home"]["last_read_id"], kept.get("notifications")), (&json!("107"), None));
            let form = "home[last_read_id]=109&notifications[last_read_id]=7";
            let kind = "application/x-www-form-urlencoded";
            let again = door.send(Method::POST, "/api/v1/markers", &sam.token, kind, form.into()).await.ok();
            assert!(again["home"]["version"].as_i64() > kept["home"]["version"].as_i64());
            let asked = "/api/v1/markers?timeline[]=home&timeline[]=kitchen";
            assert_eq!(door.get(asked, &sam.token).await.ok(), json!({ "home": again["home"] }));
            assert_eq!(door.get(asked, &ada.token).await.ok(), json!({}));
            assert_eq!(
                door.get("/api/v1/markers", &sam.token).await.ok(),
                json!({}),
                "nothing was asked for",
            );
        }

        async fn what_is_no_place_is_refused(store: Store) {
            let door = Door::new(store);
            let sam = door.persona("sam").await;
            let body = json!({ "home": { "last_read_id": "here" } });
            let answer = door.post("/api/v1/markers", &sam.token, &body).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(door.post("/api/v1/markers", "", &json!({})).await.status, StatusCode::UNAUTHORIZED);
        }
    }
}
