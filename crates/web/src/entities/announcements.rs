//! What whoever runs the node tells every member.

use crate::entities::statuses::{CustomEmoji, TagLink};
use schemars::JsonSchema;
use serde::Serialize;

/// Something that every member is told.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Announcement {
    pub(crate) id: String,
    pub(crate) content: String,
    pub(crate) starts_at: Option<String>,
    pub(crate) ends_at: Option<String>,
    pub(crate) all_day: bool,
    pub(crate) published_at: String,
    pub(crate) updated_at: String,
    pub(crate) read: bool,
    pub(crate) mentions: [(); 0],
    pub(crate) statuses: [(); 0],
    pub(crate) tags: Vec<TagLink>,
    pub(crate) emojis: Vec<CustomEmoji>,
    pub(crate) reactions: Vec<Reaction>,
}

/// A sign that members answered with.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Reaction {
    pub(crate) name: String,
    pub(crate) count: i64,
    pub(crate) me: bool,
}
