//! `GET /actors/{handle}/{part}`: the lists that belong to a member or a community.

use super::asker::Asking;
use super::{actor, answer, members};
use crate::error::Error;
use crate::path::Path;
use alongside_app::audience;
use alongside_app::context::App;
use alongside_app::reading::Viewer;
use alongside_domain::actor::Actor;
use alongside_domain::id::{ActorId, CommunityId};
use alongside_domain::place::{Part, Place};
use alongside_federation::build::{collection, outbox};
use alongside_federation::node::Federation;
use alongside_federation::{synchronize, vouch};
use alongside_store::{actors, communities};
use axum::extract::State;
use axum::response::Response;
use http::Uri;
use serde_json::Value;

/// Shows a list.
pub(super) async fn show(
    State(node): State<Federation>,
    Path((handle, part)): Path<(String, String)>,
    uri: Uri,
    asking: Asking,
) -> Result<Response, Error> {
    let app = node.app();
    let part: Part = part.parse().map_err(|_| Error::NotFound)?;
    let actor = actor::present(app, &handle).await?;
    let document = match part {
        Part::Outbox | Part::Featured => wrote(&node, &actor, part, &asking).await?,
        Part::Followers => match asked_about(&uri) {
            Some(somebody) => is_member(&node, &actor, &somebody, &asking).await?,
            None => counted(app, &actor, part, actor.followers_count),
        },
        Part::Following => counted(app, &actor, part, actor.following_count),
        Part::Synchronization => {
            let proven = members::who_asks(&node, &asking).await?.ok_or(Error::NotFound)?;
            synchronize::document(app, &actor, &proven.peer.origin).await?.ok_or(Error::NotFound)?
        }
        Part::Moderators if actor.is_community() => moderators(app, &actor).await?,
        Part::Wall if actor.is_community() => outbox::wall(app, &actor).await?,
        Part::Moderators | Part::Wall | Part::Inbox => return Err(Error::NotFound),
    };
    Ok(answer::document(&document))
}

/// What an actor wrote; of a community, what those may read who ask.
async fn wrote(node: &Federation, actor: &Actor, part: Part, asking: &Asking) -> Result<Value, Error> {
    let proven = if actor.is_community() { members::who_asks(node, asking).await? } else { None };
    let viewer = proven.as_ref().map_or(Viewer::Nobody, |proven| Viewer::Node(&proven.peer));
    Ok(match part {
        Part::Featured => outbox::featured(node.app(), actor, viewer).await?,
        _ => outbox::outbox(node.app(), actor, viewer).await?,
    })
}

fn asked_about(uri: &Uri) -> Option<String> {
    let mut pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    pairs.find(|(name, _)| name == vouch::QUERY).map(|(_, somebody)| somebody.into_owned())
}

/// Whether a community has members where somebody lives: told to nodes where some live themselves, so that they
/// know to whom to show what was written in it. Who they are is told to nobody.
async fn is_member(
    node: &Federation,
    community: &Actor,
    somebody: &str,
    asking: &Asking,
) -> Result<Value, Error> {
    let proven = members::who_asks(node, asking).await?.ok_or(Error::NotFound)?;
    let about = vouch::peer(somebody).ok_or(Error::NotFound)?;
    let (mut reader, now) = (node.app().reader(), node.app().now());
    let id = CommunityId::of(community.id);
    for peer in [&proven.peer, &about] {
        let is_home = audience::may_go_to(&mut reader, &peer.host).await?
            && communities::has_member_at(&mut reader, id, &peer.origin, now).await?;
        if !is_home {
            return Err(Error::NotFound);
        }
    }
    Ok(counted(node.app(), community, Part::Followers, community.followers_count))
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
