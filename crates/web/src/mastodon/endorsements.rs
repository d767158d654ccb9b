//! `GET /api/v1/endorsements`: whom one recommends on one's profile.

use super::accounts::endorse::of_actor;
use crate::auth::{Author, ReadAccounts};
use crate::entities::accounts::Account;
use crate::error::Error;
use crate::page::{Paged, Paging};
use crate::routes::{Routes, get};
use alongside_app::context::App;
use axum::extract::State;

/// The address.
pub(crate) fn routes() -> Routes {
    Routes::new().route("/api/v1/endorsements", get(show))
}

async fn show(
    State(app): State<App>,
    author: Author<ReadAccounts>,
    paging: Paging,
) -> Result<Paged<Account>, Error> {
    of_actor(&app, author.actor(), &paging).await
}

#[cfg(test)]
mod tests {
    use crate::mastodon::testing::{Door, each};
    use alongside_domain::community::Audience;
    use alongside_store::engine::Store;
    use alongside_testkit::both_engines;
    use http::StatusCode;
    use serde_json::json;

    both_engines! {
        async fn whom_one_follows_one_may_recommend(store: Store) {
            let door = Door::new(store);
            let (sam, ada) = (door.persona("sam").await, door.node.member("ada").await.actor());
            let path = |verb: &str| format!("/api/v1/accounts/{ada}/{verb}");
            let refused = door.post(&path("endorse"), &sam.token, &json!({})).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "only whom one follows");
            door.post(&path("follow"), &sam.token, &json!({})).await.ok();
            for verb in ["endorse", "pin"] {
                let endorsed = door.post(&path(verb), &sam.token, &json!({})).await.ok();
                assert_eq!(endorsed["endorsed"], true, "{verb}, again too");
            }
            let own = door.get("/api/v1/endorsements", &sam.token).await.ok();
            let profile = format!("/api/v1/accounts/{}/endorsements", sam.member);
            assert_eq!(each(&own, "/acct"), ["ada"]);
            assert_eq!(each(&door.get(&profile, "").await.ok(), "/acct"), ["ada"]);
            let page = door.get("/api/v1/endorsements?limit=1", &sam.token).await;
            assert!(page.header("link").contains("max_id="), "{}", page.header("link"));
            door.post(&path("unfollow"), &sam.token, &json!({})).await.ok();
            assert_eq!(door.get(&profile, "").await.ok(), json!([]), "it ends with the follow");
            door.post(&path("follow"), &sam.token, &json!({})).await.ok();
            let withdrawn = door.post(&path("unendorse"), &sam.token, &json!({})).await.ok();
            assert_eq!(withdrawn["endorsed"], false);
            assert_eq!(door.post(&path("unpin"), &sam.token, &json!({})).await.ok()["endorsed"], false);
            let nobody = door.post("/api/v1/accounts/7/endorse", &sam.token, &json!({})).await;
            assert_eq!(nobody.status, StatusCode::NOT_FOUND);
        }

        async fn a_community_for_its_members_is_not_shown_on_a_profile(store: Store) {
            let door = Door::new(store);
            let sam = door.persona("sam").await;
            let quiet = door.node.community("quiet", Audience::Members).await;
            door.node.follow(sam.member.actor(), quiet.actor()).await;
            let refused = door.post(&format!("/api/v1/accounts/{quiet}/endorse"), &sam.token, &json!({})).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(door.get("/api/v1/endorsements", &sam.token).await.ok(), json!([]));
        }
    }
}
