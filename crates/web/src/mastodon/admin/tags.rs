//! `/api/v1/admin/tags`: the hashtags of public posts by their names, and what becomes of each. Their ids are their names.

use crate::auth::{AdminRead, AdminWrite, Staff, Trends};
use crate::entities::admin::AdminTag;
use crate::error::Error;
use crate::json::Json;
use crate::page::{Paged, Paging, more_after};
use crate::params::Params;
use crate::path::Path;
use crate::render::tags;
use crate::routes::{Routes, get};
use alongside_app::context::App;
use alongside_app::hashtags::{self, Wish};
use alongside_app::own;
use alongside_domain::id::MemberId;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// Hashtags on a page when a client does not say.
const PAGE: i64 = 100;

/// The addresses of this family.
pub(super) fn routes() -> Routes {
    Routes::new()
        .route("/api/v1/admin/tags", get(list))
        .route("/api/v1/admin/tags/{id}", get(show).put(change))
}

/// What is decided; what is not said stays as it is. A hashtag has one spelling, so there is none to choose.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
struct Body {
    listable: Option<bool>,
    trendable: Option<bool>,
    usable: Option<bool>,
}

async fn list(
    State(app): State<App>,
    staff: Staff<Trends, AdminRead>,
    paging: Paging,
) -> Result<Paged<AdminTag>, Error> {
    let (after, limit) = paging.names(PAGE);
    let names = alongside_store::hashtags::after(&mut app.reader(), after, limit).await?;
    let shown = tags::for_staff(&app, staff.member, &names).await?;
    Ok(paging.reply_by_name(shown, more_after(&names, limit).as_deref()))
}

async fn show(
    State(app): State<App>,
    staff: Staff<Trends, AdminRead>,
    Path(name): Path<String>,
) -> Result<Json<AdminTag>, Error> {
    let name = known(&app, &name).await?;
    one(&app, staff.member, name).await.map(Json)
}

async fn change(
    State(app): State<App>,
    staff: Staff<Trends, AdminWrite>,
    Path(name): Path<String>,
    Params(body): Params<Body>,
) -> Result<Json<AdminTag>, Error> {
    let wish = Wish { listable: body.listable, trendable: body.trendable, usable: body.usable };
    let name = hashtags::decide(&app, staff.member, &name, wish).await?;
    one(&app, staff.member, name).await.map(Json)
}

/// The name of a hashtag that is in a public post, or about which something was decided.
pub(super) async fn known(app: &App, name: &str) -> Result<String, Error> {
    let name = own::read_tag(name).ok_or(Error::NotFound)?;
    let is_known = alongside_store::hashtags::is_known(&mut app.reader(), &name).await?;
    if is_known { Ok(name) } else { Err(Error::NotFound) }
}

/// A hashtag, for staff.
pub(super) async fn one(app: &App, member: MemberId, name: String) -> Result<AdminTag, Error> {
    tags::for_staff(app, member, &[name]).await?.pop().ok_or(Error::NotFound)
}

#[cfg(test)]
mod tests;
