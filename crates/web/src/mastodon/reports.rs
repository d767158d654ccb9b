//! `POST /api/v1/reports`: a member asks for human eyes.

use crate::auth::{Author, WriteReports};
use crate::entities::collections::Report;
use crate::error::Error;
use crate::json::Json;
use crate::openapi::inputs::Id;
use crate::params::{Params, Word};
use crate::render;
use crate::routes::{Routes, post};
use alongside_app::context::App;
use alongside_app::reports::{self, NewReport};
use alongside_domain::id::{ActorId, PostId};
use alongside_domain::report::ReportCategory;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// The address.
pub(crate) fn routes() -> Routes {
    Routes::new().route("/api/v1/reports", post(create))
}

/// What is reported.
#[derive(Debug, Deserialize, JsonSchema)]
struct Body {
    #[schemars(with = "Id")]
    account_id: i64,
    #[serde(default)]
    #[schemars(with = "Vec<Id>")]
    status_ids: Vec<i64>,
    #[serde(default)]
    comment: String,
    category: Option<Word<ReportCategory>>,
    #[serde(default)]
    rule_ids: Vec<String>,
    /// The nodes of whom it is about and of the community are told, without the reporter's name.
    #[serde(default)]
    forward: bool,
}

async fn create(
    State(app): State<App>,
    author: Author<WriteReports>,
    Params(body): Params<Body>,
) -> Result<Json<Report>, Error> {
    let report = reports::create(&app, author.actor(), body.report()).await?;
    let target = render::accounts::of_ids(&app, &[report.target]).await?.pop().ok_or(Error::NotFound)?;
    Ok(Json(render::reports::report(&report, target)))
}

impl Body {
    /// Whoever names rules says that they were broken.
    fn report(self) -> NewReport {
        let otherwise =
            if self.rule_ids.is_empty() { ReportCategory::Other } else { ReportCategory::Violation };
        NewReport {
            target: ActorId::new(self.account_id),
            posts: self.status_ids.into_iter().map(PostId::new).collect(),
            category: self.category.map_or(otherwise, |Word(category)| category),
            comment: self.comment,
            rules: self.rule_ids,
            uri: None,
            forward: self.forward,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::mastodon::testing::{Door, each};
    use alongside_domain::account::Role;
    use alongside_domain::community::Audience;
    use alongside_store::communities;
    use alongside_store::engine::Store;
    use alongside_testkit::both_engines;
    use http::StatusCode;
    use serde_json::json;

    both_engines! {
        async fn a_report_reaches_those_who_look_after_node_and_community(store: Store) {
            let door = Door::new(store);
            let (sam, steward) = (door.persona("sam").await, door.persona("steward").await);
            door.node.member_as("staff", Role::Moderator).await;
            let staff = door.token("staff", "read").await;
            let ada = door.node.member("ada").await.actor();
            let sleep = door.node.community("sleep", Audience::Everyone).await;
            let mut tx = door.node.store().begin().await.unwrap();
            communities::appoint(&mut tx, sleep, steward.member.actor(), "moderator", door.node.app.now()).await.unwrap();
            tx.commit().await.unwrap();
            let post = door.node.post_with(ada, "buy this", |post| post.community = Some(sleep)).await.id;
            let body = json!({ "account_id": ada.to_string(), "status_ids": [post.to_string()], "comment": "selling",
                "rule_ids": ["4"], "forward": true });
            let report = door.post("/api/v1/reports", &sam.token, &body).await.ok();
            assert_eq!((&report["category"], &report["rule_ids"]), (&json!("violation"), &json!(["4"])));
            assert_eq!((&report["action_taken"], &report["forwarded"]), (&json!(false), &json!(false)));
            assert_eq!(
                (&report["status_ids"], &report["target_account"]["acct"]),
                (&json!([post.to_string()]), &json!("ada")),
            );
            for (token, from) in [(&staff, "sam"), (&steward.token, "ada")] {
                let told = door.get("/api/v1/notifications?types[]=admin.report", token).await.ok();
                assert_eq!(each(&told, "/account/acct"), [from], "only this node's staff learn who reported");
                assert_eq!(told[0]["report"]["id"], report["id"]);
            }
            let grouped = door.get("/api/v2/notifications", &staff).await.ok();
            assert_eq!(grouped["notification_groups"][0]["report"]["comment"], "selling");
        }

        async fn a_report_is_about_somebody_and_not_endless(store: Store) {
            let door = Door::new(store);
            let (sam, ada) = (door.persona("sam").await, door.node.member("ada").await);
            let nobody = door.post("/api/v1/reports", &sam.token, &json!({ "account_id": "7" })).await;
            assert_eq!(nobody.status, StatusCode::NOT_FOUND);
            let unnamed = door.post("/api/v1/reports", &sam.token, &json!({ "comment": "x" })).await;
            assert_eq!(unnamed.status, StatusCode::UNPROCESSABLE_ENTITY);
            let endless = json!({ "account_id": ada.to_string(), "comment": "x".repeat(1_001) });
            assert_eq!(
                door.post("/api/v1/reports", &sam.token, &endless).await.status,
                StatusCode::UNPROCESSABLE_ENTITY,
            );
            let reader = door.token("sam", "read").await;
            let body = json!({ "account_id": ada.to_string() });
            assert_eq!(door.post("/api/v1/reports", &reader, &body).await.status, StatusCode::FORBIDDEN);
        }
    }
}
