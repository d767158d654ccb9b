//! `GET /api/alongside/v1/statuses/{id}/erasure`: what became of a deleted post on the hosts that had it. For its
//! author alone.

use crate::auth::{Author, ReadStatuses};
use crate::error::Error;
use crate::json::Json;
use crate::params::{Query, Word};
use crate::path::Path;
use alongside_app::context::App;
use alongside_domain::erasure::ReceiptState;
use alongside_domain::id::PostId;
use alongside_store::erasures::{self, Receipt};
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Hosts on one page.
const PAGE: i64 = 200;

/// Which part of the list.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Part {
    after: String,
}

/// An erasure.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Erasure {
    id: String,
    uri: String,
    deleted_at: String,
    /// Whether every host is known that is to be told.
    complete: bool,
    /// How many hosts have answered what.
    counts: BTreeMap<&'static str, i64>,
    /// The hosts by their names, some at a time.
    hosts: Vec<Told>,
    /// What to ask for the next ones with, where there are more.
    next: Option<String>,
}

/// What a host answered.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ErasureReceipt")]
struct Told {
    host: String,
    #[schemars(with = "Word<ReceiptState>")]
    state: &'static str,
    answer: Option<String>,
    at: String,
    next_try_at: Option<String>,
}

/// Shows it.
pub(super) async fn show(
    State(app): State<App>,
    author: Author<ReadStatuses>,
    Path(id): Path<PostId>,
    Query(part): Query<Part>,
) -> Result<Json<Erasure>, Error> {
    let mut reader = app.reader();
    let found = erasures::of_post(&mut reader, id).await?;
    let erasure = found.filter(|erasure| erasure.actor_id == author.actor()).ok_or(Error::NotFound)?;
    let counts = erasures::counts(&mut reader, erasure.id).await?;
    let receipts = erasures::receipts(&mut reader, erasure.id, &part.after, PAGE).await?;
    let full = i64::try_from(receipts.len()).is_ok_and(|count| count == PAGE);
    Ok(Json(Erasure {
        id: id.to_string(),
        uri: erasure.uri,
        deleted_at: erasure.at.to_string(),
        complete: erasure.told_at.is_some(),
        counts: counts.iter().map(|count| (count.state.as_str(), count.count)).collect(),
        next: receipts.last().filter(|_| full).map(|last| last.host.clone()),
        hosts: receipts.into_iter().map(answer).collect(),
    }))
}

fn answer(receipt: Receipt) -> Told {
    Told {
        host: receipt.host,
        state: receipt.state.as_str(),
        answer: receipt.answer.or(receipt.last_error),
        at: receipt.at.to_string(),
        next_try_at: receipt.next_at.map(|at| at.to_string()),
    }
}
