//! `/api/v1/trends`: what those see who look around. Hashtags are those that several people used this week; posts are
//! those that the moderators of open communities put first. Nothing is counted about who reads what, and a post does
//! not come here because it drew reactions: the rawest posts draw most.

use crate::auth::{ReadStatuses, Viewer};
use crate::entities::collections::Tag;
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::json::Json;
use crate::page::Paging;
use crate::params::{Query, any_number};
use crate::render::{statuses, tags};
use crate::routes::{Routes, get};
use alongside_app::context::App;
use alongside_app::{avoiding, reading};
use alongside_domain::id::first_at;
use alongside_domain::limits::{OFFSET_MAX, TREND_PEOPLE_MIN};
use alongside_store::trends;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// What is new.
pub(crate) const WEEK_SECS: i64 = 7 * 86_400;
/// Hashtags that are shown, unless a client says otherwise, and at most.
const TAGS: (i64, i64) = (10, 20);

/// The addresses of this family.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/api/v1/trends", get(used))
        .route("/api/v1/trends/tags", get(used))
        .route("/api/v1/trends/statuses", get(featured))
}

/// How many to leave out first.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct From {
    #[serde(deserialize_with = "any_number")]
    offset: Option<i64>,
}

impl From {
    /// So many.
    pub(crate) fn offset(&self) -> i64 {
        self.offset.unwrap_or(0).clamp(0, OFFSET_MAX)
    }
}

async fn used(
    State(app): State<App>,
    viewer: Viewer<ReadStatuses>,
    Query(from): Query<From>,
    paging: Paging,
) -> Result<Json<Vec<Tag>>, Error> {
    let newer_than = first_at(app.now().plus_secs(-WEEK_SECS));
    let limit = paging.page(TAGS.0, TAGS.1).limit;
    let names =
        trends::tags(&mut app.reader(), newer_than, TREND_PEOPLE_MIN, false, limit, from.offset()).await?;
    tags::tags(&app, viewer.0, &names).await.map(Json)
}

async fn featured(
    State(app): State<App>,
    viewer: Viewer<ReadStatuses>,
    Query(from): Query<From>,
    paging: Paging,
) -> Result<Json<Vec<Status>>, Error> {
    let mut reader = app.reader();
    let found = trends::featured(&mut reader, false, paging.posts().limit, from.offset()).await?;
    let posts = reading::posts(&mut reader, viewer.actor(), &found, app.now()).await?;
    let posts = avoiding::without(&mut reader, viewer.actor(), posts, app.now()).await?;
    statuses::of_posts(&app, viewer.0, &posts).await.map(Json)
}

#[cfg(test)]
mod tests {
    use crate::mastodon::testing::{Door, each};
    use alongside_domain::community::Audience;
    use alongside_domain::post::Visibility;
    use alongside_store::engine::Store;
    use alongside_store::pins;
    use alongside_testkit::both_engines;
    use serde_json::json;

    both_engines! {
        async fn a_hashtag_is_shown_when_several_people_used_it_in_public(store: Store) {
            let door = Door::new(store);
            for name in ["ada", "ben", "cleo"] {
                let member = door.node.member(name).await.actor();
                door.node.post(member, "#sleep").await;
                door.node.post(member, "#mine").await;
                door.node.post_with(member, "#secret", |post| post.visibility = Visibility::Followers).await;
            }
            let sam = door.persona("sam").await;
            for _ in 0..5 {
                door.node.post(sam.member.actor(), "#alone").await;
            }
            let shown = door.get("/api/v1/trends/tags", &sam.token).await.ok();
            assert_eq!(each(&shown, "/name"), ["mine", "sleep"], "and not what one person repeats");
            assert_eq!(shown[0]["history"][0]["accounts"], "3");
            let rest = door.get("/api/v1/trends/tags?offset=1", "").await.ok();
            assert_eq!(each(&rest, "/name"), ["sleep"]);
            let odd = door.get("/api/v1/trends/tags?offset=some", "").await.ok();
            assert_eq!(odd.as_array().unwrap().len(), 2, "what is no number is nought");
            door.node.clock.advance_secs(8 * 86_400);
            assert_eq!(door.get("/api/v1/trends/tags", &sam.token).await.ok(), json!([]));
        }

        async fn the_posts_are_those_that_open_communities_put_first(store: Store) {
            let door = Door::new(store);
            let (sam, ada) = (door.persona("sam").await, door.node.member("ada").await.actor());
            let mut ids = Vec::new();
            for (name, audience) in [("open", Audience::Everyone), ("quiet", Audience::Members)] {
                let community = door.node.community(name, audience).await;
                let post = door.node.post_with(ada, "begin here", |post| post.community = Some(community)).await;
                let mut tx = door.node.store().begin().await.unwrap();
                pins::add(&mut tx, community.actor(), post.id, door.node.app.now()).await.unwrap();
                tx.commit().await.unwrap();
                ids.push(post.id.to_string());
            }
            door.node.post(ada, "not put first").await;
            let shown = door.get("/api/v1/trends/statuses", "").await.ok();
            assert_eq!(each(&shown, "/id"), ids[..1]);
            door.post(&format!("/api/v1/accounts/{ada}/mute"), &sam.token, &json!({})).await.ok();
            assert_eq!(door.get("/api/v1/trends/statuses", &sam.token).await.ok(), json!([]));
        }
    }
}
