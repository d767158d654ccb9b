//! Actors: whoever has a public name. Members, communities and nodes, here and elsewhere.

use crate::clock::Timestamp;
use crate::fold::{fold, host, host_of};
use crate::id::ActorId;
use crate::limits::HANDLE_CHARS_MAX;
use std::fmt;
use url::Url;

crate::words! {
    /// What kind of actor it is.
    pub enum ActorKind {
        /// A person's public persona.
        Person = "person",
        /// A community.
        Group = "group",
        /// A node, or a program on it.
        Application = "application",
        /// An automated account.
        Service = "service",
        /// An organisation with an account of its own.
        Organization = "organization",
    }
}

/// The name before the `@`: as written, and folded for comparing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handle(String);

/// Why a handle cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a handle has 1 to {HANDLE_CHARS_MAX} of the characters a-z, 0-9 and _, and is not a reserved word")]
pub struct UnusableHandle;

/// Names that a node keeps for itself.
const RESERVED: [&str; 9] =
    ["admin", "administrator", "root", "support", "help", "moderator", "staff", "alongside", "everyone"];

impl Handle {
    /// Takes a handle for use on this node.
    pub fn new(text: &str) -> Result<Self, UnusableHandle> {
        let fits = (1..=HANDLE_CHARS_MAX).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            && !RESERVED.contains(&fold(text).as_str());
        if fits { Ok(Self(text.to_owned())) } else { Err(UnusableHandle) }
    }

    /// One made of a title: its letters and digits, with `_` between its words.
    pub fn of_title(title: &str) -> Result<Self, UnusableHandle> {
        let mut handle = String::new();
        for c in fold(title).chars() {
            if c.is_ascii_alphanumeric() {
                handle.push(c);
            } else if !handle.is_empty() && !handle.ends_with('_') {
                handle.push('_');
            }
        }
        handle.truncate(HANDLE_CHARS_MAX);
        Self::new(handle.trim_end_matches('_'))
    }

    /// The handle as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// A full address: a name and, for those elsewhere, a host (with a port where it has one).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address {
    /// The name, folded.
    pub name: String,
    /// The host, folded; none means here, or wherever the address is read.
    pub host: Option<String>,
}

impl Address {
    /// Reads `name`, `@name`, `name@host`, `@name@host`, `!name@host` or `acct:name@host`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let bare = text.strip_prefix("acct:").unwrap_or(text);
        let bare = bare.strip_prefix(['@', '!']).unwrap_or(bare);
        let (name, at) = match bare.split_once('@') {
            Some((name, at)) => (name, Some(host(at))),
            None => (bare, None),
        };
        let name_fits = !name.is_empty() && name.chars().count() <= 128 && name.chars().all(is_address_char);
        let host_fits = at.as_deref().is_none_or(|at| {
            !at.is_empty()
                && at.len() <= 253
                && at.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']'))
        });
        (name_fits && host_fits).then(|| Self { name: fold(name), host: at })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Some(host) => write!(out, "{}@{host}", self.name),
            None => out.write_str(&self.name),
        }
    }
}

fn is_address_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '~')
}

/// One line of the small table on a profile.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Field {
    /// What it says.
    pub name: String,
    /// What it says about it, as HTML.
    pub value: String,
}

/// An actor as the node knows it.
#[expect(clippy::struct_excessive_bools, reason = "each is a word of its own about it")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Its id here.
    pub id: ActorId,
    /// What it is.
    pub kind: ActorKind,
    /// Its name before the `@`, as written.
    pub handle: String,
    /// The host it lives on; empty for here.
    pub host: String,
    /// Its address in the protocol.
    pub uri: String,
    /// Its page.
    pub url: String,
    /// The name it goes by.
    pub name: String,
    /// About it, as HTML.
    pub note: String,
    /// About it, as its member typed it.
    pub note_source: String,
    /// The lines of its table.
    pub fields: Vec<Field>,
    /// Its picture: a path of ours, or an address elsewhere.
    pub avatar: Option<String>,
    /// Its banner, likewise.
    pub header: Option<String>,
    /// Follows wait for approval.
    pub locked: bool,
    /// It says that it is a program.
    pub bot: bool,
    /// It may be found by search.
    pub discoverable: bool,
    /// Where activities for it alone go.
    pub inbox: String,
    /// Where activities for everybody on its host go.
    pub shared_inbox: Option<String>,
    /// What it wrote.
    pub outbox: Option<String>,
    /// The collection of its followers.
    pub followers: Option<String>,
    /// What it has pinned.
    pub featured: Option<String>,
    /// Since when it exists; shown to the day.
    pub created_at: Timestamp,
    /// When it last wrote.
    pub last_post_at: Option<Timestamp>,
    /// Posts it made.
    pub posts_count: i64,
    /// How many follow it.
    pub followers_count: i64,
    /// How many it follows.
    pub following_count: i64,
    /// Deleted: nothing of it is shown, and its name is not given to another.
    pub deleted_at: Option<Timestamp>,
    /// Suspended by this node: nothing of it is shown.
    pub suspended_at: Option<Timestamp>,
    /// Silenced by this node: shown to those who follow it, or who look for it by name.
    pub silenced_at: Option<Timestamp>,
    /// Its pictures are covered, whatever it says.
    pub sensitized_at: Option<Timestamp>,
    /// What it writes for everybody may be found by its words, elsewhere too. Known of members alone.
    pub indexable: bool,
}

impl Actor {
    /// Whether it lives on this node.
    pub fn is_local(&self) -> bool {
        self.host.is_empty()
    }

    /// What it says of itself, where a word between colons may stand for a picture.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let fields = self.fields.iter().flat_map(|field| [field.name.as_str(), &field.value]);
        [self.name.as_str(), &self.note].into_iter().chain(fields)
    }

    /// Whether it is a community.
    pub fn is_community(&self) -> bool {
        self.kind == ActorKind::Group
    }

    /// Whether anything of it may be shown or taken.
    pub fn is_present(&self) -> bool {
        self.deleted_at.is_none() && self.suspended_at.is_none()
    }

    /// `name` for one here, `name@host` for one elsewhere.
    pub fn acct(&self) -> String {
        if self.is_local() { self.handle.clone() } else { format!("{}@{}", self.handle, self.host) }
    }

    /// The host that answers for it, which may be another than the one in its name.
    pub fn server(&self) -> String {
        Url::parse(&self.uri).ok().as_ref().and_then(host_of).unwrap_or_else(|| self.host.clone())
    }

    /// The inbox to use when several on its host may be reached at once.
    pub fn delivery_inbox(&self) -> &str {
        self.shared_inbox.as_deref().unwrap_or(&self.inbox)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_in_every_spelling() {
        for text in ["@Sleep@A.example", "sleep@a.example", "!sleep@A.EXAMPLE.", "acct:sleep@a.example"] {
            assert_eq!(Address::parse(text).unwrap().to_string(), "sleep@a.example", "{text}");
        }
        assert_eq!(Address::parse("@sleep@127.0.0.1:7101").unwrap().host.unwrap(), "127.0.0.1:7101");
        assert_eq!(Address::parse("sam").unwrap().host, None);
        for wrong in ["", "@", "a b@c.d", "sam@", "sam@a/b", "sam@a@b"] {
            assert_eq!(Address::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_title_becomes_a_handle() {
        assert_eq!(Handle::of_title(" Sleep & rest ").unwrap().as_str(), "sleep_rest");
        assert_eq!(Handle::of_title(&"night ".repeat(9)).unwrap().as_str(), "night_night_night_night_night");
        assert!(Handle::of_title("睡眠").is_err() && Handle::of_title("Support").is_err());
    }

    #[test]
    fn a_handle_is_plain_and_not_the_nodes_own() {
        assert!(Handle::new("night_owl7").is_ok());
        for wrong in ["", "Admin", "a-b", "a b", "é", "x".repeat(31).as_str()] {
            assert!(Handle::new(wrong).is_err(), "{wrong:?}");
        }
    }
}
