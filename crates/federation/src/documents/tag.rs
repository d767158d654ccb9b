//! Tags: who and what a post mentions.

use url::Url;

use crate::documents::fields::{self, Fields};
use crate::documents::media;

/// Tags of one post or actor we read.
pub const TAGS_MAX: usize = 200;
/// Bytes of a tag's name we keep.
pub const TAG_NAME_BYTES_MAX: usize = 200;

/// Something a text refers to. Kinds we do not know are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tag {
    /// An actor is addressed in the text.
    Mention {
        /// The actor's id.
        href: Url,
        /// How the text spells it, if told.
        name: Option<String>,
    },
    /// A hashtag, without its `#`.
    Hashtag {
        /// The word.
        name: String,
    },
    /// A picture that stands for a shortcode in the text.
    Emoji {
        /// The shortcode, without colons.
        shortcode: String,
        /// The picture.
        icon: Url,
    },
    /// A link to another post (FEP-e232), mostly a quote.
    Link {
        /// Where it leads.
        href: Url,
        /// The media type promised there.
        media_type: Option<String>,
    },
}

/// The pictures among these, by the words they stand for, and where they lie.
pub fn emojis(tags: &[Tag]) -> Vec<(String, String)> {
    let emoji = |tag: &Tag| match tag {
        Tag::Emoji { shortcode, icon } => Some((shortcode.clone(), icon.to_string())),
        Tag::Mention { .. } | Tag::Hashtag { .. } | Tag::Link { .. } => None,
    };
    tags.iter().filter_map(emoji).collect()
}

impl Tag {
    pub(super) fn each(document: Fields<'_>) -> Vec<Self> {
        document.objects("tag").take(TAGS_MAX).filter_map(Self::read).collect()
    }

    fn read(fields: Fields<'_>) -> Option<Self> {
        let name = || fields.text("name").map(|name| fields::cut(name.trim(), TAG_NAME_BYTES_MAX));
        fields.types().find_map(|kind| match kind {
            "Mention" => Some(Self::Mention { href: fields.id("href")?, name: name().map(str::to_owned) }),
            "Hashtag" => {
                let name = name()?.trim_start_matches('#').to_owned();
                (!name.is_empty()).then_some(Self::Hashtag { name })
            }
            // What threads are sorted by in communities of the Lemmy family.
            "CommunityTag" | "lemmy:CommunityTag" => {
                let shown = ["display_name", "name", "preferredUsername"]
                    .iter()
                    .find_map(|name| fields.text(name))?;
                Some(Self::Hashtag { name: fields::cut(shown.trim(), TAG_NAME_BYTES_MAX).to_owned() })
            }
            "Emoji" | "toot:Emoji" => Some(Self::Emoji {
                shortcode: name()?.trim_matches(':').to_owned(),
                icon: media::picture(fields, "icon")?,
            }),
            "Link" => Some(Self::Link {
                href: fields.link("href")?,
                media_type: fields.text("mediaType").map(str::to_owned),
            }),
            _ => None,
        })
    }
}
