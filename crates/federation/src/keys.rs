//! Keys: the private ones of those who live here, and the public ones of those who write to us.
//!
//! Both are kept by the store as text, and here parsed and ready, up to a limit. Keys of ours are made
//! when they are first needed. Nothing is fetched here.

mod cache;

use crate::keys::cache::Cache;
use alongside_app::context::App;
use alongside_domain::actor::{Actor, ActorKind};
use alongside_domain::clock::Timestamp;
use alongside_domain::id::ActorId;
use alongside_domain::job::Job;
use alongside_domain::place::{Part, Place};
use alongside_store::actors::{self, Profile};
use alongside_store::keys::{self, Key};
use alongside_store::{error, jobs};
use http_signatures::keys::{self as material, PublicKey};
use http_signatures::private_key::PrivateKey;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Actors of ours whose parsed keys are kept in memory.
const OWN_MAX: usize = 2_000;
/// How long they are used before the store is asked whether they are still the ones: a command may have
/// replaced them.
const OWN_SECS_MAX: i64 = 5;
/// How long after new keys were made others are told: by then every process uses them.
const NOTICED_SECS: i64 = 2 * OWN_SECS_MAX;
/// Keys of others that are kept in memory, parsed.
const PUBLIC_MAX: usize = 10_000;
/// How long a key of another is believed before the store is asked again: another process of this
/// node may have replaced it.
const PUBLIC_SECS_MAX: i64 = 300;
/// The name of the node's own actor; a reserved word, so that no member can have it.
pub const NODE_HANDLE: &str = "alongside";
/// The name under which the node reports to software that hears nobody who is not a person or a program: Lemmy
/// and `PieFed`. A reserved word too.
pub const STAFF_HANDLE: &str = "staff";

/// What the column of the store calls an RSA key.
const RSA: &str = "rsa";
/// What it calls an Ed25519 key.
const ED25519: &str = "ed25519";

/// The keys in use, parsed once.
#[derive(Debug)]
pub struct KeyRing {
    own: Cache<ActorId, Own>,
    public: Cache<String, KnownKey>,
    /// Held while keys are made: it takes long enough for a second request to come for the same.
    making: Mutex<()>,
}

/// Keys of ours as they were in the store at a moment.
#[derive(Debug)]
struct Own {
    keys: Arc<ActorKeys>,
    read_at: Timestamp,
}

/// The two keys of somebody who lives here, and how they are published.
#[derive(Debug)]
pub struct ActorKeys {
    /// Signs requests: the kind every server reads.
    pub rsa: PrivateKey,
    /// Its address.
    pub rsa_uri: String,
    /// Its public half, as PEM.
    pub rsa_public_pem: String,
    /// The newer kind (FEP-521a).
    pub ed25519: PrivateKey,
    /// Its address.
    pub ed25519_uri: String,
    /// Its public half, as multibase.
    pub ed25519_public_multibase: String,
    /// When they took the place of others, if they did.
    pub renewed_at: Option<Timestamp>,
}

/// A public key of somebody elsewhere.
#[derive(Debug)]
pub struct KnownKey {
    /// The key.
    pub key: PublicKey,
    /// The address of whose it is: an actor that lists it.
    pub owner: String,
    read_at: Timestamp,
}

/// Why there are no keys to sign with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The store could not be read or written.
    #[error("the keys could not be read or kept")]
    Store(#[from] error::Error),
    /// A key could not be made, or what is kept is none.
    #[error("the key cannot be used")]
    Unusable(#[from] material::KeyError),
    /// The node is stopping.
    #[error("the node is stopping")]
    Stopped(#[from] tokio::task::JoinError),
    /// The actor lives elsewhere: its keys are its own.
    #[error("nobody here has the keys of {0}")]
    Elsewhere(String),
    /// The actor is gone, and its keys with it.
    #[error("whoever had the keys is gone")]
    Gone,
}

impl Default for KeyRing {
    fn default() -> Self {
        Self { own: Cache::new(OWN_MAX), public: Cache::new(PUBLIC_MAX), making: Mutex::new(()) }
    }
}

impl KeyRing {
    /// The keys of somebody who lives here, made now if there are none yet.
    pub async fn of(&self, app: &App, actor: &Actor) -> Result<Arc<ActorKeys>, KeyError> {
        if let Some(keys) = self.in_use(app, actor.id) {
            return Ok(keys);
        }
        if !actor.is_local() {
            return Err(KeyError::Elsewhere(actor.uri.clone()));
        }
        let _making = self.making.lock().await;
        if let Some(keys) = self.in_use(app, actor.id) {
            return Ok(keys);
        }
        let kept = match keys::own(&mut app.reader(), actor.id).await? {
            kept if kept.len() == 2 => kept,
            // Nobody could check what new ones sign.
            _ if !actor.is_present() => return Err(KeyError::Gone),
            _ => make(app, actor).await?,
        };
        let is_same = |own: &Arc<Own>| kept.iter().any(|key| key.public_key == own.keys.rsa_public_pem);
        let keys = match self.own.get(&actor.id).filter(is_same) {
            // Parsing takes longer than asking.
            Some(own) => Arc::clone(&own.keys),
            None => Arc::new(ActorKeys::parse(&kept)?),
        };
        self.own.put(actor.id, Own { keys: Arc::clone(&keys), read_at: app.now() });
        Ok(keys)
    }

    fn in_use(&self, app: &App, actor: ActorId) -> Option<Arc<ActorKeys>> {
        let own = self.own.get(&actor)?;
        (app.now() < own.read_at.plus_secs(OWN_SECS_MAX)).then(|| Arc::clone(&own.keys))
    }

    /// The keys of somebody who lives here, if they were used lately.
    pub fn known(&self, app: &App, actor: ActorId) -> Option<Arc<ActorKeys>> {
        self.in_use(app, actor)
    }

    /// The public key of this address, if it was read at its origin and kept.
    pub async fn public(&self, app: &App, uri: &str) -> Result<Option<Arc<KnownKey>>, error::Error> {
        let now = app.now();
        let known = self.public.get(uri).filter(|known| now < known.read_at.plus_secs(PUBLIC_SECS_MAX));
        if known.is_some() {
            return Ok(known);
        }
        let mut reader = app.reader();
        let Some(kept) = keys::find(&mut reader, uri).await? else { return Ok(None) };
        let Some(owner) = actors::find(&mut reader, kept.actor_id).await? else { return Ok(None) };
        let key = PublicKey::from_pem(&kept.public_key).map_err(|error| error::Error::Inconsistent {
            column: "public_key",
            reason: error.to_string(),
        })?;
        let known = KnownKey { key, owner: owner.uri, read_at: now };
        Ok(Some(self.public.put(uri.to_owned(), known)))
    }

    /// Forgets the parsed form of these keys, after the store was given others in their place.
    pub fn forget<'a>(&self, uris: impl IntoIterator<Item = &'a str>) {
        for uri in uris {
            self.public.remove(uri);
        }
    }
}

/// The node itself, as an actor: it asks others for documents and signs what nobody in particular
/// says. Its row is made when it is first needed.
pub async fn node_actor(app: &App) -> Result<Actor, KeyError> {
    actor_of_its_own(app, NODE_HANDLE, app.places().of(Place::Node)).await
}

/// Those who run the node, as an actor of a kind that may report where the node itself may not.
pub async fn staff_actor(app: &App) -> Result<Actor, KeyError> {
    actor_of_its_own(app, STAFF_HANDLE, app.places().of(Place::Actor(STAFF_HANDLE))).await
}

async fn actor_of_its_own(app: &App, handle: &str, uri: String) -> Result<Actor, KeyError> {
    if let Some(found) = actors::find_by_uri(&mut app.reader(), &uri).await? {
        return Ok(found);
    }
    let profile = own_profile(app, handle, uri.clone());
    let mut tx = app.store().begin().await?;
    match actors::insert(&mut tx, app.next_id(), &profile, app.now()).await {
        Ok(()) => tx.commit().await?,
        // Somebody else made it in the meantime.
        Err(error::Error::Taken { .. }) => drop(tx),
        Err(error) => return Err(error.into()),
    }
    let made = actors::find_by_uri(&mut app.reader(), &uri).await?;
    made.ok_or(KeyError::Elsewhere(uri))
}

/// Gives somebody who lives here new keys in place of theirs, under the same addresses, and tells their
/// followers. What was signed with the old ones is not believed any more by whoever has seen the new.
pub async fn rotate(app: &App, actor: &Actor) -> Result<(), KeyError> {
    if !actor.is_local() {
        return Err(KeyError::Elsewhere(actor.uri.clone()));
    }
    let mut made = generate(app, actor).await?;
    for key in &mut made {
        key.renewed = true;
    }
    let mut tx = app.store().begin().await?;
    keys::replace_own(&mut tx, actor.id, &made).await?;
    // Nobody follows the node: whoever cannot read its signature looks at its key again.
    if actor.kind != ActorKind::Application {
        let job = Job::Profile { actor: actor.id };
        jobs::push(&mut tx, app.next_id(), &job, "", app.now().plus_secs(NOTICED_SECS)).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Makes both keys, and gives those that are in the store afterwards: where another process was quicker,
/// its keys hold.
async fn make(app: &App, actor: &Actor) -> Result<Vec<Key>, KeyError> {
    let made = generate(app, actor).await?;
    let mut tx = app.store().begin().await?;
    for key in &made {
        keys::insert(&mut tx, key).await?;
    }
    tx.commit().await?;
    Ok(keys::own(&mut app.reader(), actor.id).await?)
}

async fn generate(app: &App, actor: &Actor) -> Result<Vec<Key>, KeyError> {
    let asked = app.clone();
    let generate = move || {
        let rsa = PrivateKey::from_pkcs8(&asked.rsa_key()?)?;
        Ok::<_, material::KeyError>((rsa, PrivateKey::generate_ed25519()?))
    };
    let (rsa, ed25519) = tokio::task::spawn_blocking(generate).await??;
    let made = [(RSA, "main-key", rsa), (ED25519, "ed25519-key", ed25519)];
    let keys = made.into_iter().map(|(algorithm, fragment, key)| {
        Ok(Key {
            uri: format!("{}#{fragment}", actor.uri),
            actor_id: actor.id,
            algorithm: algorithm.to_owned(),
            public_key: key.public_key().to_pem(),
            private_key: Some(key.to_pem()?),
            fetched_at: app.now(),
            renewed: false,
        })
    });
    keys.collect()
}

impl ActorKeys {
    fn parse(kept: &[Key]) -> Result<Self, material::KeyError> {
        let private = |algorithm| {
            let key = kept.iter().find(|key| key.algorithm == algorithm);
            let key = key.and_then(|key| Some((key.uri.clone(), key.private_key.as_deref()?)));
            let (uri, pem) = key.ok_or(material::KeyError::UnknownKind)?;
            Ok::<_, material::KeyError>((uri, PrivateKey::from_pem(pem)?))
        };
        let ((rsa_uri, rsa), (ed25519_uri, ed25519)) = (private(RSA)?, private(ED25519)?);
        let ed25519_public_multibase =
            ed25519.public_key().to_multibase().ok_or(material::KeyError::UnknownKind)?;
        Ok(Self {
            rsa_public_pem: rsa.public_key().to_pem(),
            ed25519_public_multibase,
            renewed_at: kept.iter().find(|key| key.renewed).map(|key| key.fetched_at),
            rsa,
            rsa_uri,
            ed25519,
            ed25519_uri,
        })
    }
}

fn own_profile(app: &App, handle: &str, uri: String) -> Profile {
    let places = app.places();
    let inbox = places.of(Place::SharedInbox);
    Profile {
        kind: ActorKind::Application,
        handle: handle.to_owned(),
        host: String::new(),
        url: places.of(Place::Node),
        uri,
        name: app.settings().title.clone(),
        note: String::new(),
        note_source: String::new(),
        fields: Vec::new(),
        avatar: None,
        header: None,
        locked: true,
        bot: true,
        discoverable: false,
        inbox: inbox.clone(),
        shared_inbox: Some(inbox),
        outbox: Some(places.of(Place::Of(handle, Part::Outbox))),
        followers: None,
        featured: None,
        moderators: None,
        created_at: app.now().midnight(),
    }
}

#[cfg(test)]
mod tests;
