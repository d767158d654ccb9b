//! Finding out who looks after a community elsewhere: what they do there counts here too, once the community
//! announces it.

use crate::documents::origin;
use crate::documents::reference::Reference;
use crate::lists;
use crate::node::Federation;
use crate::receive::act::Error;
use crate::resolve;
use alongside_app::moderation;
use alongside_domain::actor::{Actor, ActorKind};
use alongside_domain::id::{ActorId, CommunityId};
use alongside_domain::limits::STEWARDS_MAX;
use alongside_store::{actors, communities};
use url::Url;

/// Moderators asked for at their origins at once. The others are known when something of theirs is read.
const UNKNOWN_MAX: usize = 20;

/// Reads the moderators of a community at its origin, and keeps them in place of those known before.
pub async fn read(node: &Federation, community: ActorId) -> Result<(), Error> {
    let mut reader = node.app().reader();
    let id = CommunityId::of(community);
    let Some(group) = actors::find(&mut reader, community).await?.filter(|group| !group.is_local()) else {
        return Ok(());
    };
    let lists = communities::lists(&mut reader, id).await?;
    let Some(list) = lists.moderators.as_deref().and_then(|list| Url::parse(list).ok()) else {
        return Ok(());
    };
    if !Url::parse(&group.uri).is_ok_and(|own| origin::same(&own, &list)) {
        // A list on another host says nothing about this community.
        return Ok(());
    }
    let items = lists::items(node, Reference::Id(list), STEWARDS_MAX).await?;
    let mut named = Vec::new();
    let mut unknown = 0;
    for uri in items.iter().filter_map(Reference::id) {
        let found = match actors::find_by_uri(&mut reader, uri.as_str()).await? {
            Some(known) => Some(known),
            None if unknown < UNKNOWN_MAX => {
                unknown += 1;
                resolve::actor(node, uri).await.ok()
            }
            None => None,
        };
        named.extend(found.filter(can_moderate).map(|actor| actor.id));
    }
    Ok(moderation::people::keep_stewards(node.app(), id, &named).await?)
}

fn can_moderate(actor: &Actor) -> bool {
    match actor.kind {
        ActorKind::Person | ActorKind::Service | ActorKind::Organization => actor.is_present(),
        ActorKind::Group | ActorKind::Application => false,
    }
}
