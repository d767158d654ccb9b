//! `/api/v1/groups/:id/membership_requests`: those who wait to be let into a community.

use crate::auth::{Author, ReadGroups, WriteGroups};
use crate::entities::accounts::Account;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::page::{Paged, Paging};
use crate::path::Path;
use crate::render::accounts;
use alongside_app::context::App;
use alongside_app::{follows, moderation};
use alongside_domain::id::{ActorId, CommunityId};
use alongside_store::{communities, follows as stored};
use axum::extract::State;

/// Shows them to those who look after the community.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadGroups>,
    Path(id): Path<ActorId>,
    paging: Paging,
) -> Result<Paged<Account>, Error> {
    moderation::standing::check(&app, author.actor(), CommunityId::of(id)).await?;
    let mut reader = app.reader();
    // Who waits at a community elsewhere is its own node's business.
    let community = communities::find(&mut reader, id).await?.filter(|community| community.local);
    community.ok_or(Error::NotFound)?;
    let waiting = stored::requests(&mut reader, id, &paging.people()).await?;
    accounts::page(&app, &paging, waiting.iter().map(|follow| (follow.id.get(), follow.follower_id))).await
}

/// Lets somebody in.
pub(crate) async fn authorize(
    State(app): State<App>,
    author: Author<WriteGroups>,
    Path((id, account)): Path<(ActorId, ActorId)>,
) -> Result<Json<Empty>, Error> {
    follows::accept(&app, author.actor(), account, id).await?;
    Ok(Json(Empty {}))
}

/// Does not.
pub(crate) async fn reject(
    State(app): State<App>,
    author: Author<WriteGroups>,
    Path((id, account)): Path<(ActorId, ActorId)>,
) -> Result<Json<Empty>, Error> {
    follows::reject(&app, author.actor(), account, id).await?;
    Ok(Json(Empty {}))
}
