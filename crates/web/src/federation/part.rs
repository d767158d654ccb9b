//! `GET /actors/{handle}/{part}`: the lists that belong to a member or a community.

use super::{actor, answer};
use crate::error::Error;
use crate::path::Path;
use alongside_app::context::App;
use alongside_domain::actor::Actor;
use alongside_domain::id::{ActorId, CommunityId};
use alongside_domain::place::{Part, Place};
use alongside_federation::build::{collection, outbox};
use alongside_store::{actors, communities};
use axum::extract::State;
use axum::response::Response;
use serde_json::Value;

/// Shows a list.
pub(super) async fn show(
    State(app): State<App>,
    Path((handle, part)): Path<(String, String)>,
) -> Result<Response, Error> {
    let part: Part = part.parse().map_err(|_| Error::NotFound)?;
    let actor = actor::present(&app, &handle).await?;
    let document = match part {
        Part::Outbox => outbox::outbox(&app, &actor).await?,
        Part::Featured => outbox::featured(&app, &actor).await?,
        Part::Followers => counted(&app, &actor, part, actor.followers_count),
        Part::Following => counted(&app, &actor, part, actor.following_count),
        Part::Moderators if actor.is_community() => moderators(&app, &actor).await?,
        Part::Moderators | Part::Inbox => return Err(Error::NotFound),
    };
    Ok(answer::document(&document))
}

fn counted(app: &App, actor: &Actor, part: Part, count: i64) -> Value {
    let id = app.places().of(Place::Of(&actor.handle, part));
    collection::counted(&id, u64::try_from(count).unwrap_or_default())
}

async fn moderators(app: &App, actor: &Actor) -> Result<Value, Error> {
    let mut reader = app.reader();
    let stewards = communities::stewards(&mut reader, CommunityId::of(actor.id)).await?;
    let ids: Vec<ActorId> = stewards.iter().map(|steward| steward.actor_id).collect();
    let found = actors::find_all(&mut reader, &ids).await?;
    let named = ids.iter().filter_map(|id| found.iter().find(|actor| actor.id == *id && actor.is_present()));
    let items: Vec<Value> = named.map(|actor| Value::from(actor.uri.as_str())).collect();
    let id = app.places().of(Place::Of(&actor.handle, Part::Moderators));
    Ok(collection::ordered(&id, items.len() as u64, items))
}
