//! `/api/v1/featured_tags`: the hashtags on one's own profile.

use crate::auth::{Author, ReadAccounts, WriteAccounts};
use crate::entities::collections::{FeaturedTag, Tag};
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::params::{Params, needed};
use crate::path::Path;
use crate::render::tags;
use crate::routes::{Routes, delete, get};
use alongside_app::context::App;
use alongside_app::featured_tags;
use alongside_domain::id::FeaturedTagId;
use alongside_domain::limits::FEATURED_TAGS_OFFERED;
use alongside_store::featured_tags as stored;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// Hashtags used in this time are offered.
const OFFERED_SECS: i64 = 90 * 86_400;

/// The addresses of this family.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/api/v1/featured_tags", get(show).post(feature))
        .route("/api/v1/featured_tags/suggestions", get(suggest))
        .route("/api/v1/featured_tags/{id}", delete(remove))
}

/// The hashtag.
#[derive(Debug, Deserialize, JsonSchema)]
struct Body {
    #[serde(default)]
    name: String,
}

async fn show(State(app): State<App>, author: Author<ReadAccounts>) -> Result<Json<Vec<FeaturedTag>>, Error> {
    let featured = stored::of_member(&mut app.reader(), author.actor()).await?;
    Ok(Json(featured.iter().map(|tag| tags::featured(app.places(), tag)).collect()))
}

async fn feature(
    State(app): State<App>,
    author: Author<WriteAccounts>,
    Params(body): Params<Body>,
) -> Result<Json<FeaturedTag>, Error> {
    let name = needed("name", Some(body.name).filter(|name| !name.trim().is_empty()))?;
    let featured = featured_tags::feature(&app, author.member, &name).await?;
    Ok(Json(tags::featured(app.places(), &featured)))
}

async fn remove(
    State(app): State<App>,
    author: Author<WriteAccounts>,
    Path(id): Path<FeaturedTagId>,
) -> Result<Json<Empty>, Error> {
    featured_tags::remove(&app, author.member, id).await?;
    Ok(Json(Empty {}))
}

/// Those the member uses most.
async fn suggest(State(app): State<App>, author: Author<ReadAccounts>) -> Result<Json<Vec<Tag>>, Error> {
    let since = app.now().plus_secs(-OFFERED_SECS);
    let used = stored::used(&mut app.reader(), author.member, since, FEATURED_TAGS_OFFERED).await?;
    tags::tags(&app, Some(author.member), &used).await.map(Json)
}

#[cfg(test)]
mod tests {
    use crate::mastodon::testing::{Door, each};
    use alongside_store::engine::Store;
    use alongside_testkit::both_engines;
    use http::StatusCode;
    use serde_json::json;

    both_engines! {
        async fn hashtags_stand_on_a_profile_until_they_are_taken_off(store: Store) {
            let door = Door::new(store);
            let sam = door.persona("sam").await;
            let profile = format!("/api/v1/accounts/{}/featured_tags", sam.member);
            door.node.post(sam.member.actor(), "#sleep at last, #sleep").await;
            door.node.post(sam.member.actor(), "#pain").await;
            let offered = door.get("/api/v1/featured_tags/suggestions", &sam.token).await.ok();
            assert_eq!(each(&offered, "/name"), ["pain", "sleep"]);
            let body = json!({ "name": "#Sleep" });
            let featured = door.post("/api/v1/featured_tags", &sam.token, &body).await.ok();
            let today = door.node.app.now().to_string()[..10].to_owned();
            assert_eq!(
                (&featured["name"], &featured["statuses_count"], &featured["last_status_at"]),
                (&json!("sleep"), &json!("1"), &json!(today)),
            );
            assert_eq!(door.post("/api/v1/featured_tags", &sam.token, &body).await.ok()["id"], featured["id"]);
            assert_eq!(each(&door.get("/api/v1/featured_tags", &sam.token).await.ok(), "/name"), ["sleep"]);
            assert_eq!(each(&door.get(&profile, "").await.ok(), "/name"), ["sleep"]);
            assert_eq!(door.get("/api/v1/tags/sleep", &sam.token).await.ok()["featuring"], true);
            let pain = door.post("/api/v1/tags/pain/feature", &sam.token, &json!({})).await.ok();
            assert_eq!(pain["featuring"], true);
            let pain = door.post("/api/v1/tags/pain/unfeature", &sam.token, &json!({})).await.ok();
            assert_eq!(pain["featuring"], false);
            let gone = format!("/api/v1/featured_tags/{}", featured["id"].as_str().unwrap());
            assert_eq!(door.delete(&gone, &sam.token).await.ok(), json!({}));
            assert_eq!(door.delete(&gone, &sam.token).await.status, StatusCode::NOT_FOUND);
            assert_eq!(door.get(&profile, "").await.ok(), json!([]));
        }

        async fn a_profile_has_room_for_ten_and_for_hashtags_alone(store: Store) {
            let door = Door::new(store);
            let sam = door.persona("sam").await;
            for (name, status) in [
                (json!(""), StatusCode::BAD_REQUEST),
                (json!(null), StatusCode::BAD_REQUEST),
                (json!("not a tag"), StatusCode::UNPROCESSABLE_ENTITY),
                (json!("asj&*!"), StatusCode::UNPROCESSABLE_ENTITY),
                (json!("12"), StatusCode::UNPROCESSABLE_ENTITY),
            ] {
                let refused = door.post("/api/v1/featured_tags", &sam.token, &json!({ "name": name })).await;
                assert_eq!(refused.status, status, "{name}");
            }
            for number in 0..10 {
                let body = json!({ "name": format!("tag{number}") });
                door.post("/api/v1/featured_tags", &sam.token, &body).await.ok();
            }
            let eleventh = door.post("/api/v1/featured_tags", &sam.token, &json!({ "name": "more" })).await;
            assert_eq!(eleventh.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
    }
}
