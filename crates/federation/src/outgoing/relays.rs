//! What arrived and is passed on: by a community of ours to its followers, or to the node of a community.

use super::ears::{announced, boost_by, ears};
use super::{Envelope, elsewhere};
use crate::build::relay::{self, Relayed};
use crate::documents;
use crate::documents::activity::{Action, Activity};
use crate::documents::reference::Reference;
use crate::keys;
use crate::node::Federation;
use crate::worker::JobError;
use alongside_domain::actor::ActorKind;
use alongside_domain::id::{ActorId, CommunityId, InboxId};
use alongside_domain::post::Visibility;
use alongside_store::{actors, inbox, posts};
use url::Url;

/// A community of ours passes on, word for word, what arrived for it; and boosts a new thread.
pub(super) async fn relayed(
    node: &Federation,
    id: InboxId,
    community: ActorId,
) -> Result<Vec<Envelope>, JobError> {
    let mut reader = node.app().reader();
    let Some(arrival) = inbox::find(&mut reader, id).await? else { return Ok(Vec::new()) };
    let Some(community) = actors::find(&mut reader, community).await? else { return Ok(Vec::new()) };
    let sender = actors::find_by_uri(&mut reader, &arrival.actor_uri).await?;
    let text = match sender.as_ref().map(|sender| sender.kind) {
        // Another node told us: what it told us of is passed on, not that it did.
        Some(ActorKind::Application | ActorKind::Service) => {
            documents::embedded_text(&arrival.body).unwrap_or(&arrival.body)
        }
        Some(ActorKind::Person | ActorKind::Group | ActorKind::Organization) | None => &arrival.body,
    };
    let activity =
        documents::parse_activity(text.as_bytes()).map_err(|error| JobError::Fail(error.to_string()))?;
    let about = match about(&activity) {
        Some(uri) => posts::find_by_uri(&mut reader, uri.as_str()).await?,
        None => None,
    };
    let Some(about) = about.filter(|post| post.community == Some(CommunityId::of(community.id))) else {
        return Ok(Vec::new());
    };
    let mut ears = ears(node, &community).await?;
    // Whoever wrote it learns by this that it was published, whether they are members or not.
    ears.activities.extend(sender.iter().filter_map(elsewhere));
    let mut out: Vec<Envelope> =
        announced(node, &community, &about, text, &format!("relay-{id}"), &ears)?.into_iter().collect();
    if matches!(activity.action, Action::Create { .. })
        && let Some(author) = actors::find(&mut reader, about.author).await?
    {
        out.extend(boost_by(node, &community, &about, &author, &ears).await?);
    }
    Ok(out)
}

/// The post that an activity in a community is about.
fn about(activity: &Activity) -> Option<&Url> {
    match &activity.action {
        Action::Create { objects } => objects.first().and_then(Reference::id),
        Action::Update { object } | Action::Delete { object, .. } => object.id(),
        Action::Like { object, .. } | Action::EmojiReact { object, .. } => Some(object),
        Action::Undo { object } => about(object.activity()?),
        _ => None,
    }
}

/// What reached only a member of ours is told to the node of the community it belongs to.
pub(super) async fn forwarded(
    node: &Federation,
    id: InboxId,
    community: ActorId,
) -> Result<Vec<Envelope>, JobError> {
    let mut reader = node.app().reader();
    let Some(arrival) = inbox::find(&mut reader, id).await? else { return Ok(Vec::new()) };
    let Some(community) = actors::find(&mut reader, community).await? else { return Ok(Vec::new()) };
    let own = keys::node_actor(node.app()).await.map_err(|error| JobError::Retry(error.to_string()))?;
    let relayed = Relayed {
        name: &format!("forward-{id}"),
        text: &arrival.body,
        visibility: Visibility::Public,
        at: node.app().now(),
    };
    let told = relay::announce(node.app().places(), &own, relayed)
        .map_err(|error| JobError::Fail(error.to_string()))?;
    Ok(vec![Envelope {
        uri: told.uri.clone(),
        actor: own.id,
        body: told.text,
        open: true,
        thread: told.uri,
        inboxes: elsewhere(&community).into_iter().collect(),
    }])
}
