//! `/api/v1/admin/accounts`: who is here, who waits to be let in, and sanctions.

mod list;
mod sanction;

use crate::auth::{AdminReadAccounts, AdminWriteAccounts, People, Staff};
use crate::entities::admin::AdminAccount;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::path::Path;
use crate::render::admin;
use crate::routes::{Routes, get, post};
use alongside_app::context::App;
use alongside_app::{addresses, departures, sign_ups};
use alongside_domain::id::ActorId;
use alongside_domain::sanction::SanctionKind;
use alongside_domain::staff::{self, Duty};
use axum::extract::State;

/// The addresses of this family.
pub(super) fn routes() -> Routes {
    let lift = |kind| post(move |app, staff, id| sanction::lift(kind, app, staff, id));
    Routes::new()
        .route("/api/v1/admin/accounts", get(list::v1))
        .route("/api/v2/admin/accounts", get(list::v2))
        .route("/api/v1/admin/accounts/{id}", get(show).delete(delete))
        .route("/api/v1/admin/accounts/{id}/approve", post(approve))
        .route("/api/v1/admin/accounts/{id}/reject", post(reject))
        .route("/api/v1/admin/accounts/{id}/action", post(sanction::impose))
        .route("/api/v1/admin/accounts/{id}/enable", lift(SanctionKind::Disable))
        .route("/api/v1/admin/accounts/{id}/unsilence", lift(SanctionKind::Silence))
        .route("/api/v1/admin/accounts/{id}/unsuspend", lift(SanctionKind::Suspend))
        .route("/api/v1/admin/accounts/{id}/unsensitive", lift(SanctionKind::Sensitive))
}

/// Shows somebody; to an administrator with the address they sign in with, and that is written down.
async fn show(
    State(app): State<App>,
    staff: Staff<People, AdminReadAccounts>,
    Path(id): Path<ActorId>,
) -> Result<Json<AdminAccount>, Error> {
    let mut account = admin::of_id(&app, id).await?;
    if staff::may(staff.role, Duty::Addresses) {
        account.email = addresses::look_up(&app, staff.member, id).await?.unwrap_or_default();
    }
    Ok(Json(account))
}

async fn approve(
    State(app): State<App>,
    staff: Staff<People, AdminWriteAccounts>,
    Path(id): Path<ActorId>,
) -> Result<Json<AdminAccount>, Error> {
    sign_ups::approve(&app, staff.member, id).await?;
    Ok(Json(admin::of_id(&app, id).await?))
}

/// Turns somebody away; the answer shows them as they were.
async fn reject(
    State(app): State<App>,
    staff: Staff<People, AdminWriteAccounts>,
    Path(id): Path<ActorId>,
) -> Result<Json<AdminAccount>, Error> {
    let before = admin::of_id(&app, id).await?;
    sign_ups::reject(&app, staff.member, id).await?;
    Ok(Json(before))
}

async fn delete(
    State(app): State<App>,
    staff: Staff<People, AdminWriteAccounts>,
    Path(id): Path<ActorId>,
) -> Result<Json<Empty>, Error> {
    departures::expel(&app, staff.member, id).await?;
    Ok(Json(Empty {}))
}

#[cfg(test)]
mod tests;
