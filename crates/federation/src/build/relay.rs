//! What a community passes on to its followers (FEP-1b12): the activity as it came, to the letter, with
//! whatever in it we do not know. That is why it is text here and not a document.

use crate::build::{Audience, context};
use alongside_domain::actor::Actor;
use alongside_domain::clock::Timestamp;
use alongside_domain::place::{Place, Places};
use alongside_domain::post::Visibility;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// An activity that a community passes on.
#[derive(Debug, Clone, Copy)]
pub struct Relayed<'a> {
    /// A name that this activity has and no other: that of an activity of ours, or one made of where
    /// the text of an arrived one is kept.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
    /// Who may read what it is about.
    pub visibility: Visibility,
    /// When it is passed on.
    pub at: Timestamp,
}

/// An activity of ours as text, and its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// Its address.
    pub uri: String,
    /// Its text.
    pub text: String,
}

#[derive(Serialize)]
struct Announce<'a> {
    #[serde(rename = "@context")]
    context: Value,
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    actor: &'a str,
    published: String,
    to: Vec<String>,
    cc: Vec<String>,
    object: &'a RawValue,
}

/// A community passes an activity on. Fails where the text is not JSON.
pub fn announce(
    places: &Places,
    community: &Actor,
    relayed: Relayed<'_>,
) -> Result<Announced, serde_json::Error> {
    let object: &RawValue = serde_json::from_str(relayed.text)?;
    let uri = announce_uri(places, community, relayed.name);
    let audience = Audience::following(community, relayed.visibility);
    let announce = Announce {
        context: context(),
        id: &uri,
        kind: "Announce",
        actor: &community.uri,
        published: relayed.at.to_string(),
        to: audience.to,
        cc: audience.cc,
        object,
    };
    Ok(Announced { text: serde_json::to_string(&announce)?, uri })
}

/// The address of the activity by which a community passes on the one of this name.
pub fn announce_uri(places: &Places, community: &Actor, name: &str) -> String {
    places.of(Place::Activity(&format!("announce-{}-{name}", community.id)))
}
