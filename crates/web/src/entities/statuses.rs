//! Posts, and what hangs on them.

use crate::entities::accounts::Account;
use crate::entities::filters::FilterResult;
use crate::entities::groups::Group;
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// A post, or somebody's boost of one.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Status {
    pub(crate) id: String,
    pub(crate) created_at: String,
    pub(crate) in_reply_to_id: Option<String>,
    pub(crate) in_reply_to_account_id: Option<String>,
    pub(crate) sensitive: bool,
    pub(crate) spoiler_text: String,
    /// `group` is for the members of a community, and is said where only clients ask that know communities.
    #[schemars(extend("enum" = ["public", "unlisted", "private", "direct", "group"]))]
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
    pub(crate) emojis: Vec<CustomEmoji>,
    pub(crate) quote: Option<()>,
    pub(crate) quote_approval: QuoteApproval,
    pub(crate) card: Option<()>,
    pub(crate) poll: Option<Poll>,
    /// The community it is in, for clients that know communities.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) group: Option<Arc<Group>>,
    #[serde(flatten)]
    pub(crate) own: Option<Own>,
}

impl Status {
    /// As clients see it that know communities, at addresses that only they ask: what is for the members of its
    /// community has the word `group`. Others are told `private`, the narrowest word they know.
    pub(crate) fn in_the_words_of_groups(self) -> Self {
        let for_members = self.visibility == "private" && self.group.is_some();
        Self { visibility: if for_members { "group" } else { self.visibility }, ..self }
    }
}

/// Who may quote a post: nobody.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
pub(crate) struct QuoteApproval {
    automatic: [&'static str; 0],
    manual: [&'static str; 0],
    current_user: &'static str,
}

impl QuoteApproval {
    pub(crate) const NOBODY: Self = Self { automatic: [], manual: [], current_user: "denied" };
}

/// What only the viewer knows of a post: left out for whoever is not signed in.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
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
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "StatusApplication")]
pub(crate) struct Application {
    pub(crate) name: String,
    pub(crate) website: Option<String>,
}

/// Somebody named in a post.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Mention {
    pub(crate) id: String,
    pub(crate) username: String,
    pub(crate) url: String,
    pub(crate) acct: String,
}

/// A hashtag of a post.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct TagLink {
    pub(crate) name: String,
    pub(crate) url: String,
}

/// A picture that stands for a word between colons.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct CustomEmoji {
    pub(crate) shortcode: String,
    pub(crate) url: String,
    pub(crate) static_url: String,
    pub(crate) visible_in_picker: bool,
    pub(crate) category: Option<String>,
}

/// A picture or another file.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct MediaAttachment {
    pub(crate) id: String,
    #[serde(rename = "type")]
    #[schemars(extend("enum" = ["image", "video", "gifv", "audio", "unknown"]))]
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

/// The measures of a picture, a film or a sound. What a film says stands beside `original` too, where older
/// clients look for it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Meta {
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub(crate) length: Option<Length>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub(crate) shape: Option<Shape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) original: Option<Original>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) small: Option<Size>,
    /// Left out where there is nothing to see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) focus: Option<Focus>,
}

/// How long something plays.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Length {
    /// As `0:00:05.33`.
    pub(crate) length: String,
    /// In seconds.
    pub(crate) duration: f64,
}

/// The pictures of a film.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Shape {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fps: Option<i64>,
    #[serde(flatten)]
    pub(crate) size: Size,
}

/// The file as it is kept.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Original {
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub(crate) size: Option<Size>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) frame_rate: Option<String>,
    /// In seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) duration: Option<f64>,
    /// In bits a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bitrate: Option<i64>,
}

/// Pixels across and down.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Size {
    pub(crate) width: i64,
    pub(crate) height: i64,
    /// As `640x360`.
    pub(crate) size: String,
    pub(crate) aspect: f64,
}

/// The point to keep in sight.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
pub(crate) struct Focus {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

/// A poll.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Poll {
    pub(crate) id: String,
    pub(crate) expires_at: Option<String>,
    pub(crate) expired: bool,
    pub(crate) multiple: bool,
    pub(crate) votes_count: i64,
    pub(crate) voters_count: i64,
    pub(crate) options: Vec<PollOption>,
    pub(crate) emojis: Vec<CustomEmoji>,
    /// Left out for whoever is not signed in.
    #[serde(flatten)]
    pub(crate) own: Option<OwnVotes>,
}

/// How the viewer voted.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct OwnVotes {
    pub(crate) voted: bool,
    pub(crate) own_votes: Vec<i64>,
}

/// A choice in a poll.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct PollOption {
    pub(crate) title: String,
    /// Nothing while the counts are kept until the end.
    pub(crate) votes_count: Option<i64>,
}

/// The thread around a post.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Context {
    pub(crate) ancestors: Vec<Status>,
    pub(crate) descendants: Vec<Status>,
}

/// A post as its author typed it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct StatusSource {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) spoiler_text: String,
}

/// A post names people whom its author did not mean.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "UnexpectedMentions")]
pub(crate) struct Unexpected {
    error: &'static str,
    unexpected_accounts: Vec<Account>,
}

impl Unexpected {
    pub(crate) const fn new(unexpected_accounts: Vec<Account>) -> Self {
        Self { error: "Post would be sent to unexpected accounts", unexpected_accounts }
    }
}

/// What a post said at some time.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct StatusEdit {
    pub(crate) content: String,
    pub(crate) spoiler_text: String,
    pub(crate) sensitive: bool,
    pub(crate) created_at: String,
    pub(crate) account: Arc<Account>,
    pub(crate) media_attachments: Vec<MediaAttachment>,
    pub(crate) emojis: Vec<CustomEmoji>,
}
