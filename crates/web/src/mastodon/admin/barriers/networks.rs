//! `/api/v1/admin/ip_blocks`.

use crate::address::ClientAddress;
use crate::auth::{AdminReadIpBlocks, AdminWriteIpBlocks, Barriers, Staff};
use crate::entities::admin::barriers::IpBlock;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::page::{Paged, Paging};
use crate::params::{Params, Word};
use crate::path::Path;
use alongside_app::barriers::{self, Lasting, Wish};
use alongside_app::context::App;
use alongside_domain::barrier::Severity;
use alongside_domain::id::BarrierId;
use alongside_store::barriers::{self as stored, Kept};
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// What is decided about a network. An empty `expires_in` means for good.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct Body {
    ip: Option<String>,
    severity: Option<Word<Severity>>,
    comment: Option<String>,
    expires_in: Option<String>,
}

pub(super) async fn list(
    State(app): State<App>,
    _: Staff<Barriers, AdminReadIpBlocks>,
    paging: Paging,
) -> Result<Paged<IpBlock>, Error> {
    let page = stored::networks(&mut app.reader(), &paging.staff(), app.now()).await?;
    let (newest, oldest) = (page.first().map(|it| it.id.get()), page.last().map(|it| it.id.get()));
    Ok(paging.reply(page.into_iter().map(shown).collect(), newest, oldest))
}

pub(super) async fn show(
    State(app): State<App>,
    _: Staff<Barriers, AdminReadIpBlocks>,
    Path(id): Path<BarrierId>,
) -> Result<Json<IpBlock>, Error> {
    let kept = stored::network(&mut app.reader(), id).await?;
    let kept = kept.filter(|kept| kept.expires_at.is_none_or(|end| end > app.now()));
    Ok(Json(shown(kept.ok_or(Error::NotFound)?)))
}

pub(super) async fn add(
    State(app): State<App>,
    ClientAddress(from): ClientAddress,
    staff: Staff<Barriers, AdminWriteIpBlocks>,
    Params(body): Params<Body>,
) -> Result<Json<IpBlock>, Error> {
    let kept = barriers::block_network(&app, staff.member, from, body.wish()?).await?;
    Ok(Json(shown(kept)))
}

pub(super) async fn change(
    State(app): State<App>,
    ClientAddress(from): ClientAddress,
    staff: Staff<Barriers, AdminWriteIpBlocks>,
    Path(id): Path<BarrierId>,
    Params(body): Params<Body>,
) -> Result<Json<IpBlock>, Error> {
    let kept = barriers::change_network(&app, staff.member, from, id, body.wish()?).await?;
    Ok(Json(shown(kept)))
}

pub(super) async fn remove(
    State(app): State<App>,
    staff: Staff<Barriers, AdminWriteIpBlocks>,
    Path(id): Path<BarrierId>,
) -> Result<Json<Empty>, Error> {
    barriers::open_network(&app, staff.member, id).await?;
    Ok(Json(Empty {}))
}

impl Body {
    fn wish(self) -> Result<Wish, Error> {
        let lasting = match self.expires_in.as_deref().map(str::trim) {
            None => Lasting::AsBefore,
            Some("" | "null") => Lasting::ForGood,
            Some(secs) => Lasting::Secs(secs.parse().map_err(|_| {
                Error::Unfit("Validation failed: expires_in: must be a number of seconds".to_owned())
            })?),
        };
        Ok(Wish {
            network: self.ip,
            severity: self.severity.map(|Word(severity)| severity),
            comment: self.comment,
            lasting,
        })
    }
}

fn shown(kept: Kept) -> IpBlock {
    IpBlock {
        id: kept.id.to_string(),
        ip: kept.network.to_string(),
        severity: kept.severity.as_str(),
        comment: kept.comment,
        created_at: kept.created_at.to_string(),
        expires_at: kept.expires_at.map(|end| end.to_string()),
    }
}
