//! What could not be taken when it was sent, and is sent again in a way that proves nothing: `NodeBB` leaves the digest out of a
//! second try, and of all it could not send keeps the last alone. What it says then is not believed, but that it knocks is a sign
//! that something of a community was missed: its threads are read again, as when somebody joins.

use crate::documents;
use crate::node::Federation;
use crate::receive::{Arriving, Refused};
use crate::software;
use alongside_app::catching_up;
use alongside_domain::actor::Actor;
use alongside_store::{actors, hosts};
use http_signatures::refused::Refused as Unsigned;

/// Whether that is what this is, and the community is read again now. Anybody may say so: it happens seldom.
pub(super) async fn is_made_up_for(
    node: &Federation,
    arriving: &Arriving<'_>,
    refused: &Refused,
) -> Result<bool, Refused> {
    if !matches!(refused, Refused::Signature(Unsigned::NotCovered("digest"))) {
        return Ok(false);
    }
    let Ok(activity) = documents::parse_activity(arriving.body) else { return Ok(false) };
    let mut reader = node.app().reader();
    let known = actors::find_by_uri(&mut reader, activity.actor.as_str()).await?;
    let is_elsewhere = |actor: &Actor| actor.is_community() && actor.is_present() && !actor.is_local();
    let Some(community) = known.filter(is_elsewhere) else { return Ok(false) };
    node.may_talk(&mut reader, &community.server()).await?;
    let host = hosts::find(&mut reader, &community.host).await?;
    if !software::sends_again_unsigned(host.and_then(|host| host.software).as_deref()) {
        return Ok(false);
    }
    if !node.missed().spend_of(&community.uri, 1, node.app().now()) {
        return Ok(false);
    }
    Ok(catching_up::threads(node.app(), community.id).await?)
}
