//! Images and other files that go with a post.

use crate::clock::Timestamp;
use crate::id::{ActorId, MediaId, PostId};
use crate::limits::PREVIEW_SIDE_MAX;

crate::words! {
    /// What kind of file it is.
    pub enum MediaKind {
        /// A picture.
        Image = "image",
        /// A silent, looping film.
        Gifv = "gifv",
        /// A film.
        Video = "video",
        /// Sound.
        Audio = "audio",
        /// Something this node does not show.
        Unknown = "unknown",
    }
}

crate::words! {
    /// Whether a file can be looked at yet.
    pub enum MediaState {
        /// It can.
        Ready = "ready",
        /// It is still being made ready.
        Waiting = "waiting",
        /// It could not be made ready, and never will be.
        Failed = "failed",
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
    /// Pixels across and down of its small version, where that is of a picture that its owner chose to be shown first.
    pub cover: Option<(i64, i64)>,
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
    /// How it plays, for films and sounds.
    pub playing: Option<Playing>,
    /// Whether it can be looked at yet.
    pub state: MediaState,
    /// When it was brought.
    pub created_at: Timestamp,
}

/// How a film or a sound plays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Playing {
    /// How long.
    pub millis: i64,
    /// Pictures in a second, as a fraction such as `30/1`; none for a sound.
    pub frame_rate: Option<String>,
    /// Bits in a second.
    pub bitrate: i64,
}

impl Media {
    /// Pixels across and down of its small version, if it has one here: made to fit, never larger.
    pub fn preview_size(&self) -> Option<(i64, i64)> {
        if self.preview.is_some() && self.cover.is_some() {
            return self.cover;
        }
        let max = i64::from(PREVIEW_SIDE_MAX);
        let longer = self.width.max(self.height);
        if self.preview.is_none() || longer <= 0 {
            return None;
        }
        let fit =
            |side: i64| if longer <= max { side } else { ((2 * side * max + longer) / (2 * longer)).max(1) };
        Some((fit(self.width), fit(self.height)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: i64, height: i64) -> Media {
        Media {
            id: MediaId::new(1),
            owner: ActorId::new(1),
            post: None,
            kind: MediaKind::Image,
            mime: "image/png".to_owned(),
            file: Some("a.png".to_owned()),
            preview: Some("a-small.png".to_owned()),
            cover: None,
            remote_url: None,
            description: None,
            focus_x: 0.0,
            focus_y: 0.0,
            blurhash: None,
            width,
            height,
            playing: None,
            state: MediaState::Ready,
            created_at: Timestamp::from_secs(0),
        }
    }

    #[test]
    fn a_small_version_fits_and_keeps_its_shape() {
        for (size, small) in [
            ((800, 600), (400, 300)),
            ((300, 1_200), (100, 400)),
            ((400, 399), (400, 399)),
            ((401, 200), (400, 200)),
            ((2_560, 1), (400, 1)),
            ((30, 20), (30, 20)),
        ] {
            assert_eq!(picture(size.0, size.1).preview_size(), Some(small), "{size:?}");
        }
        assert_eq!(picture(0, 0).preview_size(), None);
        assert_eq!(Media { preview: None, ..picture(9, 9) }.preview_size(), None);
        let covered = Media { cover: Some((40, 30)), ..picture(0, 0) };
        assert_eq!(covered.preview_size(), Some((40, 30)), "a sound has no shape, and its cover has");
        assert_eq!(Media { preview: None, ..covered }.preview_size(), None);
    }
}
