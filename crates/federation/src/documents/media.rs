//! Pictures and files: icons, images and attachments.

use serde_json::Value;
use url::Url;

use crate::documents::fields::{self, Fields};

/// Attachments of one post we read.
pub const ATTACHMENTS_MAX: usize = 50;
/// Sizes of one picture we compare.
const SIZES_MAX: usize = 20;

/// A file, picture or link attached to a post.
#[derive(Debug, Clone, PartialEq)]
pub struct Attachment {
    /// What it says it is.
    pub kind: AttachmentKind,
    /// Where it is.
    pub url: Url,
    /// Its media type, as declared.
    pub media_type: Option<String>,
    /// Its description, for those who cannot see it.
    pub description: Option<String>,
    /// Pixels across.
    pub width: Option<u64>,
    /// Pixels down.
    pub height: Option<u64>,
    /// A blurred impression of it.
    pub blurhash: Option<String>,
    /// What to keep in view where it is cut: across and down from the middle, up to 1 each way.
    pub focal_point: Option<(f64, f64)>,
}

/// What an attachment says it is; files are often declared as a bare document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttachmentKind {
    /// A picture.
    Image,
    /// A film.
    Video,
    /// A recording.
    Audio,
    /// A file of any kind: look at its media type.
    Document,
    /// A page elsewhere.
    Link,
}

impl Attachment {
    pub(super) fn each(post: Fields<'_>) -> Vec<Self> {
        post.objects("attachment").take(ATTACHMENTS_MAX).filter_map(Self::read).collect()
    }

    /// The picture that a post is, where it is one: the widest of its sizes.
    pub(super) fn itself(post: Fields<'_>) -> Option<Self> {
        let sizes = post.objects("url").take(SIZES_MAX);
        let pictures =
            sizes.filter(|size| size.text("mediaType").is_some_and(|kind| kind.starts_with("image/")));
        let widest = pictures.max_by_key(|size| size.count("width"))?;
        Some(Self {
            kind: AttachmentKind::Image,
            url: widest.link("href")?,
            media_type: widest.text("mediaType").map(str::to_owned),
            description: post.natural("name").map(|found| found.text),
            width: widest.count("width"),
            height: widest.count("height"),
            blurhash: None,
            focal_point: None,
        })
    }

    fn read(fields: Fields<'_>) -> Option<Self> {
        let kind = fields.types().find_map(|kind| match kind {
            "Image" => Some(AttachmentKind::Image),
            "Video" => Some(AttachmentKind::Video),
            "Audio" => Some(AttachmentKind::Audio),
            "Document" => Some(AttachmentKind::Document),
            "Link" | "Page" => Some(AttachmentKind::Link),
            _ => None,
        })?;
        Some(Self {
            kind,
            url: fields.link("url").or_else(|| fields.link("href"))?,
            media_type: fields
                .text("mediaType")
                .or_else(|| fields.objects("url").find_map(|link| link.text("mediaType")))
                .map(str::to_owned),
            description: ["name", "summary"]
                .iter()
                .find_map(|name| fields.natural(name))
                .map(|found| found.text),
            width: fields.count("width"),
            height: fields.count("height"),
            blurhash: fields.text("blurhash").map(str::to_owned),
            focal_point: focal_point(fields),
        })
    }
}

fn focal_point(fields: Fields<'_>) -> Option<(f64, f64)> {
    let numbers = fields.each("focalPoint").filter_map(Value::as_f64);
    let mut numbers = numbers.filter(|number| (-1.0..=1.0).contains(number));
    Some((numbers.next()?, numbers.next()?))
}

/// A picture given as an address, an object, or several sizes of which we take the widest.
pub(super) fn picture(fields: Fields<'_>, name: &str) -> Option<Url> {
    let width = |json: &Value| json.get("width").and_then(Value::as_u64);
    fields
        .each(name)
        .take(SIZES_MAX)
        .filter_map(|json| Some((width(json), fields::link_of(json)?)))
        .max_by_key(|(width, _)| *width)
        .map(|(_, url)| url)
}
