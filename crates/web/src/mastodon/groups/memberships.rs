//! `GET /api/v1/groups/:id/memberships`: who is in a community. Those who look after it see everybody, a member sees
//! who looks after it and themselves, and others see nobody: who belongs where says what somebody lives with.

use crate::auth::{Author, ReadGroups};
use crate::entities::groups::GroupMember;
use crate::error::Error;
use crate::page::{Paged, Paging};
use crate::params::Query;
use crate::path::Path;
use crate::render::groups;
use alongside_app::context::App;
use alongside_app::moderation::{self, standing};
use alongside_domain::id::{ActorId, CommunityId};
use alongside_store::memberships::{self, Wanted, WantedRole};
use alongside_store::{actors, communities};
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// In which role.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Which {
    role: Option<String>,
}

/// Shows a page of them.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadGroups>,
    Path(id): Path<ActorId>,
    Query(which): Query<Which>,
    paging: Paging,
) -> Result<Paged<GroupMember>, Error> {
    let (mut reader, role, id) = (app.reader(), which.role()?, CommunityId::of(id));
    let community = communities::find(&mut reader, id.actor()).await?.ok_or(Error::NotFound)?;
    let shown = actors::find(&mut reader, id.actor()).await?;
    shown.filter(alongside_domain::actor::Actor::is_present).ok_or(Error::NotFound)?;
    // Who belongs to a community elsewhere is its own node's to tell.
    let everybody = community.local && may_see_everybody(&app, author.actor(), id).await?;
    let standing = communities::standing(&mut reader, id, author.actor(), app.now()).await?;
    if !everybody && !standing.member && !standing.steward {
        return Ok(paging.reply(Vec::new(), None, None));
    }
    let wanted = Wanted { everybody, member: author.actor(), role };
    let rows = memberships::page(&mut reader, id, wanted, &paging.people()).await?;
    let (newest, oldest) =
        (rows.first().map(|row| row.actor_id.get()), rows.last().map(|row| row.actor_id.get()));
    Ok(paging.reply(groups::members(&app, &rows).await?, newest, oldest))
}

async fn may_see_everybody(app: &App, who: ActorId, id: CommunityId) -> Result<bool, Error> {
    match standing::check(app, who, id).await {
        Ok(()) => Ok(true),
        Err(moderation::Error::Refused(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

impl Which {
    fn role(&self) -> Result<Option<WantedRole>, Error> {
        match self.role.as_deref() {
            None | Some("") => Ok(None),
            Some("owner") => Ok(Some(WantedRole::Owner)),
            Some("admin" | "moderator") => Ok(Some(WantedRole::Steward)),
            Some("user") => Ok(Some(WantedRole::Member)),
            Some(_) => {
                Err(Error::Unfit("Validation failed: role is not one of owner, admin, user".to_owned()))
            }
        }
    }
}
