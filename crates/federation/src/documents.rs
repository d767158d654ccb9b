//! What other servers say, read into plain structs. Reading goes by `type`, then by that
//! struct; a type we do not know is a normal answer and a member we cannot read is as if
//! absent. Whether a document may be believed is not decided here, and nothing is fetched.

pub mod activity;
pub mod actor;
pub mod addressing;
pub mod collection;
pub mod discovery;
pub mod event;
mod fields;
pub mod key;
pub mod media;
pub mod origin;
pub mod poll;
pub mod post;
pub mod reference;
pub mod tag;

use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use crate::documents::activity::Activity;
use crate::documents::actor::{Actor, ActorKind};
use crate::documents::collection::{Collection, is_collection};
use crate::documents::fields::Fields;
use crate::documents::key::{Key, is_key};
use crate::documents::post::{Post, PostKind};

/// Documents embedded in one another that we read, counted from the outermost.
pub const NESTING_MAX: usize = 8;
/// Bytes of a `type` we remember when we do not know it.
pub const UNKNOWN_KIND_BYTES_MAX: usize = 64;

/// One document of another server.
#[derive(Debug, Clone, PartialEq)]
pub enum Document {
    /// Somebody did something.
    Activity(Box<Activity>),
    /// A person, a group, or a piece of software.
    Actor(Box<Actor>),
    /// Something somebody wrote or made.
    Post(Box<Post>),
    /// A list, or one page of it.
    Collection(Box<Collection>),
    /// What is left of something deleted.
    Tombstone(Tombstone),
    /// A public key that stands alone.
    Key(Key),
    /// A type we do not know; to be ignored.
    Unknown(Unknown),
}

/// What is left of something deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// The id of what was deleted.
    pub id: Url,
    /// When, if the server says.
    pub deleted: Option<Timestamp>,
}

/// A document of a type we do not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// Its id, where it has one.
    pub id: Option<Url>,
    /// Its type, cut to [`UNKNOWN_KIND_BYTES_MAX`].
    pub kind: String,
}

/// Why a text is no document we can act on.
#[derive(Debug, thiserror::Error)]
pub enum Malformed {
    /// Not JSON, or nested deeper than we read.
    #[error("not JSON")]
    NotJson(#[source] serde_json::Error),
    /// JSON, but not an object.
    #[error("not an object")]
    NotAnObject,
    /// No `type`.
    #[error("no type")]
    NoType,
    /// A member without which this type means nothing, absent or unreadable.
    #[error("no {0}")]
    Missing(&'static str),
    /// A document where an activity is needed.
    #[error("{0} is not an activity")]
    NotAnActivity(String),
}

/// Reads a document from its text.
pub fn parse(text: &[u8]) -> Result<Document, Malformed> {
    read(&serde_json::from_slice(text).map_err(Malformed::NotJson)?)
}

/// Reads a document from its JSON.
pub fn read(json: &Value) -> Result<Document, Malformed> {
    Document::read(Fields::outermost(json).ok_or(Malformed::NotAnObject)?)
}

/// Reads an activity from its text: what an inbox receives.
pub fn parse_activity(text: &[u8]) -> Result<Activity, Malformed> {
    match parse(text)? {
        Document::Activity(activity) => Ok(*activity),
        other => Err(Malformed::NotAnActivity(other.kind().to_owned())),
    }
}

impl Document {
    /// Its id; only collections, activities and unknown documents may lack one.
    pub fn id(&self) -> Option<&Url> {
        match self {
            Self::Activity(activity) => activity.id.as_ref(),
            Self::Actor(actor) => Some(&actor.id),
            Self::Post(post) => Some(&post.id),
            Self::Collection(collection) => collection.id.as_ref(),
            Self::Tombstone(tombstone) => Some(&tombstone.id),
            Self::Key(key) => Some(&key.id),
            Self::Unknown(unknown) => unknown.id.as_ref(),
        }
    }

    /// Its type as the wire spells it, for whoever looks for what went wrong.
    pub fn kind(&self) -> &str {
        match self {
            Self::Activity(activity) => activity.action.kind(),
            Self::Actor(actor) => actor.kind.name(),
            Self::Post(post) => post.kind.name(),
            Self::Collection(_) => "Collection",
            Self::Tombstone(_) => "Tombstone",
            Self::Key(_) => "Key",
            Self::Unknown(unknown) => &unknown.kind,
        }
    }

    /// The first of its types that we know decides how it is read.
    fn read(fields: Fields<'_>) -> Result<Self, Malformed> {
        for kind in fields.types() {
            if activity::is_activity(kind) {
                return Activity::read(kind, fields).map(|activity| Self::Activity(Box::new(activity)));
            }
            if let Some(kind) = ActorKind::named(kind) {
                return Actor::read(kind, fields).map(|actor| Self::Actor(Box::new(actor)));
            }
            if let Some(kind) = PostKind::named(kind) {
                return Post::read(kind, fields).map(|post| Self::Post(Box::new(post)));
            }
            if is_collection(kind) {
                return Ok(Self::Collection(Box::new(Collection::read(fields))));
            }
            if is_key(kind) {
                return Key::read(fields).map(Self::Key).ok_or(Malformed::Missing("key"));
            }
            if kind == "Tombstone" {
                let id = fields.own_id().ok_or(Malformed::Missing("id"))?;
                return Ok(Self::Tombstone(Tombstone { id, deleted: fields.time("deleted") }));
            }
        }
        let kind = fields.types().next().ok_or(Malformed::NoType)?;
        // Something an actor does, by a name we do not know: still an activity, so that a
        // receiver can check who signed it before it is kept.
        if fields.id("actor").is_some() && fields.has("object") {
            return Activity::read(kind, fields).map(|activity| Self::Activity(Box::new(activity)));
        }
        let kind = fields::cut(kind, UNKNOWN_KIND_BYTES_MAX).to_owned();
        Ok(Self::Unknown(Unknown { id: fields.own_id(), kind }))
    }
}

#[cfg(test)]
mod tests;
