//! `GET /api/v1/timelines/group/:id`: the threads of a community, as posts and not as its boosts, for clients that
//! know communities.

use super::of_many;
use crate::auth::{ReadStatuses, Viewer};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::page::{Paged, Paging};
use crate::params::Query;
use crate::path::Path;
use alongside_app::context::App;
use alongside_domain::id::{ActorId, CommunityId};
use alongside_store::{actors, timelines};
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// Which of them.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Which {
    only_media: bool,
}

/// Shows a page of them: to who is not in it, what is for everybody.
pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer<ReadStatuses>,
    Path(id): Path<ActorId>,
    Query(which): Query<Which>,
    paging: Paging,
) -> Result<Paged<Status>, Error> {
    let mut reader = app.reader();
    let community = actors::find(&mut reader, id).await?;
    community.filter(|actor| actor.is_community() && actor.is_present()).ok_or(Error::NotFound)?;
    let (id, page) = (CommunityId::of(id), paging.posts());
    let ids = timelines::of_community(&mut reader, id, viewer.actor(), which.only_media, &page).await?;
    let shown = of_many(&app, &viewer, &ids).await?.into_iter();
    let shown = shown.map(Status::in_the_words_of_groups).collect();
    Ok(paging.reply(shown, ids.first().map(|id| id.get()), ids.last().map(|id| id.get())))
}
