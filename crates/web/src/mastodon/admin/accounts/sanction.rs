//! `POST /api/v1/admin/accounts/:id/action`, and `enable`, `unsilence`, `unsuspend`, `unsensitive`.

use crate::auth::{AdminWriteAccounts, People, Staff};
use crate::entities::admin::AdminAccount;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::params::{Params, Word, blank};
use crate::path::Path;
use crate::render::admin;
use alongside_app::context::App;
use alongside_app::sanctions::{self, New};
use alongside_domain::id::{ActorId, ReportId};
use alongside_domain::sanction::SanctionKind;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// What is to be done. `send_email_notification` and `warning_preset_id` are taken and change nothing: this node sends
/// no mail, and keeps no presets.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct Body {
    #[serde(rename = "type")]
    kind: Word<SanctionKind>,
    #[serde(default, deserialize_with = "blank")]
    report_id: Option<i64>,
    text: Option<String>,
    /// How many seconds it lasts; as long as usual, if nobody says.
    #[serde(default, deserialize_with = "blank")]
    duration: Option<i64>,
}

pub(super) async fn impose(
    State(app): State<App>,
    staff: Staff<People, AdminWriteAccounts>,
    Path(id): Path<ActorId>,
    Params(body): Params<Body>,
) -> Result<Json<Empty>, Error> {
    let new = New {
        kind: body.kind.0,
        report: body.report_id.map(ReportId::new),
        message: body.text.unwrap_or_default().trim().to_owned(),
        secs: body.duration,
    };
    sanctions::impose(&app, staff.member, id, new).await?;
    Ok(Json(Empty {}))
}

pub(super) async fn lift(
    kind: SanctionKind,
    State(app): State<App>,
    staff: Staff<People, AdminWriteAccounts>,
    Path(id): Path<ActorId>,
) -> Result<Json<AdminAccount>, Error> {
    sanctions::lift(&app, staff.member, id, kind).await?;
    Ok(Json(admin::of_id(&app, id).await?))
}
