//! `/api/v1/notifications/requests`: those whose notifications wait until the member lets them through. A request has
//! the id of whoever it is from.

use crate::auth::{Author, ReadNotifications, WriteNotifications};
use crate::entities::notifications::{Merged, NotificationRequest};
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::openapi::inputs::Id;
use crate::page::{Paged, Paging};
use crate::params::{AnyId, Params};
use crate::path::Path;
use crate::render::notifications;
use alongside_app::context::App;
use alongside_app::receptions;
use alongside_domain::id::ActorId;
use alongside_domain::limits::{PEOPLE_PAGE_MAX, WAITING_COUNTED_MAX};
use alongside_store::page::Page;
use alongside_store::receptions as stored;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// Several of them.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Several {
    #[serde(alias = "ids")]
    #[schemars(with = "Vec<Id>")]
    id: Vec<AnyId>,
}

impl Several {
    /// As many of them as are on one page.
    fn within_limits(self) -> Vec<ActorId> {
        let most = usize::try_from(PEOPLE_PAGE_MAX).unwrap_or(usize::MAX);
        self.id.into_iter().take(most).map(|AnyId(id)| ActorId::new(id)).collect()
    }
}

/// Shows a page of them.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadNotifications>,
    paging: Paging,
) -> Result<Paged<NotificationRequest>, Error> {
    let waiting = stored::waiting(&mut app.reader(), author.member, &paging.people(), app.now()).await?;
    let shown = notifications::requests(&app, author.member, &waiting).await?;
    Ok(paging.reply(
        shown,
        waiting.first().map(|first| first.last_id),
        waiting.last().map(|last| last.last_id),
    ))
}

/// Shows one.
pub(crate) async fn show_one(
    State(app): State<App>,
    author: Author<ReadNotifications>,
    Path(id): Path<ActorId>,
) -> Result<Json<NotificationRequest>, Error> {
    let page = Page::newest(WAITING_COUNTED_MAX);
    let mut waiting = stored::waiting(&mut app.reader(), author.member, &page, app.now()).await?;
    waiting.retain(|waiting| waiting.from_id == id);
    notifications::requests(&app, author.member, &waiting).await?.pop().map(Json).ok_or(Error::NotFound)
}

/// Lets one through of whom something waits.
pub(crate) async fn accept(
    State(app): State<App>,
    author: Author<WriteNotifications>,
    Path(id): Path<ActorId>,
) -> Result<Json<Empty>, Error> {
    let waited = receptions::let_through(&app, author.member, &[id]).await?;
    if waited { Ok(Json(Empty {})) } else { Err(Error::NotFound) }
}

/// Forgets what waits of one.
pub(crate) async fn dismiss(
    State(app): State<App>,
    author: Author<WriteNotifications>,
    Path(id): Path<ActorId>,
) -> Result<Json<Empty>, Error> {
    let waited = receptions::turn_away(&app, author.member, &[id]).await?;
    if waited { Ok(Json(Empty {})) } else { Err(Error::NotFound) }
}

/// Lets several through.
pub(crate) async fn accept_several(
    State(app): State<App>,
    author: Author<WriteNotifications>,
    Params(several): Params<Several>,
) -> Result<Json<Empty>, Error> {
    receptions::let_through(&app, author.member, &several.within_limits()).await?;
    Ok(Json(Empty {}))
}

/// Forgets what waits of several.
pub(crate) async fn dismiss_several(
    State(app): State<App>,
    author: Author<WriteNotifications>,
    Params(several): Params<Several>,
) -> Result<Json<Empty>, Error> {
    receptions::turn_away(&app, author.member, &several.within_limits()).await?;
    Ok(Json(Empty {}))
}

/// What is let through is among the others at once.
pub(crate) async fn merged(_: Author<ReadNotifications>) -> Json<Merged> {
    Json(Merged { merged: true })
}

#[cfg(test)]
mod tests {
    use crate::mastodon::testing::{Door, each};
    use alongside_store::engine::Store;
    use alongside_testkit::both_engines;
    use axum::body::Body;
    use http::{Method, StatusCode};
    use serde_json::json;

    const ALL: &str = "/api/v1/notifications";
    const WAITING: &str = "/api/v1/notifications/requests";
    const POLICY: &str = "/api/v2/notifications/policy";

    both_engines! {
        async fn a_letter_from_a_stranger_waits_until_it_is_asked_for(store: Store) {
            let door = Door::new(store);
            let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
            let letter = json!({ "status": "@sam hello", "visibility": "direct" });
            let sent = door.post("/api/v1/statuses", &ada.token, &letter).await.ok();
            assert_eq!(door.get(ALL, &sam.token).await.ok(), json!([]));
            let waiting = door.get(WAITING, &sam.token).await.ok();
            let id = waiting[0]["id"].as_str().unwrap().to_owned();
            assert_eq!((&waiting[0]["account"]["acct"], &waiting[0]["notifications_count"]), (&json!("ada"), &json!("1")));
            assert_eq!(waiting[0]["last_status"]["id"], sent["id"]);
            assert_eq!(door.get(&format!("{WAITING}/{id}"), &sam.token).await.ok(), waiting[0]);
            let summary = door.get(POLICY, &sam.token).await.ok()["summary"].clone();
            assert_eq!(summary, json!({ "pending_requests_count": 1, "pending_notifications_count": 1 }));
            let looked_at = door.get(&format!("{ALL}?account_id={}", ada.member), &sam.token).await.ok();
            assert_eq!(each(&looked_at, "/type"), ["mention"], "who looks at the request sees what waits");
            assert_eq!(each(&door.get(&format!("{ALL}?include_filtered=true"), &sam.token).await.ok(), "/type"), ["mention"]);
            let unread = door.get("/api/v1/notifications/unread_count", &sam.token).await.ok();
            assert_eq!(unread["count"], 0);
            assert_eq!(door.post(&format!("{WAITING}/{id}/accept"), &sam.token, &json!({})).await.ok(), json!({}));
            assert_eq!(each(&door.get(ALL, &sam.token).await.ok(), "/type"), ["mention"]);
            assert_eq!(door.get(&format!("{WAITING}/merged"), &sam.token).await.ok(), json!({ "merged": true }));
            door.post("/api/v1/statuses", &ada.token, &letter).await.ok();
            assert_eq!(each(&door.get(ALL, &sam.token).await.ok(), "/type"), ["mention", "mention"]);
            assert_eq!(door.get(WAITING, &sam.token).await.ok(), json!([]));
        }

        async fn an_answer_in_a_talk_one_takes_part_in_does_not_wait(store: Store) {
            let door = Door::new(store);
            let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
            let letter = json!({ "status": "@ada hello", "visibility": "direct" });
            let sent = door.post("/api/v1/statuses", &sam.token, &letter).await.ok();
            let answer = json!({ "status": "@sam hello", "visibility": "direct", "in_reply_to_id": sent["id"] });
            door.post("/api/v1/statuses", &ada.token, &answer).await.ok();
            assert_eq!(each(&door.get(ALL, &sam.token).await.ok(), "/account/acct"), ["ada"]);
        }

        async fn a_member_decides_whose_notifications_wait(store: Store) {
            let door = Door::new(store);
            let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
            let change = async |body: &str| {
                let body = Body::from(body.to_owned());
                door.send(Method::PATCH, POLICY, &sam.token, "application/x-www-form-urlencoded", body).await
            };
            let changed = change("for_not_following=filter&for_new_accounts=drop").await.ok();
            assert_eq!(
                (&changed["for_not_following"], &changed["for_new_accounts"], &changed["for_private_mentions"]),
                (&json!("filter"), &json!("drop"), &json!("filter")),
            );
            assert_eq!(change("for_new_accounts=perhaps").await.status, StatusCode::UNPROCESSABLE_ENTITY);
            let follow = format!("/api/v1/accounts/{}/follow", sam.member);
            door.post(&follow, &ada.token, &json!({})).await.ok();
            assert_eq!(door.get(WAITING, &sam.token).await.ok(), json!([]), "ada is new");
            door.node.clock.advance_secs(31 * 86_400);
            let post = door.node.post(sam.member.actor(), "good morning").await.id;
            door.post(&format!("/api/v1/statuses/{post}/favourite"), &ada.token, &json!({})).await.ok();
            assert_eq!(door.get(ALL, &sam.token).await.ok(), json!([]));
            assert_eq!(each(&door.get(WAITING, &sam.token).await.ok(), "/account/acct"), ["ada"]);
            let body = json!({ "id": [ada.member.to_string(), "7", "x"] });
            door.post(&format!("{WAITING}/dismiss"), &sam.token, &body).await.ok();
            assert_eq!(door.get(WAITING, &sam.token).await.ok(), json!([]));
            for (whom, what) in [(ada.member.to_string(), "accept"), ("7".to_owned(), "dismiss"), ("x".to_owned(), "accept")] {
                let nothing = door.post(&format!("{WAITING}/{whom}/{what}"), &sam.token, &json!({})).await;
                assert_eq!(nothing.status, StatusCode::NOT_FOUND, "nothing waits of {whom}");
            }
            door.post(&format!("/api/v1/statuses/{post}/reblog"), &ada.token, &json!({})).await.ok();
            door.post(&format!("{WAITING}/accept"), &sam.token, &body).await.ok();
            assert_eq!(each(&door.get(ALL, &sam.token).await.ok(), "/type"), ["reblog"]);
            door.node.clock.advance_secs(1);
            door.post("/api/v1/statuses", &ada.token, &json!({ "status": "@sam hello" })).await.ok();
            assert_eq!(each(&door.get(ALL, &sam.token).await.ok(), "/type"), ["mention", "reblog"], "let through for good");
            assert_eq!(door.get(&format!("{WAITING}/7"), &sam.token).await.status, StatusCode::NOT_FOUND);
        }
    }
}
