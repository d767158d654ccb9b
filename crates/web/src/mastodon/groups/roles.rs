//! `POST /api/v1/groups/:id/promote` and `/demote`: who looks after a community.

use super::{people, take};
use crate::auth::{Author, WriteGroups};
use crate::entities::groups::GroupMember;
use crate::error::Error;
use crate::json::Json;
use crate::openapi::inputs::Id;
use crate::params::Params;
use crate::path::Path;
use crate::render::accounts;
use alongside_app::context::App;
use alongside_domain::id::ActorId;
use alongside_domain::moderation::Measure;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// The role of those who look after a community, in the words of the extension.
const ADMIN: &str = "admin";
/// The role of everybody else.
const USER: &str = "user";

/// Who, and to which role.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Body {
    #[schemars(with = "Vec<Id>")]
    account_ids: Vec<i64>,
    role: Option<String>,
}

/// Makes people look after the community.
pub(crate) async fn promote(
    State(app): State<App>,
    author: Author<WriteGroups>,
    Path(id): Path<ActorId>,
    Params(body): Params<Body>,
) -> Result<Json<Vec<GroupMember>>, Error> {
    only(&body, ADMIN)?;
    let people = people(&body.account_ids)?;
    for member in &people {
        take(&app, author.actor(), id, Measure::Appoint(*member), "").await?;
    }
    members(&app, &people, ADMIN).await
}

/// Ends that they do.
pub(crate) async fn demote(
    State(app): State<App>,
    author: Author<WriteGroups>,
    Path(id): Path<ActorId>,
    Params(body): Params<Body>,
) -> Result<Json<Vec<GroupMember>>, Error> {
    only(&body, USER)?;
    let people = people(&body.account_ids)?;
    for member in &people {
        take(&app, author.actor(), id, Measure::Dismiss(*member), "").await?;
    }
    members(&app, &people, USER).await
}

/// There is one role above that of a member here.
fn only(body: &Body, role: &'static str) -> Result<(), Error> {
    match body.role.as_deref() {
        None | Some("") => Ok(()),
        Some(said) if said == role => Ok(()),
        Some(_) => Err(Error::Unfit(format!("Validation failed: the role can only be {role}"))),
    }
}

async fn members(app: &App, ids: &[ActorId], role: &'static str) -> Result<Json<Vec<GroupMember>>, Error> {
    let accounts = accounts::of_ids(app, ids).await?.into_iter();
    Ok(Json(accounts.map(|account| GroupMember { id: account.id.clone(), account, role }).collect()))
}
