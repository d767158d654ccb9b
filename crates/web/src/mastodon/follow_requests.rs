//! `/api/v1/follow_requests`: those who wait to be let in, by a member or by a community the member
//! looks after.

use crate::auth::{Author, ReadFollows, WriteFollows};
use crate::entities::accounts::{Account, Relationship};
use crate::error::Error;
use crate::json::Json;
use crate::page::{Paged, Paging};
use crate::path::Path;
use crate::render::accounts;
use crate::routes::{Routes, get, post};
use alongside_app::context::App;
use alongside_app::follows;
use alongside_domain::id::ActorId;
use alongside_store::follows::Follow;
use alongside_store::requests;
use axum::extract::State;
use std::collections::HashSet;

/// The addresses of this family.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/api/v1/follow_requests", get(show))
        .route("/api/v1/follow_requests/{id}/authorize", post(authorize))
        .route("/api/v1/follow_requests/{id}/reject", post(reject))
}

/// Shows each of them once, however many communities they wait at.
async fn show(
    State(app): State<App>,
    author: Author<ReadFollows>,
    paging: Paging,
) -> Result<Paged<Account>, Error> {
    let waiting = requests::page(&mut app.reader(), author.actor(), &paging.people()).await?;
    let mut seen = HashSet::new();
    let ids = waiting.iter().map(|follow| follow.follower_id).filter(|id| seen.insert(*id));
    let ids: Vec<ActorId> = ids.collect();
    let people = accounts::of_ids(&app, &ids).await?;
    Ok(paging.reply(people, waiting.first().map(|row| row.id.get()), waiting.last().map(|row| row.id.get())))
}

async fn authorize(
    State(app): State<App>,
    author: Author<WriteFollows>,
    Path(id): Path<ActorId>,
) -> Result<Json<Relationship>, Error> {
    let asked = asked(&app, author.actor(), id).await?;
    follows::accept(&app, author.actor(), asked.follower_id, asked.target_id).await?;
    accounts::relationship_with(&app, author.member, id).await.map(Json)
}

async fn reject(
    State(app): State<App>,
    author: Author<WriteFollows>,
    Path(id): Path<ActorId>,
) -> Result<Json<Relationship>, Error> {
    let asked = asked(&app, author.actor(), id).await?;
    follows::reject(&app, author.actor(), asked.follower_id, asked.target_id).await?;
    accounts::relationship_with(&app, author.member, id).await.map(Json)
}

/// What is decided: one request at a time, the longest-waiting first. A client cannot say which of
/// several it means, and letting somebody into every community at once is more than was asked.
async fn asked(app: &App, decider: ActorId, follower: ActorId) -> Result<Follow, Error> {
    let waiting = requests::of_follower(&mut app.reader(), decider, follower).await?;
    waiting.into_iter().next().ok_or(Error::NotFound)
}

#[cfg(test)]
mod tests {
    use crate::mastodon::testing::{Door, each};
    use alongside_domain::community::{Audience, Community, JoinPolicy};
    use alongside_domain::id::ActorId;
    use alongside_store::communities;
    use alongside_store::engine::Store;
    use alongside_testkit::both_engines;
    use axum::body::Body;
    use http::{Method, StatusCode};
    use serde_json::json;

    /// A community that one joins by asking, looked after by this member.
    async fn careful(door: &Door, handle: &str, steward: ActorId) -> ActorId {
        let id = door.node.community(handle, Audience::Everyone).await;
        let mut tx = door.node.store().begin().await.unwrap();
        let found = communities::find(&mut tx, id.actor()).await.unwrap().unwrap();
        communities::put(&mut tx, &Community { join_policy: JoinPolicy::Approval, ..found }).await.unwrap();
        communities::appoint(&mut tx, id, steward, "owner", door.node.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        id.actor()
    }

    both_engines! {
        async fn who_asks_is_let_in_or_sent_away(store: Store) {
            let door = Door::new(store);
            let (sam, ada, eve) = (door.persona("sam").await, door.persona("ada").await, door.persona("eve").await);
            let lock = Body::from("locked=true");
            let kind = "application/x-www-form-urlencoded";
            door.send(Method::PATCH, "/api/v1/accounts/update_credentials", &sam.token, kind, lock).await.ok();
            for asker in [&ada, &eve] {
                let asked = door.post(&format!("/api/v1/accounts/{}/follow", sam.member), &asker.token, &json!({})).await.ok();
                assert_eq!((&asked["following"], &asked["requested"]), (&json!(false), &json!(true)));
            }
            let me = door.get("/api/v1/accounts/verify_credentials", &sam.token).await.ok();
            assert_eq!(me["source"]["follow_requests_count"], 2);
            assert_eq!(each(&door.get("/api/v1/follow_requests", &sam.token).await.ok(), "/acct"), ["eve", "ada"]);
            let path = |who: &str, verb: &str| format!("/api/v1/follow_requests/{who}/{verb}");
            let (ada_id, eve_id) = (ada.member.to_string(), eve.member.to_string());
            assert_eq!(door.post(&path(&ada_id, "authorize"), &sam.token, &json!({})).await.ok()["followed_by"], true);
            assert_eq!(door.post(&path(&eve_id, "reject"), &sam.token, &json!({})).await.ok()["followed_by"], false);
            assert_eq!(door.get("/api/v1/follow_requests", &sam.token).await.ok(), json!([]));
            assert_eq!(door.post(&path(&eve_id, "authorize"), &sam.token, &json!({})).await.status, StatusCode::NOT_FOUND);
        }

        async fn a_community_is_joined_one_request_at_a_time(store: Store) {
            let door = Door::new(store);
            let (sam, ada, eve) = (door.persona("sam").await, door.persona("ada").await, door.persona("eve").await);
            let (grief, sleep) = (careful(&door, "grief", sam.member.actor()).await, careful(&door, "sleep", sam.member.actor()).await);
            for community in [grief, sleep] {
                let path = format!("/api/v1/accounts/{community}/follow");
                assert_eq!(door.post(&path, &ada.token, &json!({})).await.ok()["requested"], true);
            }
            assert_eq!(each(&door.get("/api/v1/follow_requests", &sam.token).await.ok(), "/acct"), ["ada"], "once");
            assert_eq!(door.get("/api/v1/follow_requests", &eve.token).await.ok(), json!([]), "not hers to know");
            let path = format!("/api/v1/follow_requests/{}/authorize", ada.member);
            assert_eq!(door.post(&path, &eve.token, &json!({})).await.status, StatusCode::NOT_FOUND);
            let related = format!("/api/v1/accounts/relationships?id[]={grief}&id[]={sleep}");
            for expected in [["true", "false"], ["true", "true"]] {
                door.post(&path, &sam.token, &json!({})).await.ok();
                assert_eq!(each(&door.get(&related, &ada.token).await.ok(), "/following"), expected);
            }
        }
    }
}
