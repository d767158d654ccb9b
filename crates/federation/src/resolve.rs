//! Finding out who somebody elsewhere is: by address, by the protocol's address, or by a key.

use crate::documents::actor::{Actor as Document, ActorKind as Kind};
use crate::documents::key::KeyMaterial;
use crate::documents::{self, Document as AnyDocument, discovery, origin, tag};
use crate::node::{Federation, ReadError};
use crate::sanitise;
use crate::signing::Manner;
use alongside_app::acquaintances::{self, ListedKey, Says};
use alongside_app::emojis;
use alongside_domain::actor::{Actor, ActorKind, Address, Field};
use alongside_domain::agreement::Limit;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::CommunityId;
use alongside_domain::place::Place;
use alongside_domain::{fold, limits};
use alongside_store::actors::{self, Profile};
use alongside_store::keys::{self, Key};
use alongside_store::walls::{self, Wall};
use alongside_store::{error, hosts};
use http_signatures::algorithm::KeyKind;
use http_signatures::keys::PublicKey;
use url::Url;

/// How long what an origin said of an actor is taken as still true.
const FRESH_SECS: i64 = 24 * 3_600;

/// Why somebody was not found.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The origin did not answer as it should.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// What it answered is not an actor we can take.
    #[error("that is not an actor: {0}")]
    Unusable(&'static str),
    /// It is of a kind that is not known here: it may be an actor, but none that we have anything to do with.
    #[error("that is of a kind that is not known here")]
    UnknownKind,
    /// There is nobody of that name.
    #[error("nobody of that name")]
    Nobody,
    /// The actor was not taken in.
    #[error(transparent)]
    Refused(#[from] acquaintances::Error),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] error::Error),
}

impl Error {
    /// Whether trying later may help.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Read(error) => error.is_temporary(),
            Self::Store(_) | Self::Refused(acquaintances::Error::Store(_)) => true,
            Self::Unusable(_)
            | Self::UnknownKind
            | Self::Nobody
            | Self::Refused(acquaintances::Error::Refused(_)) => false,
        }
    }
}

/// The actor with this address in the protocol: as it is known here, or as its origin tells it.
pub async fn actor(node: &Federation, uri: &Url) -> Result<Actor, Error> {
    let known = known(node, uri).await?;
    if let Some((actor, is_fresh)) = known {
        // Whoever is suspended may be shown again by now; whoever is deleted never is.
        if is_fresh || actor.deleted_at.is_some() {
            return Ok(actor);
        }
        // What is known is good enough where the origin does not answer.
        return refresh(node, uri).await.or(Ok(actor));
    }
    if node.app().places().is_here(uri.as_str()) {
        return Err(Error::Nobody);
    }
    refresh(node, uri).await
}

/// The actor as its origin tells it now.
pub async fn refresh(node: &Federation, uri: &Url) -> Result<Actor, Error> {
    let fetched = node.read(uri).await?;
    match documents::read(&fetched.json) {
        Ok(AnyDocument::Actor(actor)) => take_in(node, &actor).await,
        Ok(_) | Err(_) => Err(Error::Unusable("another kind of document")),
    }
}

/// The actor who lists a key, read at the origin of the key. A document that merely claims an owner is
/// not believed: the owner must list the key.
pub async fn owner_of_key(node: &Federation, key: &Url) -> Result<Actor, Error> {
    let fetched = node.read(&origin::without_fragment(key)).await?;
    let document = match documents::read(&fetched.json) {
        Ok(AnyDocument::Actor(actor)) => *actor,
        Ok(AnyDocument::Key(claimed)) => {
            let owner = node.read(&claimed.owner).await?;
            match documents::read(&owner.json) {
                Ok(AnyDocument::Actor(actor)) => *actor,
                Ok(_) | Err(_) => return Err(Error::Unusable("the owner of the key is not an actor")),
            }
        }
        Ok(AnyDocument::Unknown(_)) => return Err(Error::UnknownKind),
        Ok(_) | Err(_) => return Err(Error::Unusable("neither a key nor an actor")),
    };
    if document.key(key).is_none() {
        return Err(Error::Unusable("the actor does not list the key"));
    }
    take_in(node, &document).await
}

/// The actor of this address. Somebody elsewhere who is not known yet is asked for over WebFinger
/// (RFC 7033).
pub async fn address(node: &Federation, address: &Address) -> Result<Actor, Error> {
    let host = address.host.as_deref().filter(|host| *host != node.app().places().host()).unwrap_or_default();
    let mut reader = node.app().reader();
    if let Some(actor) = actors::find_by_address(&mut reader, &address.name, host).await? {
        return Ok(actor);
    }
    if host.is_empty() {
        return Err(Error::Nobody);
    }
    for uri in webfinger(node, &address.name, host).await?.actors {
        let found = actor(node, &uri).await?;
        if found.host == host || names(node, &uri, &found, host).await {
            return Ok(found);
        }
    }
    Err(Error::Nobody)
}

/// Whether the actor's own host says that it goes by another: the way back of WebFinger.
async fn names(node: &Federation, uri: &Url, found: &Actor, host: &str) -> bool {
    let Some(own) = fold::host_of(uri) else { return false };
    webfinger(node, &found.handle, &own).await.is_ok_and(|answer| {
        Address::parse(&answer.subject).and_then(|subject| subject.host).is_some_and(|named| named == host)
    })
}

async fn known(node: &Federation, uri: &Url) -> Result<Option<(Actor, bool)>, Error> {
    let mut reader = node.app().reader();
    if let Some(Place::Actor(handle)) = node.app().places().read(uri.as_str()) {
        return Ok(actors::find_by_address(&mut reader, handle, "").await?.map(|actor| (actor, true)));
    }
    let Some(actor) = actors::find_by_uri(&mut reader, uri.as_str()).await? else { return Ok(None) };
    let fetched_at = actors::freshness(&mut reader, uri.as_str()).await?.and_then(|known| known.fetched_at);
    let is_fresh =
        actor.is_local() || fetched_at.is_some_and(|at| at.plus_secs(FRESH_SECS) > node.app().now());
    Ok(Some((actor, is_fresh)))
}

async fn webfinger(node: &Federation, name: &str, host: &str) -> Result<discovery::WebFinger, Error> {
    let mut url = discovery_url(node, host, "/.well-known/webfinger").ok_or(Error::Nobody)?;
    url.query_pairs_mut().append_pair("resource", &format!("acct:{name}@{host}"));
    let answer = node.read_jrd(&url).await;
    let answer = answer.map_err(|error| if error.is_gone() { Error::Nobody } else { Error::Read(error) })?;
    discovery::webfinger(&answer.json).ok_or(Error::Nobody)
}

/// An address on a host of which only the name is known: https, but for the few hosts that the operator
/// has named for trials.
pub fn discovery_url(node: &Federation, host: &str, path: &str) -> Option<Url> {
    let plain = Url::parse(&format!("http://{host}{path}")).ok()?;
    if node.client().allows(&plain).is_ok() {
        return Some(plain);
    }
    Url::parse(&format!("https://{host}{path}")).ok()
}

/// Takes in what an origin said of one of its actors.
async fn take_in(node: &Federation, document: &Document) -> Result<Actor, Error> {
    if document.suspended {
        let known = acquaintances::suspend(node.app(), document.id.as_str()).await?;
        return known.ok_or(Error::Unusable("suspended at its origin"));
    }
    let own_host = fold::host_of(&document.id).ok_or(Error::Unusable("no host"))?;
    let handle = document.preferred_username.as_deref().unwrap_or(&own_host);
    let handle = sanitise::handle(handle).ok_or(Error::Unusable("its name cannot be shown"))?;
    let host = canonical_host(node, document, handle, &own_host).await;
    let mut profile = profile(document, handle, host, node.app().now());
    let no_media = hosts::standing(&mut node.app().reader(), &own_host).await?.limits.has(Limit::NoMedia);
    if no_media {
        (profile.avatar, profile.header) = (None, None);
    }
    let listed: Vec<ListedKey> =
        document.keys.iter().filter(|key| is_its_own(document, key)).filter_map(as_listed).collect();
    let before = keys_before(node, document).await?;
    let says = Says { members_only: document.members_only, indexable: document.indexable.unwrap_or(false) };
    let actor = acquaintances::learn(node.app(), &profile, &listed, says).await?;
    node.keys().forget(before.iter().map(|key| &*key.uri).chain(listed.iter().map(|key| &*key.uri)));
    learn_signature(node, document, &own_host).await?;
    if !no_media {
        emojis::learn(node.app(), &actor.host, &tag::emojis(&document.tags)).await?;
    }
    if actor.is_community() {
        learn_walls(node, document, CommunityId::of(actor.id)).await?;
    }
    Ok(actor)
}

/// What is written in a community has to name its wall, where it has one.
async fn learn_walls(
    node: &Federation,
    document: &Document,
    community: CommunityId,
) -> Result<(), error::Error> {
    let wall = |uri: &Url, comments| Wall { uri: uri.to_string(), community_id: community, comments };
    let threads = document.wall.iter().map(|uri| wall(uri, false));
    let answers = document.wall_comments.iter().filter(|uri| Some(*uri) != document.wall.as_ref());
    let said: Vec<Wall> = threads.chain(answers.map(|uri| wall(uri, true))).collect();
    let known = walls::of(&mut node.app().reader(), &[community]).await?;
    let is_the_same = known.len() == said.len()
        && said
            .iter()
            .all(|said| known.iter().any(|known| (&known.uri, known.comments) == (&said.uri, said.comments)));
    if is_the_same {
        return Ok(());
    }
    let mut tx = node.app().store().begin().await?;
    walls::replace(&mut tx, community, &said).await?;
    tx.commit().await
}

/// The keys it listed until now.
async fn keys_before(node: &Federation, document: &Document) -> Result<Vec<Key>, error::Error> {
    let mut reader = node.app().reader();
    match actors::find_by_uri(&mut reader, document.id.as_str()).await? {
        Some(known) => keys::of_actor(&mut reader, known.id).await,
        None => Ok(Vec::new()),
    }
}

/// What its software declares to read is tried first with the whole host, until something else shows.
async fn learn_signature(node: &Federation, document: &Document, host: &str) -> Result<(), error::Error> {
    let Some(manner) = Manner::declared(document) else { return Ok(()) };
    let known = hosts::find(&mut node.app().reader(), host).await?;
    if known.is_some_and(|known| known.signature.is_some()) {
        return Ok(());
    }
    let mut tx = node.app().store().begin().await?;
    hosts::learn_signature(&mut tx, host, manner.as_str()).await?;
    tx.commit().await
}

/// The host that stands after the `@`: the one its own host names, if that one agrees.
async fn canonical_host(node: &Federation, document: &Document, handle: &str, own: &str) -> String {
    let Ok(answer) = webfinger(node, handle, own).await else { return own.to_owned() };
    let subject = Address::parse(&answer.subject).and_then(|subject| subject.host);
    let Some(named) = subject.filter(|named| named != own) else { return own.to_owned() };
    let agrees =
        webfinger(node, handle, &named).await.is_ok_and(|answer| answer.actors.contains(&document.id));
    if agrees { named } else { own.to_owned() }
}

/// Whether a key that an actor lists is its own, and not one that belongs to somebody else or somewhere
/// else: whoever lists the key of another would take it from them.
fn is_its_own(document: &Document, key: &crate::documents::key::Key) -> bool {
    key.owner == document.id && origin::same(&key.id, &document.id)
}

fn as_listed(key: &crate::documents::key::Key) -> Option<ListedKey> {
    let parsed = match &key.material {
        KeyMaterial::Pem(pem) => PublicKey::from_pem(pem).ok()?,
        KeyMaterial::Multibase(text) => PublicKey::from_multibase(text).ok()?,
    };
    let algorithm = match parsed.kind() {
        KeyKind::Rsa => "rsa",
        KeyKind::Ed25519 => "ed25519",
        KeyKind::EcdsaP256 => "ecdsa-p256",
    };
    Some(ListedKey { uri: key.id.to_string(), algorithm, public_key: parsed.to_pem() })
}

fn profile(document: &Document, handle: &str, host: String, now: Timestamp) -> Profile {
    let text = |url: &Option<Url>| url.as_ref().map(Url::to_string);
    Profile {
        kind: kind(document.kind),
        handle: handle.to_owned(),
        host,
        uri: document.id.to_string(),
        url: document.url.as_ref().unwrap_or(&document.id).to_string(),
        name: document
            .name
            .as_deref()
            .map(sanitise::name)
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| handle.to_owned()),
        note: document.summary.as_deref().map(sanitise::html).unwrap_or_default(),
        note_source: String::new(),
        fields: document
            .fields
            .iter()
            .take(limits::FIELDS_REMOTE_MAX)
            .map(|field| Field { name: sanitise::name(&field.name), value: sanitise::html(&field.value) })
            .collect(),
        avatar: text(&document.icon),
        header: text(&document.image),
        locked: document.manually_approves_followers,
        bot: matches!(document.kind, Kind::Application | Kind::Service),
        discoverable: document.discoverable.unwrap_or(false),
        inbox: document.inbox.to_string(),
        shared_inbox: text(&document.shared_inbox),
        outbox: text(&document.outbox),
        followers: text(&document.followers),
        featured: text(&document.featured),
        moderators: text(&document.moderators),
        created_at: document.published.map_or(now, |at| Timestamp::from_micros(at.as_microsecond())).min(now),
    }
}

const fn kind(kind: Kind) -> ActorKind {
    match kind {
        Kind::Person => ActorKind::Person,
        Kind::Group => ActorKind::Group,
        Kind::Application => ActorKind::Application,
        Kind::Service => ActorKind::Service,
        Kind::Organization => ActorKind::Organization,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn lists(key: &str, owner: &str) -> bool {
        let id = "https://evil.example/users/mallory";
        let document = json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": id,
            "type": "Person",
            "inbox": "https://evil.example/inbox",
            "publicKey": { "id": key, "owner": owner, "publicKeyPem": "-----BEGIN PUBLIC KEY-----" },
        });
        let Ok(AnyDocument::Actor(actor)) = documents::read(&document) else { panic!("an actor") };
        assert_eq!(actor.keys.len(), 1);
        is_its_own(&actor, &actor.keys[0])
    }

    #[test]
    fn nobody_lists_the_key_of_another() {
        let mallory = "https://evil.example/users/mallory";
        assert!(lists("https://evil.example/users/mallory#main-key", mallory));
        assert!(!lists("https://a.example/actors/sam#main-key", mallory), "a key on another host");
        assert!(!lists("https://evil.example/users/mallory#main-key", "https://a.example/actors/sam"));
    }
}
