//! `/api/v1/admin/email_domain_blocks`.

use crate::auth::{AdminReadEmailDomainBlocks, AdminWriteEmailDomainBlocks, Barriers, Staff};
use crate::entities::admin::barriers::{Attempts, EmailDomainBlock};
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::page::{Paged, Paging};
use crate::params::Params;
use crate::path::Path;
use alongside_app::barriers::{self, DAYS_KNOWN, today};
use alongside_app::context::App;
use alongside_domain::id::BarrierId;
use alongside_store::barriers::{self as stored, MailHost};
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

const DAY_SECS: i64 = 86_400;

/// A host whose addresses are to be kept out.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct Body {
    domain: String,
    #[serde(default)]
    allow_with_approval: bool,
}

pub(super) async fn list(
    State(app): State<App>,
    _: Staff<Barriers, AdminReadEmailDomainBlocks>,
    paging: Paging,
) -> Result<Paged<EmailDomainBlock>, Error> {
    let page = stored::mail_hosts(&mut app.reader(), &paging.staff()).await?;
    let (newest, oldest) = (page.first().map(|it| it.id.get()), page.last().map(|it| it.id.get()));
    Ok(paging.reply(shown(&app, page).await?, newest, oldest))
}

pub(super) async fn show(
    State(app): State<App>,
    _: Staff<Barriers, AdminReadEmailDomainBlocks>,
    Path(id): Path<BarrierId>,
) -> Result<Json<EmailDomainBlock>, Error> {
    let host = stored::mail_host(&mut app.reader(), id).await?.ok_or(Error::NotFound)?;
    one(&app, host).await
}

pub(super) async fn add(
    State(app): State<App>,
    staff: Staff<Barriers, AdminWriteEmailDomainBlocks>,
    Params(body): Params<Body>,
) -> Result<Json<EmailDomainBlock>, Error> {
    let host = barriers::block_host(&app, staff.member, &body.domain, body.allow_with_approval).await?;
    one(&app, host).await
}

pub(super) async fn remove(
    State(app): State<App>,
    staff: Staff<Barriers, AdminWriteEmailDomainBlocks>,
    Path(id): Path<BarrierId>,
) -> Result<Json<Empty>, Error> {
    barriers::open_host(&app, staff.member, id).await?;
    Ok(Json(Empty {}))
}

async fn one(app: &App, host: MailHost) -> Result<Json<EmailDomainBlock>, Error> {
    Ok(Json(shown(app, vec![host]).await?.pop().ok_or(Error::NotFound)?))
}

async fn shown(app: &App, hosts: Vec<MailHost>) -> Result<Vec<EmailDomainBlock>, Error> {
    let ids: Vec<BarrierId> = hosts.iter().map(|host| host.id).collect();
    let today = today(app);
    let known = stored::attempts(&mut app.reader(), &ids, today - DAYS_KNOWN + 1).await?;
    let on = |id: BarrierId, day: i64| {
        let found = known.iter().find(|it| it.block_id == id && it.day == day);
        Attempts {
            day: (day * DAY_SECS).to_string(),
            accounts: found.map_or(0, |it| it.attempts).to_string(),
            uses: "0".to_owned(),
        }
    };
    Ok(hosts
        .into_iter()
        .map(|host| EmailDomainBlock {
            id: host.id.to_string(),
            domain: host.domain,
            created_at: host.created_at.to_string(),
            allow_with_approval: host.lets_wait,
            history: (0..DAYS_KNOWN).map(|ago| on(host.id, today - ago)).collect(),
        })
        .collect())
}
