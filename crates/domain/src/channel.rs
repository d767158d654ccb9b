//! Channels: what one can listen to, as clients name it.

use crate::fold::fold;
use crate::id::{ActorId, ListId};
use crate::post::{Post, Visibility};

/// Something one can listen to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Channel {
    /// One's home, and what one is told.
    User,
    /// What one is told, alone.
    Notifications,
    /// One's direct conversations.
    Direct,
    /// Public posts that begin a thread.
    Public {
        /// Where they were written.
        place: Written,
        /// Only those with images.
        only_media: bool,
    },
    /// Public posts with a hashtag, replies too.
    Hashtag {
        /// The hashtag, folded.
        tag: String,
        /// Only what was written here.
        only_local: bool,
    },
    /// A list of one's own; or the threads of a community one is in, which clients see as a list.
    List(ListId),
    /// The threads of a community.
    Group(ActorId),
}

/// Where a post was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Written {
    /// Anywhere.
    Anywhere,
    /// On this node.
    Here,
    /// On another.
    Elsewhere,
}

/// What a client says beside the name of a channel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// Which hashtag.
    pub tag: Option<String>,
    /// Which list.
    pub list: Option<String>,
    /// Which community.
    pub group: Option<String>,
}

/// There is nothing to listen to under this name. The texts are shown to whoever writes a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoChannel {
    /// Nothing is called that.
    #[error("Unknown stream type")]
    Unknown,
    /// It does not say which hashtag.
    #[error("Missing tag name parameter")]
    Tag,
    /// It does not say which list.
    #[error("Missing list name parameter")]
    List,
    /// It does not say which community.
    #[error("Missing group name parameter")]
    Group,
}

/// Characters in a hashtag one listens to.
const TAG_CHARS_MAX: usize = 200;

impl Channel {
    /// The channel that a client means.
    pub fn parse(name: &str, named: &Named) -> Result<Self, NoChannel> {
        let public = |place, only_media| Self::Public { place, only_media };
        Ok(match name {
            "user" => Self::User,
            "user:notification" => Self::Notifications,
            "direct" => Self::Direct,
            "public" => public(Written::Anywhere, false),
            "public:media" => public(Written::Anywhere, true),
            "public:local" => public(Written::Here, false),
            "public:local:media" => public(Written::Here, true),
            "public:remote" => public(Written::Elsewhere, false),
            "public:remote:media" => public(Written::Elsewhere, true),
            "hashtag" => Self::Hashtag { tag: tag(named)?, only_local: false },
            "hashtag:local" => Self::Hashtag { tag: tag(named)?, only_local: true },
            "list" => Self::List(number(named.list.as_deref()).ok_or(NoChannel::List)?),
            "group" => Self::Group(number(named.group.as_deref()).ok_or(NoChannel::Group)?),
            _ => return Err(NoChannel::Unknown),
        })
    }

    /// What a client's token must be good for.
    pub const fn scope(&self) -> &'static str {
        match self {
            Self::Notifications => "read:notifications",
            Self::User
            | Self::Direct
            | Self::Public { .. }
            | Self::Hashtag { .. }
            | Self::List(_)
            | Self::Group(_) => "read:statuses",
        }
    }

    /// Whether a post with these hashtags, and with images or without, is told to everybody who listens here.
    pub fn takes(&self, post: &Post, tags: &[String], has_media: bool) -> bool {
        if post.visibility != Visibility::Public {
            return false;
        }
        match self {
            Self::Public { place, only_media } => {
                let fits = match place {
                    Written::Anywhere => true,
                    Written::Here => post.local,
                    Written::Elsewhere => !post.local,
                };
                fits && post.is_top_level() && (has_media || !only_media)
            }
            Self::Hashtag { tag, only_local } => tags.contains(tag) && (post.local || !only_local),
            Self::User | Self::Notifications | Self::Direct | Self::List(_) | Self::Group(_) => false,
        }
    }
}

fn tag(named: &Named) -> Result<String, NoChannel> {
    let tag = fold(named.tag.as_deref().unwrap_or_default().trim().trim_start_matches('#'));
    if tag.is_empty() || tag.chars().count() > TAG_CHARS_MAX {
        return Err(NoChannel::Tag);
    }
    Ok(tag)
}

fn number<Id: From<i64>>(text: Option<&str>) -> Option<Id> {
    text?.trim().parse().ok().map(Id::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_understood_or_said_to_be_none() {
        let named = |tag: &str, list: &str| Named {
            tag: Some(tag.to_owned()),
            list: Some(list.to_owned()),
            group: None,
        };
        assert_eq!(
            Channel::parse("hashtag:local", &named("#Tea", "")),
            Ok(Channel::Hashtag { tag: "tea".to_owned(), only_local: true })
        );
        assert_eq!(Channel::parse("list", &named("", " 7 ")), Ok(Channel::List(ListId::new(7))));
        assert_eq!(Channel::parse("list", &named("", "night")), Err(NoChannel::List));
        assert_eq!(Channel::parse("hashtag", &Named::default()), Err(NoChannel::Tag));
        assert_eq!(Channel::parse("hashtag", &named(&"a".repeat(201), "")), Err(NoChannel::Tag));
        assert_eq!(Channel::parse("group", &Named::default()), Err(NoChannel::Group));
        for nonsense in ["", "User", "public:", "public:media:local", "admin"] {
            assert_eq!(Channel::parse(nonsense, &named("tea", "7")), Err(NoChannel::Unknown), "{nonsense}");
        }
    }

    #[test]
    fn what_one_is_told_needs_leave_of_its_own() {
        assert_eq!(Channel::Notifications.scope(), "read:notifications");
        assert_eq!(Channel::User.scope(), "read:statuses");
    }
}
