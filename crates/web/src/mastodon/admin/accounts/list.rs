//! `GET /api/v1/admin/accounts` and `GET /api/v2/admin/accounts`: everybody who is known here, narrowed down.

use crate::auth::{AdminReadAccounts, People, Staff};
use crate::entities::admin::AdminAccount;
use crate::error::Error;
use crate::page::{Paged, Paging};
use crate::params::Query;
use crate::render::admin;
use alongside_app::addresses;
use alongside_app::context::App;
use alongside_domain::account::Role;
use alongside_domain::fold;
use alongside_domain::staff::{self, Duty};
use alongside_store::people::{self, Wanted};
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

alongside_domain::words! {
    /// Where somebody lives.
    pub enum Origin {
        /// Here.
        Local = "local",
        /// Elsewhere.
        Remote = "remote",
    }
}

alongside_domain::words! {
    /// In which state somebody is.
    pub enum Status {
        /// As usual.
        Active = "active",
        /// They wait to be let in.
        Pending = "pending",
        /// They are kept from signing in.
        Disabled = "disabled",
        /// They are silenced.
        Silenced = "silenced",
        /// They are suspended.
        Suspended = "suspended",
        /// Their pictures are covered.
        Sensitized = "sensitized",
    }
}

/// Who is looked for, as both versions have it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Who {
    username: String,
    display_name: String,
    email: String,
    ip: String,
    by_domain: String,
    invited_by: String,
}

/// What the first version asks besides.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "the API has these questions")]
pub(super) struct First {
    local: bool,
    remote: bool,
    active: bool,
    pending: bool,
    disabled: bool,
    silenced: bool,
    suspended: bool,
    sensitized: bool,
    staff: bool,
}

/// What the second version asks besides.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Second {
    origin: String,
    status: String,
    permissions: String,
    role_ids: Option<Vec<String>>,
}

pub(super) async fn v1(
    State(app): State<App>,
    staff: Staff<People, AdminReadAccounts>,
    Query(who): Query<Who>,
    Query(first): Query<First>,
    paging: Paging,
) -> Result<Paged<AdminAccount>, Error> {
    let status = [
        (first.pending, Status::Pending),
        (first.disabled, Status::Disabled),
        (first.silenced, Status::Silenced),
        (first.suspended, Status::Suspended),
        (first.sensitized, Status::Sensitized),
        (first.active, Status::Active),
    ];
    // Whoever asks for nothing in particular is shown those who live here and are not suspended.
    let origin = match (first.local, first.remote) {
        (true, false) => Origin::Local.as_str(),
        (false, false) if who.by_domain.is_empty() => Origin::Local.as_str(),
        (false, true) => Origin::Remote.as_str(),
        (true, true) | (false, false) => "",
    };
    let wanted = Wanted {
        origin,
        status: status.iter().find(|(asked, _)| *asked).map_or("present", |(_, status)| status.as_str()),
        staff: first.staff,
        ..Wanted::default()
    };
    page(&app, &staff, &paging, who, wanted).await
}

pub(super) async fn v2(
    State(app): State<App>,
    staff: Staff<People, AdminReadAccounts>,
    Query(who): Query<Who>,
    Query(second): Query<Second>,
    paging: Paging,
) -> Result<Paged<AdminAccount>, Error> {
    let wanted = Wanted {
        origin: word(&second.origin, "origin", Origin::as_str)?,
        status: word(&second.status, "status", Status::as_str)?,
        staff: second.permissions == "staff",
        roles: second.role_ids.map(|ids| ids.iter().filter_map(|id| role(id)).collect()),
        ..Wanted::default()
    };
    page(&app, &staff, &paging, who, wanted).await
}

/// Networks that people came from, and who invited whom, are not kept: nobody is found by them.
async fn page(
    app: &App,
    staff: &Staff<People, AdminReadAccounts>,
    paging: &Paging,
    who: Who,
    wanted: Wanted,
) -> Result<Paged<AdminAccount>, Error> {
    if !who.ip.is_empty() || !who.invited_by.is_empty() {
        return Ok(paging.reply(Vec::new(), None, None));
    }
    if !who.email.is_empty() {
        if !staff::may(staff.role, Duty::Addresses) {
            return Err(Error::Forbidden(
                "Only administrators look for somebody by their address".to_owned(),
            ));
        }
        addresses::note_search(app, staff.member).await?;
    }
    let wanted = Wanted {
        handle: who.username.trim_start_matches('@').to_owned(),
        name: who.display_name,
        host: if who.by_domain.is_empty() { String::new() } else { fold::host(&who.by_domain) },
        email: who.email,
        ..wanted
    };
    let ids = people::page(&mut app.reader(), &wanted, &paging.staff()).await?;
    let people = admin::of_ids(app, &ids).await?;
    Ok(paging.reply(people, ids.first().map(|id| id.get()), ids.last().map(|id| id.get())))
}

/// A word of a closed set as it is kept, or nothing for nothing.
fn word<T: std::str::FromStr<Err = alongside_domain::word::UnknownWord>>(
    text: &str,
    name: &str,
    kept: fn(T) -> &'static str,
) -> Result<&'static str, Error> {
    if text.is_empty() {
        return Ok("");
    }
    text.parse().map(kept).map_err(|error| Error::Unfit(format!("Validation failed: {name}: {error}")))
}

/// The role that clients know by this number.
fn role(id: &str) -> Option<Role> {
    Role::ALL.iter().copied().find(|role| crate::entities::accounts::Role::new(*role).id() == id)
}
