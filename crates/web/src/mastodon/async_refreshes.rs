//! `/api/v1_alpha/async_refreshes`: how far something has come that goes on after the answer was given. Here that is
//! one thing: bringing in a thread from elsewhere while somebody reads it.

use super::statuses::named;
use crate::auth::{ReadStatuses, Viewer};
use crate::error::Error;
use crate::json::Json;
use crate::path::Path;
use crate::routes::{Routes, get};
use alongside_app::catching_up::{self, Progress};
use alongside_app::context::App;
use alongside_domain::id::PostId;
use axum::extract::State;
use http::{HeaderMap, HeaderName, HeaderValue};
use schemars::JsonSchema;
use serde::Serialize;

const HEADER: HeaderName = HeaderName::from_static("mastodon-async-refresh");
/// Seconds a client should wait before it asks again.
const RETRY_SECS: u32 = 3;
/// What the name of a thread that is brought in begins with.
const THREAD: &str = "thread-";

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "AsyncRefreshAnswer")]
struct Answer {
    async_refresh: AsyncRefresh,
}

#[derive(Debug, Serialize, JsonSchema)]
struct AsyncRefresh {
    id: String,
    #[schemars(extend("enum" = ["running", "finished"]))]
    status: &'static str,
    result_count: i64,
}

pub(super) fn routes() -> Routes {
    Routes::new().route("/api/v1_alpha/async_refreshes/{id}", get(show))
}

/// The header that says where to ask how far it has come; none when nothing goes on.
pub(super) fn header(progress: Option<Progress>) -> HeaderMap {
    let running = progress.filter(|progress| progress.is_running).and_then(|progress| {
        let (id, found) = (name(progress.post), progress.found);
        let value = format!("id=\"{id}\", retry={RETRY_SECS}, result_count={found}");
        HeaderValue::from_str(&value).ok()
    });
    running.into_iter().map(|value| (HEADER, value)).collect()
}

/// Shows how far it has come, to those who may read the post.
async fn show(
    State(app): State<App>,
    viewer: Viewer<ReadStatuses>,
    Path(id): Path<String>,
) -> Result<Json<Answer>, Error> {
    let post: Option<PostId> = id.strip_prefix(THREAD).and_then(|id| id.parse().ok());
    let member = viewer.actor().ok_or(Error::NotFound)?;
    let post = named(&app, Some(member), post.ok_or(Error::NotFound)?).await?;
    let progress = catching_up::progress(&app, post.id).await?.ok_or(Error::NotFound)?;
    let status = if progress.is_running { "running" } else { "finished" };
    Ok(Json(Answer {
        async_refresh: AsyncRefresh { id: name(post.id), status, result_count: progress.found },
    }))
}

fn name(post: PostId) -> String {
    format!("{THREAD}{post}")
}
