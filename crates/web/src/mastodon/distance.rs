//! `/api/v1/blocks`, `/api/v1/mutes` and `/api/v1/domain_blocks`: whom a member keeps away from.

use crate::auth::{Author, ReadBlocks, ReadMutes, WriteBlocks};
use crate::entities::accounts::{Account, DomainBlockPreview, MutedAccount};
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::page::{Paged, Paging, more_after};
use crate::params::{Params, Query};
use crate::render::accounts;
use crate::routes::{Routes, get};
use alongside_app::blocks;
use alongside_app::context::App;
use alongside_domain::id::ActorId;
use alongside_domain::limits::TAG_FOLLOWS_MAX;
use alongside_store::host_blocks::Ties;
use alongside_store::{blocks as stored, host_blocks, mutes};
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::HashMap;

/// The addresses of this family.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/api/v1/blocks", get(blocked))
        .route("/api/v1/mutes", get(muted))
        .route("/api/v1/domain_blocks", get(hosts).post(block_host).delete(unblock_host))
        .route("/api/v1/domain_blocks/preview", get(preview))
}

async fn blocked(
    State(app): State<App>,
    author: Author<ReadBlocks>,
    paging: Paging,
) -> Result<Paged<Account>, Error> {
    let rows = stored::page(&mut app.reader(), author.actor(), &paging.people()).await?;
    accounts::page(&app, &paging, rows.iter().map(|row| (row.id, row.target_id))).await
}

async fn muted(
    State(app): State<App>,
    author: Author<ReadMutes>,
    paging: Paging,
) -> Result<Paged<MutedAccount>, Error> {
    let rows = mutes::page(&mut app.reader(), author.member, &paging.people(), app.now()).await?;
    let ids: Vec<ActorId> = rows.iter().map(|row| row.target_id).collect();
    let ends: HashMap<String, String> = rows
        .iter()
        .filter_map(|row| Some((row.target_id.to_string(), row.expires_at?.to_string())))
        .collect();
    let people = accounts::of_ids(&app, &ids).await?.into_iter();
    let people =
        people.map(|account| MutedAccount { mute_expires_at: ends.get(&account.id).cloned(), account });
    let page = people.collect();
    Ok(paging.reply(page, rows.first().map(|row| row.id), rows.last().map(|row| row.id)))
}

/// By their names.
async fn hosts(
    State(app): State<App>,
    author: Author<ReadBlocks>,
    paging: Paging,
) -> Result<Paged<String>, Error> {
    let (after, limit) = paging.names(TAG_FOLLOWS_MAX);
    let names = host_blocks::after(&mut app.reader(), author.member, after, limit).await?;
    let last = more_after(&names, limit);
    Ok(paging.reply_by_name(names, last.as_deref()))
}

/// Which host.
#[derive(Debug, Deserialize, JsonSchema)]
struct Host {
    domain: String,
}

/// What one would keep away from.
async fn preview(
    State(app): State<App>,
    author: Author<ReadBlocks>,
    Query(host): Query<Host>,
) -> Result<Json<DomainBlockPreview>, Error> {
    let ties = blocks::ties_with_host(&app, author.member, &host.domain).await?;
    let Ties { following, followers } = ties;
    Ok(Json(DomainBlockPreview { following_count: following, followers_count: followers }))
}

async fn block_host(
    State(app): State<App>,
    author: Author<WriteBlocks>,
    Params(host): Params<Host>,
) -> Result<Json<Empty>, Error> {
    blocks::block_host(&app, author.member, &host.domain).await?;
    Ok(Json(Empty {}))
}

async fn unblock_host(
    State(app): State<App>,
    author: Author<WriteBlocks>,
    Params(host): Params<Host>,
) -> Result<Json<Empty>, Error> {
    blocks::unblock_host(&app, author.member, &host.domain).await?;
    Ok(Json(Empty {}))
}
