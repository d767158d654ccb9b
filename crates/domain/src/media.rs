//! Images and other files that go with a post.

use crate::clock::Timestamp;
use crate::id::{ActorId, MediaId, PostId};

crate::words! {
    /// What kind of file it is.
    pub enum MediaKind {
        /// A picture.
        Image = "image",
        /// A silent, looping film. Only from elsewhere.
        Gifv = "gifv",
        /// A film. Only from elsewhere.
        Video = "video",
        /// Sound. Only from elsewhere.
        Audio = "audio",
        /// Something this node does not show.
        Unknown = "unknown",
    }
}

/// A file that goes, or may yet go, with a post.
#[derive(Debug, Clone, PartialEq)]
pub struct Media {
    /// Its id.
    pub id: MediaId,
    /// Who brought it.
    pub owner: ActorId,
    /// The post it goes with, once it does.
    pub post: Option<PostId>,
    /// What it is.
    pub kind: MediaKind,
    /// Its media type.
    pub mime: String,
    /// The name of the file here; none for one from elsewhere.
    pub file: Option<String>,
    /// The name of its small version here.
    pub preview: Option<String>,
    /// Where it is, for one from elsewhere.
    pub remote_url: Option<String>,
    /// What one would see, in words.
    pub description: Option<String>,
    /// The point to keep in sight when it is cut: -1 is left, 1 is right.
    pub focus_x: f64,
    /// The same: -1 is below, 1 is above.
    pub focus_y: f64,
    /// A blurred impression of it.
    pub blurhash: Option<String>,
    /// Pixels across.
    pub width: i64,
    /// Pixels down.
    pub height: i64,
    /// When it was brought.
    pub created_at: Timestamp,
}
