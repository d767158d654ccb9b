//! The documents of those who live here: members, communities, and the node itself.

use crate::build::{Audience, activity, addresses, departure, emoji, file_address, members, with};
use crate::keys::{ActorKeys, KeyError, KeyRing, STAFF_HANDLE};
use crate::signing;
use alongside_app::context::App;
use alongside_app::emojis::HERE;
use alongside_domain::actor::{Actor, ActorKind};
use alongside_domain::clock::Timestamp;
use alongside_domain::community::{self, Community};
use alongside_domain::emoji::shortcodes;
use alongside_domain::place::{Part, Place, Places};
use alongside_domain::post::Visibility;
use alongside_store::{communities, emojis, moves};
use serde_json::{Map, Value, json};

/// Characters of its name that the node gives.
const NODE_NAME_CHARS_MAX: usize = 20;

/// The document of somebody who lives here, as it stands now.
pub async fn load(ring: &KeyRing, app: &App, who: &Actor) -> Result<Value, KeyError> {
    let keys = ring.of(app, who).await?;
    let mut reader = app.reader();
    let community = communities::find(&mut reader, who.id).await?;
    let mut document = actor(app.places(), who, community.as_ref(), &keys);
    departure::add_to(&mut document, &moves::all(&mut reader, who.id).await?);
    // Nothing is said of somebody suspended, so no picture stands in it.
    if who.suspended_at.is_none() {
        let words = shortcodes(who.texts());
        let pictures = emojis::named(&mut reader, &[HERE.to_owned()], &words).await?;
        emoji::add_to(&mut document, app.places(), &pictures);
    }
    Ok(document)
}

/// The document of a member, of a community with its settings, or of the node.
pub fn actor(places: &Places, actor: &Actor, community: Option<&Community>, keys: &ActorKeys) -> Value {
    if actor.suspended_at.is_some() {
        return suspended(places, actor, community, keys);
    }
    let mut document: Map<String, Value> = common(places, actor, keys).collect();
    match (actor.kind, community) {
        (ActorKind::Application, _) => document.extend(as_node(actor)),
        (_, Some(community)) => {
            document.extend(profile(places, actor));
            document.extend(as_community(places, actor, community));
        }
        (_, None) => {
            document.extend(profile(places, actor));
            document.extend(as_member(places, actor));
        }
    }
    Value::Object(document)
}

/// What is said of one whom this node's staff suspended: that it is so, and nothing about them. Others hide what they
/// have, and show it again when it is over.
fn suspended(places: &Places, who: &Actor, community: Option<&Community>, keys: &ActorKeys) -> Value {
    let bare = Actor {
        name: String::new(),
        note: String::new(),
        fields: Vec::new(),
        avatar: None,
        header: None,
        discoverable: false,
        indexable: false,
        suspended_at: None,
        ..who.clone()
    };
    let mut document = with(actor(places, &bare, community, keys), "suspended", Some(true));
    if let Some(terms) = document["@context"].as_array_mut() {
        terms.push(json!({ "suspended": "http://joinmastodon.org/ns#suspended" }));
    }
    document
}

/// A profile was changed.
pub fn update(places: &Places, actor: &Actor, document: Value, at: Timestamp) -> Value {
    let id = places.of(Place::Activity(&format!("profile-{}-{}", actor.id, at.as_micros())));
    let audience = Audience::following(actor, Visibility::Public);
    let update = activity(id, "Update", actor, document, audience);
    with(update, "@context", Some(context()))
}

/// What a community says or does itself, as the staff of its node say it: what is taken back, too.
pub fn said_by_staff(activity: Value, community: &Actor, staff: &Actor) -> Value {
    if activity["actor"] != community.uri {
        return activity;
    }
    let id = activity["id"].as_str().map(|id| format!("{id}-by-staff"));
    let mut cc = addresses(&activity, "cc");
    if !cc.contains(&community.uri) {
        cc.push(community.uri.clone());
    }
    let object = said_by_staff(activity["object"].clone(), community, staff);
    let said = with(with(activity, "id", id), "actor", Some(staff.uri.clone()));
    let said = with(with(said, "cc", Some(cc)), "audience", Some(community.uri.clone()));
    with(said, "object", Some(object))
}

/// What is left of an actor that was deleted.
pub fn tombstone(actor: &Actor, at: Timestamp) -> Value {
    crate::build::post::tombstone(&actor.uri, at)
}

/// What everybody needs who is to be written to.
fn common(places: &Places, actor: &Actor, keys: &ActorKeys) -> impl Iterator<Item = (String, Value)> {
    members([
        ("@context", context()),
        ("id", actor.uri.clone().into()),
        ("type", kind(actor).into()),
        ("preferredUsername", actor.handle.clone().into()),
        ("url", actor.url.clone().into()),
        ("inbox", actor.inbox.clone().into()),
        ("outbox", places.of(Place::Of(&actor.handle, Part::Outbox)).into()),
        ("endpoints", json!({ "sharedInbox": places.of(Place::SharedInbox) })),
        ("publicKey", json!({ "id": keys.rsa_uri, "owner": actor.uri, "publicKeyPem": keys.rsa_public_pem })),
        (
            "assertionMethod",
            json!([{
                "id": keys.ed25519_uri,
                "type": "Multikey",
                "controller": actor.uri,
                "publicKeyMultibase": keys.ed25519_public_multibase,
            }]),
        ),
    ])
}

/// What this software can do that others would otherwise have to find out (FEP-844e).
fn implements() -> Value {
    json!([
        { "href": signing::RFC9421, "name": "RFC-9421: HTTP Message Signatures" },
        { "href": signing::RFC9421_ED25519, "name": "RFC-9421 signatures using the Ed25519 algorithm" },
    ])
}

/// The Lemmy family keeps no server without a name and an age, or with a longer name, and tells it of nobody who has gone.
fn as_node(actor: &Actor) -> impl Iterator<Item = (String, Value)> {
    let name: String = actor.name.chars().take(NODE_NAME_CHARS_MAX).collect();
    members([
        ("name", name.trim_end().into()),
        ("published", actor.created_at.midnight().to_string().into()),
        ("implements", implements()),
    ])
}

fn profile(places: &Places, actor: &Actor) -> impl Iterator<Item = (String, Value)> {
    let of = |part| Value::from(places.of(Place::Of(&actor.handle, part)));
    let picture = |file: &Option<String>| {
        file.as_deref().map(|file| json!({ "type": "Image", "url": file_address(places, file) }))
    };
    let fields = actor.fields.iter();
    let fields =
        fields.map(|field| json!({ "type": "PropertyValue", "name": field.name, "value": field.value }));
    let always = members([
        ("name", actor.name.clone().into()),
        ("summary", actor.note.clone().into()),
        ("generator", json!({ "type": "Application", "implements": implements() })),
        ("followers", of(Part::Followers)),
        ("featured", of(Part::Featured)),
        ("discoverable", actor.discoverable.into()),
        // The day alone: the hour would tell two personas of one account by their beginning together.
        ("published", actor.created_at.midnight().to_string().into()),
        ("attachment", fields.collect()),
        ("tag", json!([])),
    ]);
    let pictures = [("icon", picture(&actor.avatar)), ("image", picture(&actor.header))];
    always.chain(pictures.into_iter().filter_map(|(name, picture)| Some((name.to_owned(), picture?))))
}

fn as_member(places: &Places, actor: &Actor) -> impl Iterator<Item = (String, Value)> {
    members([
        ("following", places.of(Place::Of(&actor.handle, Part::Following)).into()),
        ("manuallyApprovesFollowers", actor.locked.into()),
        ("indexable", actor.indexable.into()),
    ])
}

fn as_community(
    places: &Places,
    actor: &Actor,
    community: &Community,
) -> impl Iterator<Item = (String, Value)> {
    let members_only = community.audience == community::Audience::Members;
    // What hangs on a wall is for everybody.
    let wall = (!members_only).then(|| places.of(Place::Of(&actor.handle, Part::Wall)));
    members([
        ("attributedTo", places.of(Place::Of(&actor.handle, Part::Moderators)).into()),
        // A community that is for its members is called private elsewhere, and known by this.
        ("manuallyApprovesFollowers", (actor.locked || members_only).into()),
        ("postingRestrictedToMods", false.into()),
        ("indexable", community.indexable.into()),
        ("membersOnly", members_only.into()),
    ])
    .chain(wall.map(|wall| ("wall".to_owned(), wall.into())))
}

fn kind(actor: &Actor) -> &'static str {
    match (actor.kind, actor.bot) {
        (ActorKind::Application, _) if actor.handle == STAFF_HANDLE => "Service",
        (ActorKind::Person, false) => "Person",
        (ActorKind::Person, true) | (ActorKind::Service, _) => "Service",
        (ActorKind::Group, _) => "Group",
        (ActorKind::Application, _) => "Application",
        (ActorKind::Organization, _) => "Organization",
    }
}

/// What the words of an actor's document mean.
fn context() -> Value {
    json!([
        super::ACTIVITY_STREAMS,
        "https://w3id.org/security/v1",
        "https://www.w3.org/ns/did/v1",
        "https://w3id.org/security/multikey/v1",
        {
            "toot": "http://joinmastodon.org/ns#",
            "schema": "http://schema.org#",
            "lemmy": "https://join-lemmy.org/ns#",
            "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
            "featured": { "@id": "toot:featured", "@type": "@id" },
            "discoverable": "toot:discoverable",
            "indexable": "toot:indexable",
            "PropertyValue": "schema:PropertyValue",
            "value": "schema:value",
            "postingRestrictedToMods": "lemmy:postingRestrictedToMods",
            "alongside": "urn:alongside:",
            "membersOnly": "alongside:membersOnly",
            "wall": { "@id": "http://smithereen.software/ns#wall", "@type": "@id" },
            "implements": { "@id": "https://w3id.org/fep/844e/implements", "@type": "@id", "@container": "@set" },
        }
    ])
}
