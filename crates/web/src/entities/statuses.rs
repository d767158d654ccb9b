//! Posts, and what hangs on them.

use crate::entities::accounts::Account;
use crate::entities::filters::FilterResult;
use serde::Serialize;
use std::sync::Arc;

/// A post, or somebody's boost of one.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Status {
    pub(crate) id: String,
    pub(crate) created_at: String,
    pub(crate) in_reply_to_id: Option<String>,
    pub(crate) in_reply_to_account_id: Option<String>,
    pub(crate) sensitive: bool,
    pub(crate) spoiler_text: String,
    pub(crate) visibility: &'static str,
    pub(crate) language: Option<String>,
    pub(crate) uri: String,
    pub(crate) url: Option<String>,
    pub(crate) replies_count: i64,
    pub(crate) reblogs_count: i64,
    pub(crate) favourites_count: i64,
    pub(crate) quotes_count: i64,
    pub(crate) edited_at: Option<String>,
    pub(crate) content: String,
    /// What its author typed: only in the answer to deleting it, for writing it anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) text: Option<String>,
    pub(crate) reblog: Option<Box<Status>>,
    /// Told to its author alone.
    pub(crate) application: Option<Application>,
    pub(crate) account: Arc<Account>,
    pub(crate) media_attachments: Vec<MediaAttachment>,
    pub(crate) mentions: Vec<Mention>,
    pub(crate) tags: Vec<TagLink>,
    pub(crate) emojis: [(); 0],
    pub(crate) quote: Option<()>,
    pub(crate) card: Option<()>,
    pub(crate) poll: Option<Poll>,
    #[serde(flatten)]
    pub(crate) own: Option<Own>,
}

/// What only the viewer knows of a post: left out for whoever is not signed in.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Own {
    pub(crate) favourited: bool,
    pub(crate) reblogged: bool,
    pub(crate) muted: bool,
    pub(crate) bookmarked: bool,
    /// Only for posts of the viewer that could be pinned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pinned: Option<bool>,
    pub(crate) filtered: Vec<FilterResult>,
}

/// The client a post was written with.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Application {
    pub(crate) name: String,
    pub(crate) website: Option<String>,
}

/// Somebody named in a post.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Mention {
    pub(crate) id: String,
    pub(crate) username: String,
    pub(crate) url: String,
    pub(crate) acct: String,
}

/// A hashtag of a post.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct TagLink {
    pub(crate) name: String,
    pub(crate) url: String,
}

/// A picture or another file.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct MediaAttachment {
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) url: Option<String>,
    pub(crate) preview_url: Option<String>,
    pub(crate) remote_url: Option<String>,
    pub(crate) preview_remote_url: Option<String>,
    pub(crate) text_url: Option<String>,
    pub(crate) meta: Meta,
    pub(crate) description: Option<String>,
    pub(crate) blurhash: Option<String>,
}

/// The measures of a picture.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Meta {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) original: Option<Size>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) small: Option<Size>,
    pub(crate) focus: Focus,
}

/// Pixels across and down.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Size {
    pub(crate) width: i64,
    pub(crate) height: i64,
    pub(crate) aspect: f64,
}

/// The point to keep in sight.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Focus {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

/// A poll.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Poll {
    pub(crate) id: String,
    pub(crate) expires_at: Option<String>,
    pub(crate) expired: bool,
    pub(crate) multiple: bool,
    pub(crate) votes_count: i64,
    pub(crate) voters_count: i64,
    pub(crate) options: Vec<PollOption>,
    pub(crate) emojis: [(); 0],
    /// Left out for whoever is not signed in.
    #[serde(flatten)]
    pub(crate) own: Option<OwnVotes>,
}

/// How the viewer voted.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct OwnVotes {
    pub(crate) voted: bool,
    pub(crate) own_votes: Vec<i64>,
}

/// A choice in a poll.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PollOption {
    pub(crate) title: String,
    /// Nothing while the counts are kept until the end.
    pub(crate) votes_count: Option<i64>,
}

/// The thread around a post.
#[derive(Debug, Serialize)]
pub(crate) struct Context {
    pub(crate) ancestors: Vec<Status>,
    pub(crate) descendants: Vec<Status>,
}

/// A post as its author typed it.
#[derive(Debug, Serialize)]
pub(crate) struct StatusSource {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) spoiler_text: String,
}

/// What a post said at some time.
#[derive(Debug, Serialize)]
pub(crate) struct StatusEdit {
    pub(crate) content: String,
    pub(crate) spoiler_text: String,
    pub(crate) sensitive: bool,
    pub(crate) created_at: String,
    pub(crate) account: Arc<Account>,
    pub(crate) media_attachments: Vec<MediaAttachment>,
    pub(crate) emojis: [(); 0],
}
