//! `/api/v1/admin/trends`: what is talked about, as staff see it: hashtags however few people used them, and the posts
//! that open communities put first, what they keep back from others too. Links are not looked at, so none is known to
//! trend.

mod review;

use crate::auth::{AdminRead, Staff, Trends};
use crate::entities::admin::AdminTag;
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::mastodon::trends::{From, WEEK_SECS};
use crate::page::Paging;
use crate::params::Query;
use crate::render::{statuses, tags};
use crate::routes::{Routes, get};
use alongside_app::context::App;
use alongside_app::reading;
use alongside_domain::id::{ActorId, first_at};
use alongside_store::trends;
use axum::extract::State;

/// Hashtags that are shown, unless a client says otherwise, and at most.
const TAGS: (i64, i64) = (10, 40);

/// The addresses of this family.
pub(super) fn routes() -> Routes {
    Routes::new()
        .route("/api/v1/admin/trends/tags", get(used))
        .route("/api/v1/admin/trends/statuses", get(featured))
        .route("/api/v1/admin/trends/links", get(async |_: Staff<Trends, AdminRead>| Json::<[Empty; 0]>([])))
        .merge(review::routes())
}

/// Shows hashtags of this week. Those that too few people used, or that staff keep back, are shown to nobody else.
async fn used(
    State(app): State<App>,
    staff: Staff<Trends, AdminRead>,
    Query(from): Query<From>,
    paging: Paging,
) -> Result<Json<Vec<AdminTag>>, Error> {
    let newer_than = first_at(app.now().plus_secs(-WEEK_SECS));
    let limit = paging.page(TAGS.0, TAGS.1).limit;
    let mut reader = app.reader();
    let names = trends::tags(&mut reader, newer_than, 1, true, limit, from.offset()).await?;
    tags::for_staff(&app, staff.member, &names).await.map(Json)
}

async fn featured(
    State(app): State<App>,
    staff: Staff<Trends, AdminRead>,
    Query(from): Query<From>,
    paging: Paging,
) -> Result<Json<Vec<Status>>, Error> {
    let mut reader = app.reader();
    let found = trends::featured(&mut reader, true, paging.posts().limit, from.offset()).await?;
    let posts = reading::posts(&mut reader, Some(ActorId::from(staff.member)), &found, app.now()).await?;
    statuses::of_posts(&app, Some(staff.member), &posts).await.map(Json)
}

#[cfg(test)]
mod tests {
    use crate::mastodon::schema::assert_is;
    use crate::mastodon::testing::{Door, each};
    use alongside_domain::account::Role;
    use alongside_domain::community::Audience;
    use alongside_store::engine::Store;
    use alongside_store::pins;
    use alongside_testkit::both_engines;
    use serde_json::json;

    both_engines! {
        async fn staff_see_hashtags_before_others_do(store: Store) {
            let door = Door::new(store);
            door.node.member_as("mod", Role::Moderator).await;
            let token = door.token("mod", "admin:read").await;
            for (name, words) in [("ada", "#sleep #alone"), ("ben", "#sleep"), ("cleo", "#sleep")] {
                let member = door.node.member(name).await.actor();
                door.node.post(member, words).await;
            }
            let tags = door.get("/api/v1/admin/trends/tags", &token).await.ok();
            assert_is("AdminTag", &tags[0]);
            assert_eq!(each(&tags, "/name"), ["sleep", "alone"]);
            assert_eq!(door.get("/api/v1/admin/trends/links", &token).await.ok(), json!([]));
        }

        async fn staff_see_the_posts_that_communities_put_first(store: Store) {
            let door = Door::new(store);
            door.node.member_as("mod", Role::Moderator).await;
            let token = door.token("mod", "admin:read").await;
            let ada = door.node.member("ada").await.actor();
            let sleep = door.node.community("sleep", Audience::Everyone).await;
            let post = door.node.post_with(ada, "begin here", |post| post.community = Some(sleep)).await.id;
            let mut tx = door.node.store().begin().await.unwrap();
            pins::add(&mut tx, sleep.actor(), post, door.node.app.now()).await.unwrap();
            tx.commit().await.unwrap();
            let shown = door.get("/api/v1/admin/trends/statuses", &token).await.ok();
            assert_eq!(each(&shown, "/id"), [post.to_string()]);
        }
    }
}
