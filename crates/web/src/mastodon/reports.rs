//! `POST /api/v1/reports`: a member asks for human eyes.

use crate::auth::{Author, WriteReports};
use crate::entities::collections::Report;
use crate::error::Error;
use crate::json::Json;
use crate::params::{Params, Word};
use crate::render;
use crate::state::Web;
use alongside_app::context::App;
use alongside_app::reports::{self, NewReport};
use alongside_domain::id::{ActorId, PostId};
use alongside_domain::report::ReportCategory;
use axum::Router;
use axum::extract::State;
use axum::routing::post;
use serde::Deserialize;

/// The address.
pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/api/v1/reports", post(create))
}

/// What is reported.
#[derive(Debug, Deserialize)]
struct Body {
    account_id: i64,
    #[serde(default)]
    status_ids: Vec<i64>,
    #[serde(default)]
    comment: String,
    category: Option<Word<ReportCategory>>,
    #[serde(default)]
    rule_ids: Vec<String>,
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
        let otherwise = if self.rule_ids.is_empty() { ReportCategory::Other } else { ReportCategory::Violation };
        NewReport {
            target: ActorId::new(self.account_id),
            posts: self.status_ids.into_iter().map(PostId::new).collect(),
            category: self.category.map_or(otherwise, |Word(category)| category),
            comment: self.comment,
            rules: self.rule_ids,
            uri: None,
        }
    }
}
