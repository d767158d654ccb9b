//! `/api/v1/admin/canonical_email_blocks`.

use crate::auth::{AdminReadCanonicalEmailBlocks, AdminWriteCanonicalEmailBlocks, Barriers, Staff};
use crate::entities::admin::barriers::CanonicalEmailBlock;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::page::{Paged, Paging};
use crate::params::{Params, needed};
use crate::path::Path;
use alongside_app::barriers;
use alongside_app::context::App;
use alongside_domain::id::BarrierId;
use alongside_store::barriers::{self as stored, Hashed};
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// An address, itself or by its hash.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Body {
    email: Option<String>,
    canonical_email_hash: Option<String>,
}

/// An address that is looked for.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Tested {
    email: String,
}

pub(super) async fn list(
    State(app): State<App>,
    _: Staff<Barriers, AdminReadCanonicalEmailBlocks>,
    paging: Paging,
) -> Result<Paged<CanonicalEmailBlock>, Error> {
    let page = stored::addresses(&mut app.reader(), &paging.staff()).await?;
    let (newest, oldest) = (page.first().map(|it| it.id.get()), page.last().map(|it| it.id.get()));
    Ok(paging.reply(page.into_iter().map(shown).collect(), newest, oldest))
}

pub(super) async fn show(
    State(app): State<App>,
    _: Staff<Barriers, AdminReadCanonicalEmailBlocks>,
    Path(id): Path<BarrierId>,
) -> Result<Json<CanonicalEmailBlock>, Error> {
    let found = stored::address(&mut app.reader(), id).await?;
    Ok(Json(shown(found.ok_or(Error::NotFound)?)))
}

/// Says whether an address is kept out, in whatever spelling. It changes nothing.
pub(super) async fn test(
    State(app): State<App>,
    _: Staff<Barriers, AdminReadCanonicalEmailBlocks>,
    Params(body): Params<Tested>,
) -> Result<Json<Vec<CanonicalEmailBlock>>, Error> {
    let email = needed("email", Some(body.email).filter(|email| !email.trim().is_empty()))?;
    let found = barriers::test_address(&app, &email).await?;
    Ok(Json(found.into_iter().map(shown).collect()))
}

pub(super) async fn add(
    State(app): State<App>,
    staff: Staff<Barriers, AdminWriteCanonicalEmailBlocks>,
    Params(body): Params<Body>,
) -> Result<Json<CanonicalEmailBlock>, Error> {
    let (email, hash) = (body.email.as_deref(), body.canonical_email_hash.as_deref());
    let address = barriers::block_address(&app, staff.member, email, hash).await?;
    Ok(Json(shown(address)))
}

pub(super) async fn remove(
    State(app): State<App>,
    staff: Staff<Barriers, AdminWriteCanonicalEmailBlocks>,
    Path(id): Path<BarrierId>,
) -> Result<Json<Empty>, Error> {
    barriers::open_address(&app, staff.member, id).await?;
    Ok(Json(Empty {}))
}

fn shown(address: Hashed) -> CanonicalEmailBlock {
    CanonicalEmailBlock { id: address.id.to_string(), canonical_email_hash: address.hash }
}
