//! Places: every address of this node that others may know, written and read in one spot.

use crate::id::{EntryId, FollowId, PostId, ReactionId};
use std::fmt;
use std::sync::Arc;
use url::Url;

/// An address on this node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// The node itself, as an actor and as a page.
    Node,
    /// Where activities for anybody here arrive.
    SharedInbox,
    /// A member or a community.
    Actor(&'a str),
    /// Something that belongs to a member or a community.
    Of(&'a str, Part),
    /// The page of a member or a community.
    Profile(&'a str),
    /// A post.
    Post(PostId),
    /// The replies to a post.
    Replies(PostId),
    /// The thread that a post began, as a whole.
    Context(PostId),
    /// The page of a post.
    PostPage(&'a str, PostId),
    /// An activity, by its name.
    Activity(&'a str),
    /// The page of a hashtag; an empty one is where they all begin.
    Tag(&'a str),
    /// A file somebody uploaded.
    Media(&'a str),
    /// A copy of a file that lies elsewhere, by the ticket for it.
    Copy(&'a str),
    /// The page that confirms an address, by the token in a letter.
    Confirm(&'a str),
    /// The page that sets a new password, by the token in a letter.
    NewPassword(&'a str),
    /// The page for those who have forgotten their password.
    Forgotten,
    /// The page that says where help is, now.
    UrgentHelp,
}

crate::words! {
    /// What belongs to an actor and has an address of its own.
    pub enum Part {
        /// Where activities for it arrive.
        Inbox = "inbox",
        /// What it wrote.
        Outbox = "outbox",
        /// Who follows it: a number only.
        Followers = "followers",
        /// Whom it follows: a number only.
        Following = "following",
        /// What it has pinned.
        Featured = "featured",
        /// Who looks after it.
        Moderators = "moderators",
        /// Of a community: what others wrote in it (FEP-400e).
        Wall = "wall",
        /// Who follows it from the host that asks (FEP-8fcf).
        Synchronization = "followers_synchronization",
    }
}

/// The name of a boost that is made here: it is kept, told and taken back under the address that this makes.
pub fn boost_name(id: EntryId) -> String {
    format!("boost-{id}")
}

/// The name of a follow that begins here, as [`boost_name`].
pub fn follow_name(id: FollowId) -> String {
    format!("follow-{id}")
}

/// The name of a reaction that is given here, as [`boost_name`].
pub fn reaction_name(id: ReactionId) -> String {
    format!("like-{id}")
}

/// What every address on the host of this one begins with.
pub fn origin_of(address: &str) -> Option<String> {
    let url = Url::parse(address).ok().filter(Url::has_host)?;
    Some(format!("{}/", url.origin().ascii_serialization()))
}

/// Writes and reads the addresses of a node.
#[derive(Debug, Clone)]
pub struct Places {
    /// `https://host[:port]`, without a slash at its end.
    origin: String,
    host: String,
    loopback: bool,
    copies: Option<Copies>,
}

/// Gives the address of a copy for that of a file elsewhere; none while it cannot yet.
#[derive(Clone)]
struct Copies(Arc<Rule>);

type Rule = dyn Fn(&str) -> Option<String> + Send + Sync;

impl fmt::Debug for Copies {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Copies")
    }
}

impl Places {
    /// For the node at this public address. Its path is not used.
    pub fn new(base: &Url) -> Self {
        let origin = base.origin().ascii_serialization();
        let host = origin.split_once("://").map_or(origin.as_str(), |(_, host)| host).to_owned();
        let loopback = match base.host() {
            Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        Self { origin, host, loopback, copies: None }
    }

    /// The same node, whose members get copies of what lies elsewhere.
    #[must_use]
    pub fn with_copies(self, copy: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self { copies: Some(Copies(Arc::new(copy))), ..self }
    }

    /// Where members here get a file that everybody may see and that lies at this address elsewhere.
    pub fn elsewhere(&self, address: &str) -> Option<String> {
        self.copies.as_ref().map_or_else(|| Some(address.to_owned()), |Copies(copy)| copy(address))
    }

    /// The host, with its port where it has one: what stands after the `@`.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Scheme and host.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether only this machine can reach it.
    pub const fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// The address of a place.
    pub fn of(&self, place: Place<'_>) -> String {
        format!("{}{place}", self.origin)
    }

    /// Whether an address is on this node.
    pub fn is_here(&self, address: &str) -> bool {
        self.path(address).is_some()
    }

    /// Which place an address means, if it is one of ours.
    pub fn read<'a>(&self, address: &'a str) -> Option<Place<'a>> {
        let path = self.path(address)?;
        let path = path.split(['#', '?']).next()?;
        let mut parts = path.trim_matches('/').split('/');
        let place = match (parts.next()?, parts.next(), parts.next()) {
            ("", None, None) => Place::Node,
            ("inbox", None, None) => Place::SharedInbox,
            ("actors", Some(handle), None) => Place::Actor(handle),
            ("actors", Some(handle), Some(part)) => Place::Of(handle, part.parse().ok()?),
            ("posts", Some(id), None) => Place::Post(id.parse().ok()?),
            ("posts", Some(id), Some("replies")) => Place::Replies(id.parse().ok()?),
            ("posts", Some(id), Some("context")) => Place::Context(id.parse().ok()?),
            ("activities", Some(name), None) => Place::Activity(name),
            ("tags", Some(tag), None) => Place::Tag(tag),
            ("media", Some(file), None) => Place::Media(file),
            ("copies", Some(ticket), None) => Place::Copy(ticket),
            ("confirm", Some(token), None) => Place::Confirm(token),
            ("new-password", Some(token), None) => Place::NewPassword(token),
            ("forgotten", None, None) => Place::Forgotten,
            ("urgent-help", None, None) => Place::UrgentHelp,
            (handle, None, None) => Place::Profile(handle.strip_prefix('@')?),
            (handle, Some(id), None) => Place::PostPage(handle.strip_prefix('@')?, id.parse().ok()?),
            _ => return None,
        };
        parts.next().is_none().then_some(place)
    }

    fn path<'a>(&self, address: &'a str) -> Option<&'a str> {
        let rest = address.strip_prefix(&self.origin)?;
        (rest.is_empty() || rest.starts_with(['/', '#', '?'])).then_some(rest)
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Node => out.write_str("/"),
            Self::SharedInbox => out.write_str("/inbox"),
            Self::Actor(handle) => write!(out, "/actors/{handle}"),
            Self::Of(handle, part) => write!(out, "/actors/{handle}/{part}"),
            Self::Profile(handle) => write!(out, "/@{handle}"),
            Self::Post(id) => write!(out, "/posts/{id}"),
            Self::Replies(id) => write!(out, "/posts/{id}/replies"),
            Self::Context(id) => write!(out, "/posts/{id}/context"),
            Self::PostPage(handle, id) => write!(out, "/@{handle}/{id}"),
            Self::Activity(name) => write!(out, "/activities/{name}"),
            Self::Tag(tag) => write!(out, "/tags/{tag}"),
            Self::Media(file) => write!(out, "/media/{file}"),
            Self::Copy(ticket) => write!(out, "/copies/{ticket}"),
            Self::Confirm(token) => write!(out, "/confirm/{token}"),
            Self::NewPassword(token) => write!(out, "/new-password/{token}"),
            Self::Forgotten => out.write_str("/forgotten"),
            Self::UrgentHelp => out.write_str("/urgent-help"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_reads_back() {
        let places = Places::new(&Url::parse("http://127.0.0.1:7101/").unwrap());
        assert_eq!(places.host(), "127.0.0.1:7101");
        assert!(places.is_loopback());
        for place in [
            Place::Node,
            Place::SharedInbox,
            Place::Actor("sam"),
            Place::Of("sam", Part::Followers),
            Place::Profile("sam"),
            Place::Post(PostId::new(7)),
            Place::Replies(PostId::new(7)),
            Place::Context(PostId::new(7)),
            Place::PostPage("sam", PostId::new(7)),
            Place::Activity("like-7"),
            Place::Tag("sleep"),
            Place::Media("a.png"),
            Place::Copy("small.0.a.b"),
            Place::Confirm("abc"),
            Place::NewPassword("abc"),
            Place::Forgotten,
            Place::UrgentHelp,
        ] {
            assert_eq!(places.read(&places.of(place)), Some(place));
        }
    }

    #[test]
    fn a_look_alike_is_not_here() {
        let places = Places::new(&Url::parse("https://a.example").unwrap());
        for other in
            ["https://a.example.evil/posts/7", "http://a.example/posts/7", "https://a.example@evil/posts/7"]
        {
            assert!(!places.is_here(other), "{other}");
        }
        assert_eq!(places.read("https://a.example/actors/sam#main-key"), Some(Place::Actor("sam")));
        assert_eq!(places.read("https://a.example/actors/sam/inbox/more"), None);
    }
}
