//! What arrived and is passed on: by a community of ours to its followers, or to the node of a community.

use super::ears::{Told, agreed, announced, boost_by, ears, heard_at};
use super::{Envelope, Presence, elsewhere};
use crate::build::relay::{self, Relayed};
use crate::documents;
use crate::documents::activity::{Action, Activity};
use crate::documents::addressing::PUBLIC;
use crate::documents::origin;
use crate::documents::reference::Reference;
use crate::keys;
use crate::node::Federation;
use crate::receive::proof;
use crate::worker::JobError;
use alongside_domain::id::{ActorId, CommunityId, InboxId};
use alongside_domain::post::Visibility;
use alongside_store::{actors, inbox, posts, sent};
use serde_json::{Value, json};
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
    let outer = parse(&arrival.body)?;
    let told = outer.action.embedded_activity().cloned();
    let about = match about(told.as_ref().unwrap_or(&outer)) {
        Some(uri) => posts::find_by_uri(&mut reader, uri.as_str()).await?,
        None => None,
    };
    let Some(about) = about.filter(|post| post.community == Some(CommunityId::of(community.id))) else {
        return Ok(Vec::new());
    };
    let for_members = about.visibility == Visibility::Members;
    let (activity, text) = match told {
        // What is for members comes from themselves, and is no other node's to tell.
        Some(_) if for_members => return Ok(Vec::new()),
        // Another node told us: what it told us of is passed on, not that it did, and not in its words.
        Some(told) => {
            let text = as_its_actor_has_it(node, &told, &arrival.body).await?;
            (told, text)
        }
        None => (outer, arrival.body),
    };
    let words = carries_words(&activity);
    let mut ears = ears(node, &community, about.visibility).await?;
    // Whoever wrote it learns by this that it was published, whether they are members or not.
    let sender = match &sender {
        Some(sender) => heard_at(node, sender).await?,
        None => None,
    };
    ears.activities.extend(if for_members {
        agreed(node, sender).await?
    } else {
        sender.into_iter().collect()
    });
    let ends = matches!(activity.action, Action::Delete { .. }).then_some(about.id);
    if let Some(post) = ends {
        // Whoever was sent the words hears that they are gone, though they follow no longer.
        ears.add(&sent::of_post(&mut reader, post).await?);
    }
    let mut out: Vec<Envelope> = announced(
        node,
        &community,
        &about,
        Told { text: &text, name: &format!("relay-{id}"), words },
        &ears,
    )?
    .into_iter()
    .map(|envelope| Envelope { ends, ..envelope })
    .collect();
    if matches!(activity.action, Action::Create { .. })
        && !for_members
        && let Some(author) = actors::find(&mut reader, about.author).await?
    {
        out.extend(boost_by(node, &community, &about, &author, &ears).await?);
    }
    Ok(out)
}

fn parse(text: &str) -> Result<Activity, JobError> {
    documents::parse_activity(text.as_bytes()).map_err(|error| JobError::fail(&error))
}

/// The text of an activity that somebody else told us of: as its actor has proved it, else as its origin has
/// it. Nothing of the teller's own text goes out under our community's signature.
async fn as_its_actor_has_it(node: &Federation, told: &Activity, body: &str) -> Result<String, JobError> {
    if proof::vouches(node, told).await? {
        let body: Value = serde_json::from_str(body).map_err(|error| JobError::fail(&error))?;
        // Spelled anew: what was proved is what we have read, not what else the text may hold.
        if let Some(object) = body.get("object").filter(|object| object.is_object()) {
            return Ok(object.to_string());
        }
    }
    as_its_origin_has_it(node, told).await
}

/// As its origin serves it, or made of what its origin says of the post.
async fn as_its_origin_has_it(node: &Federation, told: &Activity) -> Result<String, JobError> {
    if let Some(id) = told.id.as_ref().filter(|id| origin::same(id, &told.actor)) {
        match node.read(id).await {
            Ok(fetched) => {
                let own = parse(&String::from_utf8_lossy(&fetched.body))?;
                if own.actor == told.actor
                    && own.action.kind() == told.action.kind()
                    && about(&own) == about(told)
                {
                    return Ok(fetched.json.to_string());
                }
            }
            Err(error) if error.is_temporary() => return Err(error.into()),
            Err(_) => {}
        }
    }
    let object = about(told).ok_or_else(|| JobError::Fail("about nothing".to_owned()))?;
    let object = match &told.action {
        Action::Create { .. } | Action::Update { .. } => node.read(object).await?.json,
        _ => Value::String(object.to_string()),
    };
    let made = json!({
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": told.id,
        "type": told.action.kind(),
        "actor": told.actor,
        "to": [PUBLIC],
        "cc": [],
        "object": object,
    });
    Ok(made.to_string())
}

/// Whether it says what a post says; a deletion must go out though the post is gone.
const fn carries_words(activity: &Activity) -> bool {
    matches!(activity.action, Action::Create { .. } | Action::Update { .. })
}

/// The post that an activity in a community is about.
fn about(activity: &Activity) -> Option<&Url> {
    match &activity.action {
        Action::Create { objects } => objects.first().and_then(Reference::id),
        Action::Update { object } | Action::Delete { object, .. } => object.id(),
        Action::Like { object, .. } | Action::EmojiReact { object, .. } => Some(object),
        Action::Undo { object, .. } => about(object.activity()?),
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
    let activity = parse(&arrival.body)?;
    let is_known_there = |home: Url| activity.addressing.names(&home) || origin::same(&home, &activity.actor);
    if Url::parse(&community.uri).is_ok_and(is_known_there) {
        // It was sent there as well, or comes from there.
        return Ok(Vec::new());
    }
    let about = match about(&activity) {
        Some(uri) => posts::find_by_uri(&mut reader, uri.as_str()).await?,
        None => None,
    };
    let own = keys::node_actor(node.app()).await?;
    let relayed = Relayed {
        name: &format!("forward-{id}"),
        text: &arrival.body,
        visibility: Visibility::Public,
        at: node.app().now(),
    };
    let told = relay::announce(node.app().places(), &own, relayed).map_err(|error| JobError::fail(&error))?;
    Ok(vec![Envelope {
        uri: told.uri.clone(),
        actor: own.id,
        words_of: about.as_ref().filter(|_| carries_words(&activity)).map(|post| post.id),
        about: about.map(|post| post.id),
        body: told.text,
        open: true,
        to_followers: false,
        members_of: None,
        thread: told.uri,
        inboxes: elsewhere(&community).into_iter().collect(),
        erasure: None,
        ends: None,
        presence: Presence::Any,
    }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::federation;
    use alongside_testkit::foreign::Server;
    use alongside_testkit::node::Node;
    use std::net::TcpListener;

    fn published_at(host: &str) -> Activity {
        let told = json!({
            "id": format!("http://{host}/activities/1"),
            "type": "Create",
            "actor": format!("http://{host}/kim"),
            "object": format!("http://{host}/posts/1"),
        });
        parse(&told.to_string()).unwrap()
    }

    alongside_testkit::both_engines! {
        async fn what_its_origin_does_not_have_is_asked_for_once(node: Node) {
            let origin = Server::open().await;
            let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
            let federation = federation(&node, vec![origin.address.clone(), closed.clone()]);
            let gone = as_its_origin_has_it(&federation, &published_at(&origin.address)).await;
            assert!(matches!(gone, Err(JobError::Fail(_))), "{gone:?}");
            let unreachable = as_its_origin_has_it(&federation, &published_at(&closed)).await;
            assert!(matches!(unreachable, Err(JobError::Retry(_))), "{unreachable:?}");
        }
    }
}
