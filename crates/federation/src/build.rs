//! Building: from our nouns to the documents others read. Plain functions, a file for each kind.
//!
//! Some shapes look odd and are so on purpose: `to` and `cc` are always there and always lists, nothing
//! is ever null, and authors and communities are plain addresses, because there is software that
//! stumbles over anything else.

pub mod actor;
pub mod boost;
pub mod collection;
pub mod context;
pub mod departure;
pub mod discovery;
pub mod emoji;
pub mod flag;
pub mod follow;
pub mod moderation;
pub mod outbox;
pub mod parts;
pub mod peer_support;
pub mod post;
pub mod publish;
pub mod quote;
pub mod reaction;
pub mod relay;
pub mod vote;
pub mod wall;

use crate::documents::addressing::PUBLIC;
use alongside_domain::actor::Actor;
use alongside_domain::place::{Place, Places};
use alongside_domain::post::Visibility;
use serde_json::{Value, json};

const ACTIVITY_STREAMS: &str = "https://www.w3.org/ns/activitystreams";

/// To whom something is addressed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audience {
    /// In the first place.
    pub to: Vec<String>,
    /// And also.
    pub cc: Vec<String>,
}

impl Audience {
    /// To one, and nobody else.
    fn only(to: &Actor) -> Self {
        Self { to: vec![to.uri.clone()], cc: Vec::new() }
    }

    /// To those who follow somebody, and as widely beyond them as the visibility of what it is about
    /// allows.
    fn following(actor: &Actor, visibility: Visibility) -> Self {
        let followers: Vec<String> = actor.followers.iter().cloned().collect();
        match visibility {
            Visibility::Public => Self { to: vec![PUBLIC.to_owned()], cc: followers },
            Visibility::Unlisted => Self { to: followers, cc: vec![PUBLIC.to_owned()] },
            Visibility::Followers | Visibility::Direct | Visibility::Members => {
                Self { to: followers, cc: Vec::new() }
            }
        }
    }

    fn and_cc(mut self, also: impl IntoIterator<Item = String>) -> Self {
        for address in also {
            if !self.to.contains(&address) && !self.cc.contains(&address) {
                self.cc.push(address);
            }
        }
        self
    }
}

/// Whether anybody may read a document: it is addressed to the public.
pub fn is_open(document: &Value) -> bool {
    let names_public = |list: &str| {
        document[list].as_array().is_some_and(|list| list.iter().any(|address| address == PUBLIC))
    };
    names_public("to") || names_public("cc")
}

/// The document of a post, by itself.
pub fn standing_alone(mut document: Value) -> Value {
    if let Some(map) = document.as_object_mut() {
        map.insert("@context".to_owned(), context());
    }
    document
}

/// What the words of posts and activities mean.
fn context() -> Value {
    json!([
        ACTIVITY_STREAMS,
        {
            "toot": "http://joinmastodon.org/ns#",
            "sensitive": "as:sensitive",
            "Hashtag": "as:Hashtag",
            "Emoji": "toot:Emoji",
            "votersCount": "toot:votersCount",
            "blurhash": "toot:blurhash",
            "focalPoint": { "@container": "@list", "@id": "toot:focalPoint" },
            "gts": "https://gotosocial.org/ns#",
            "interactionPolicy": { "@id": "gts:interactionPolicy", "@type": "@id" },
            "canQuote": { "@id": "gts:canQuote", "@type": "@id" },
            "automaticApproval": { "@id": "gts:automaticApproval", "@type": "@id" },
            "QuoteRequest": "https://w3id.org/fep/044f#QuoteRequest",
        }
    ])
}

/// An activity: somebody did something, at the address its name gives it.
fn activity(id: String, kind: &str, actor: &Actor, object: Value, audience: Audience) -> Value {
    let members = members([
        ("@context", context()),
        ("id", id.into()),
        ("type", kind.into()),
        ("actor", actor.uri.clone().into()),
        ("object", object),
        ("to", audience.to.into()),
        ("cc", audience.cc.into()),
    ]);
    Value::Object(members.collect())
}

/// Takes back an activity, which is embedded whole: others may not have kept it.
fn undo(places: &Places, mut undone: Value, actor: &Actor, name: &str) -> Value {
    let audience = Audience { to: addresses(&undone, "to"), cc: addresses(&undone, "cc") };
    let community = undone.get("audience").cloned();
    if let Some(map) = undone.as_object_mut() {
        map.remove("@context");
    }
    let id = places.of(Place::Activity(&format!("undo-{name}")));
    with(activity(id, "Undo", actor, undone, audience), "audience", community)
}

/// The document with one more member, where there is something to say.
fn with(mut document: Value, name: &str, value: Option<impl Into<Value>>) -> Value {
    if let (Some(map), Some(value)) = (document.as_object_mut(), value) {
        map.insert(name.to_owned(), value.into());
    }
    document
}

fn members<const N: usize>(members: [(&'static str, Value); N]) -> impl Iterator<Item = (String, Value)> {
    members.into_iter().map(|(name, value)| (name.to_owned(), value))
}

fn addresses(document: &Value, list: &str) -> Vec<String> {
    let list = document[list].as_array().into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The address of a file: ours are kept as a path or a bare name.
fn file_address(places: &Places, file: &str) -> String {
    if file.contains("://") {
        file.to_owned()
    } else if file.starts_with('/') {
        format!("{}{file}", places.origin())
    } else {
        places.of(Place::Media(file))
    }
}

/// The whole address of somebody, as people write it: `@sam@a.example`.
fn handle(places: &Places, actor: &Actor) -> String {
    let host = if actor.is_local() { places.host() } else { &actor.host };
    format!("@{}@{host}", actor.handle)
}

#[cfg(test)]
mod tests;
