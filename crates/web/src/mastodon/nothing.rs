//! Features of Mastodon that this node does not have. Clients ask for them at their start and expect
//! to be told that there is nothing, not that the address is unknown.

use crate::auth::{Author, ReadAccounts, WriteAccounts};
use crate::json::{Empty, Json};
use crate::path::Path;
use crate::routes::{Routes, get, post};
use schemars::JsonSchema;
use serde::Serialize;

/// The addresses that have nothing to give.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/api/v1/instance/translation_languages", get(async || Json(Empty {})))
        .route("/api/v1/trends/links", get(async || Json::<[Empty; 0]>([])))
        .route(
            "/api/v1/annual_reports",
            get(async |_: Author<ReadAccounts>| Json(WrappedAnnualReports::default())),
        )
        .route("/api/v1/annual_reports/{year}/state", get(state))
        .route("/api/v1/annual_reports/{year}/generate", post(generate))
}

/// No report about anybody's year.
#[derive(Debug, Default, Serialize, JsonSchema)]
struct WrappedAnnualReports {
    annual_reports: [Empty; 0],
    accounts: [Empty; 0],
    statuses: [Empty; 0],
}

#[derive(Debug, Serialize, JsonSchema)]
struct AnnualReportState {
    #[schemars(extend("enum" = ["ineligible"]))]
    state: &'static str,
}

/// Says that there will be none, whatever the year.
async fn state(_: Author<ReadAccounts>, Path(_): Path<String>) -> Json<AnnualReportState> {
    Json(AnnualReportState { state: "ineligible" })
}

/// Makes none: as with Mastodon, that is no error where there can be none.
async fn generate(_: Author<WriteAccounts>, Path(_): Path<String>) -> Json<Empty> {
    Json(Empty {})
}

#[cfg(test)]
mod tests {
    use crate::mastodon::testing::Door;
    use alongside_store::engine::Store;
    use alongside_testkit::both_engines;
    use serde_json::json;

    both_engines! {
        async fn nobody_gets_a_report_about_their_year(store: Store) {
            let door = Door::new(store);
            let sam = door.persona("sam").await;
            let path = "/api/v1/annual_reports";
            let none = json!({ "annual_reports": [], "accounts": [], "statuses": [] });
            assert_eq!(door.get(path, &sam.token).await.ok(), none);
            assert_eq!(door.post(&format!("{path}/2026/generate"), &sam.token, &json!({})).await.ok(), json!({}));
            let state = door.get(&format!("{path}/2026/state"), &sam.token).await.ok();
            assert_eq!(state, json!({ "state": "ineligible" }));
        }
    }
}
