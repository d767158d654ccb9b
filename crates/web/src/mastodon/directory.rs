//! `GET /api/v1/directory`, and `/api/v1/suggestions` and `/api/v2/suggestions`: whom one can meet. Shown are members
//! who want to be found, and communities; suggested are communities of this node. Nobody is suggested because of
//! what somebody reads.

use crate::auth::{Author, ReadAccounts, Suggestions, Viewer};
use crate::entities::accounts::Account;
use crate::entities::collections::Suggestion;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::page::Paging;
use crate::params::{Query, blank};
use crate::path::Path;
use crate::render::accounts;
use crate::routes::{Routes, delete, get};
use alongside_app::context::App;
use alongside_app::own;
use alongside_domain::id::{ActorId, MemberId};
use alongside_domain::limits::{OFFSET_MAX, PEOPLE_PAGE_MAX};
use alongside_store::directory::{self, Order};
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// The addresses of this family.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/api/v1/directory", get(show))
        .route("/api/v1/suggestions", get(suggest_accounts))
        .route("/api/v1/suggestions/{id}", delete(turn_down))
        .route("/api/v2/suggestions", get(suggest))
}

/// Which of them, and in which order.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
struct Which {
    order: Option<String>,
    local: bool,
    #[serde(deserialize_with = "blank")]
    offset: Option<i64>,
}

async fn show(
    State(app): State<App>,
    viewer: Viewer<ReadAccounts>,
    Query(which): Query<Which>,
    paging: Paging,
) -> Result<Json<Vec<Account>>, Error> {
    let order = if which.order.as_deref() == Some("new") { Order::New } else { Order::Active };
    let offset = which.offset.unwrap_or(0).clamp(0, OFFSET_MAX);
    let limit = paging.people().limit;
    let found = directory::page(&mut app.reader(), viewer.actor(), order, which.local, limit, offset).await?;
    accounts::of_ids(&app, &found).await.map(Json)
}

async fn suggest(
    State(app): State<App>,
    author: Author<ReadAccounts>,
    paging: Paging,
) -> Result<Json<Vec<Suggestion>>, Error> {
    let communities = suggested(&app, author.member, &paging).await?.into_iter();
    let featured = |account| Suggestion { source: "staff", sources: ["featured"], account };
    Ok(Json(communities.map(featured).collect()))
}

async fn suggest_accounts(
    State(app): State<App>,
    author: Author<ReadAccounts>,
    paging: Paging,
) -> Result<Json<Vec<Account>>, Error> {
    suggested(&app, author.member, &paging).await.map(Json)
}

/// Mastodon says that it takes a token to read for this, and asks for one to write.
async fn turn_down(
    State(app): State<App>,
    author: Author<Suggestions>,
    Path(id): Path<ActorId>,
) -> Result<Json<Empty>, Error> {
    own::turn_down(&app, author.member, id).await?;
    Ok(Json(Empty {}))
}

async fn suggested(app: &App, member: MemberId, paging: &Paging) -> Result<Vec<Account>, Error> {
    let limit = paging.page(PEOPLE_PAGE_MAX / 2, PEOPLE_PAGE_MAX).limit;
    let found = directory::suggested(&mut app.reader(), member, limit).await?;
    accounts::of_ids(app, &found).await
}

#[cfg(test)]
mod tests {
    use crate::mastodon::testing::{Door, each};
    use alongside_domain::community::Audience;
    use alongside_store::engine::Store;
    use alongside_testkit::both_engines;
    use axum::body::Body;
    use http::Method;
    use serde_json::json;

    both_engines! {
        async fn only_those_who_want_to_be_found_are_in_the_directory(store: Store) {
            let door = Door::new(store);
            let (sam, ada, shy) = (door.persona("sam").await, door.persona("ada").await, door.persona("shy").await);
            for (persona, found) in [(&sam, true), (&ada, true), (&shy, false)] {
                let form = Body::from(format!("discoverable={found}"));
                let kind = "application/x-www-form-urlencoded";
                let path = "/api/v1/accounts/update_credentials";
                door.send(Method::PATCH, path, &persona.token, kind, form).await.ok();
            }
            door.post("/api/v1/statuses", &ada.token, &json!({ "status": "hello" })).await.ok();
            assert_eq!(each(&door.get("/api/v1/directory?local=true", "").await.ok(), "/acct"), ["ada"]);
            let new = door.get("/api/v1/directory?order=new", &sam.token).await.ok();
            let mut names = each(&new, "/acct");
            names.sort();
            assert_eq!(names, ["ada", "sam"]);
            assert_eq!(each(&door.get("/api/v1/directory?order=new&limit=1&offset=2", "").await.ok(), "/acct"), [""; 0]);
            door.post(&format!("/api/v1/accounts/{}/block", sam.member), &ada.token, &json!({})).await.ok();
            assert_eq!(door.get("/api/v1/directory", &sam.token).await.ok(), json!([]), "who blocks is not shown");
        }

        async fn communities_one_is_not_in_are_suggested_until_they_are_turned_down(store: Store) {
            let door = Door::new(store);
            let sam = door.persona("sam").await;
            let sleep = door.node.community("sleep", Audience::Everyone).await;
            let pain = door.node.community("pain", Audience::Members).await;
            let calm = door.node.community("calm", Audience::Everyone).await;
            door.node.follow(sam.member.actor(), sleep.actor()).await;
            let mut names = each(&door.get("/api/v2/suggestions", &sam.token).await.ok(), "/account/acct");
            names.sort();
            assert_eq!(names, ["calm", "pain"]);
            assert_eq!(door.delete(&format!("/api/v1/suggestions/{pain}"), &sam.token).await.ok(), json!({}));
            assert_eq!(door.delete("/api/v1/suggestions/7", &sam.token).await.ok(), json!({}));
            for scopes in ["read", "write"] {
                let token = door.token("sam", scopes).await;
                assert_eq!(door.delete("/api/v1/suggestions/7", &token).await.ok(), json!({}), "{scopes}");
            }
            let left = door.get("/api/v1/suggestions", &sam.token).await.ok();
            assert_eq!(each(&left, "/id"), [calm.to_string()]);
        }
    }
}
