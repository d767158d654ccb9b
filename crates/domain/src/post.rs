//! Posts and replies, and who may read them.

use crate::clock::Timestamp;
use crate::id::{ActorId, CommunityId, PollId, PostId};

crate::words! {
    /// Who may read a post.
    #[derive(serde::Serialize, serde::Deserialize)]
    #[serde(rename_all = "lowercase")]
    pub enum Visibility {
        /// Anybody, and it is listed.
        Public = "public",
        /// Anybody who has its address.
        Unlisted = "unlisted",
        /// The author's followers.
        #[serde(rename = "private")]
        Followers = "private",
        /// Those named in it.
        Direct = "direct",
        /// The members of its community.
        Members = "members",
    }
}

impl Visibility {
    /// Whether anybody may read it.
    pub const fn is_open(self) -> bool {
        match self {
            Self::Public | Self::Unlisted => true,
            Self::Followers | Self::Direct | Self::Members => false,
        }
    }

    /// Whether it can stand first on its author's profile, for those who may read it.
    pub const fn can_be_pinned(self) -> bool {
        match self {
            Self::Public | Self::Unlisted | Self::Followers => true,
            Self::Direct | Self::Members => false,
        }
    }
}

/// A post or reply as the node keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Its id here.
    pub id: PostId,
    /// Its address in the protocol.
    pub uri: String,
    /// Its page.
    pub url: String,
    /// Who wrote it.
    pub author: ActorId,
    /// The community it is in.
    pub community: Option<CommunityId>,
    /// What it answers, where that is known here.
    pub reply_to: Option<PostId>,
    /// Who wrote what it answers.
    pub reply_to_author: Option<ActorId>,
    /// The address of what it answers, known here or not.
    pub reply_to_uri: Option<String>,
    /// The post its thread began with (itself, if it began one).
    pub root: PostId,
    /// Its title, if it has one.
    pub title: Option<String>,
    /// What it says, as clean HTML.
    pub content: String,
    /// What its author typed; empty for a post from elsewhere.
    pub source: String,
    /// The content note one reads first.
    pub content_note: String,
    /// Its images are covered at first.
    pub sensitive: bool,
    /// Who may read it.
    pub visibility: Visibility,
    /// The language it is in (BCP 47).
    pub language: Option<String>,
    /// The name of the client it was written with.
    pub application: Option<String>,
    /// Its poll.
    pub poll: Option<PollId>,
    /// It was written on this node.
    pub local: bool,
    /// When it was published.
    pub published_at: Timestamp,
    /// When it was last changed.
    pub edited_at: Option<Timestamp>,
    /// Deleted by its author: only its place is kept.
    pub deleted_at: Option<Timestamp>,
    /// Removed from its community by a moderator.
    pub removed_at: Option<Timestamp>,
    /// Nobody may reply any more.
    pub locked_at: Option<Timestamp>,
    /// How many answered it.
    pub replies_count: i64,
    /// How many boosted it, communities not counted.
    pub boosts_count: i64,
    /// How many reacted.
    pub reactions_count: i64,
    /// How many of these with "me too".
    pub me_too_count: i64,
}

impl Post {
    /// Whether there is still something to read.
    pub const fn is_present(&self) -> bool {
        self.deleted_at.is_none() && self.removed_at.is_none()
    }

    /// Whether it began a thread.
    pub const fn is_top_level(&self) -> bool {
        self.reply_to_uri.is_none()
    }

    /// The reactions that may be shown to others.
    pub const fn shown_reactions(&self) -> i64 {
        crate::reaction::shown_count(self.reactions_count, self.me_too_count)
    }
}
