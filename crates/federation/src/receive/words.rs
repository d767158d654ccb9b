//! What a post from elsewhere says: its text made clean, what is attached to it, its hashtags and its poll.

use crate::documents::event::Event;
use crate::documents::media::{Attachment, AttachmentKind};
use crate::documents::poll::Poll;
use crate::documents::post::{Format, Post as Document, PostKind};
use crate::documents::tag::Tag;
use crate::sanitise;
use alongside_app::arrivals::{ArrivedMedia, ArrivedPoll};
use alongside_domain::clock::Timestamp;
use alongside_domain::compose::escape;
use alongside_domain::media::MediaKind;
use alongside_domain::poll::Choice;
use alongside_domain::{fold, limits};
use jiff::tz::TimeZone;
use url::Url;

/// Links shown that a post has beside its text.
const LINKS_MAX: usize = 4;

/// Its text. Of an event it begins with when and where that is.
pub(super) fn content(document: &Document) -> String {
    let happens = document.event.as_ref().map(happens).unwrap_or_default();
    happens + &text(document)
}

fn text(document: &Document) -> String {
    let Some(content) = &document.content else {
        let links = links(document, "");
        return if links.is_empty() { linked(document) } else { links };
    };
    let html = match content.format {
        Format::Html => sanitise::html(&content.text),
        Format::Markdown | Format::Plain => sanitise::paragraphs(&content.text),
    };
    let kept =
        if html.len() <= limits::POST_HTML_BYTES_MAX { html } else { sanitise::paragraphs(&cut(&html)) };
    let kept = below_title(&kept, document.name.as_deref());
    let kept = format!("{kept}{}", links(document, kept));
    match document.kind {
        PostKind::Video | PostKind::Event | PostKind::Audio => format!("{kept}{}", linked(document)),
        PostKind::Note
        | PostKind::Page
        | PostKind::Article
        | PostKind::Question
        | PostKind::Image
        | PostKind::Document => kept,
    }
}

/// When and where something takes place, in the time that it is there.
fn happens(event: &Event) -> String {
    let known = event.zone.as_deref().and_then(|name| Some((name, TimeZone::get(name).ok()?)));
    let (name, zone) = known.unwrap_or(("UTC", TimeZone::UTC));
    let starts = event.starts.to_zoned(zone.clone());
    let ends = event.ends.map(|at| at.to_zoned(zone)).map(|ends| {
        let format = if ends.date() == starts.date() { " – %H:%M" } else { " – %Y-%m-%d %H:%M" };
        ends.strftime(format).to_string()
    });
    let when = format!("{}{} ({name})", starts.strftime("%Y-%m-%d %H:%M"), ends.unwrap_or_default());
    let place = sanitise::line(&event.place.join(", "), limits::TITLE_CHARS_MAX);
    let room = event.room.as_ref().map(line).unwrap_or_default();
    sanitise::paragraphs(format!("{when}\n{place}").trim_end()) + &room
}

/// A text without a first line that only says its title, which is shown above it: polls of `PieFed` begin so, and threads
/// whose first line became their name.
fn below_title<'a>(html: &'a str, title: Option<&str>) -> &'a str {
    let first = html.strip_prefix("<p>").and_then(|html| html.split_once("</p>"));
    match (first, title) {
        (Some((first, rest)), Some(title)) if sanitise::plain_text(first) == title.trim() => {
            rest.trim_start()
        }
        _ => html,
    }
}

/// Too much markup becomes plain text, cut to a size that can be kept.
fn cut(html: &str) -> String {
    sanitise::plain_text(html).chars().take(limits::POST_HTML_BYTES_MAX / 8).collect()
}

/// What it links to and does not say in its text: in the Lemmy family, what a thread is about.
fn links(document: &Document, said: &str) -> String {
    let links = document.attachments.iter().filter(|attachment| attachment.kind == AttachmentKind::Link);
    links
        .filter(|link| !is_picture(link) && !said.contains(&escape(link.url.as_str())))
        .take(LINKS_MAX)
        .map(|link| line(&link.url))
        .collect()
}

/// For what cannot be shown here: where it can be seen.
fn linked(document: &Document) -> String {
    document.url.as_ref().map(line).unwrap_or_default()
}

/// A link on a line of its own, that can be followed.
fn line(url: &Url) -> String {
    let url = escape(url.as_str());
    sanitise::html(&format!("<p><a href=\"{url}\">{url}</a></p>"))
}

/// Its hashtags, folded.
pub(super) fn tags(document: &Document) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for tag in &document.tags {
        let Tag::Hashtag { name } = tag else { continue };
        // As in an address: NodeBB has tags of several words.
        let is_kept = |c: &char| *c == '_' || !(c.is_whitespace() || c.is_ascii_punctuation());
        let name: String = fold::fold(name).chars().filter(is_kept).collect();
        let fits = !name.is_empty() && name.chars().count() <= limits::TAG_CHARS_MAX;
        if fits && out.len() < limits::TAGS_MAX && !out.contains(&name) {
            out.push(name);
        }
    }
    out
}

/// The files that are attached to it, and the pictures inside its text that are none of them. The Lemmy family, whose people
/// write Markdown, has no other place for a second picture, or for any in an answer. Of other software a picture in the text is
/// one of the files in another size, where a picture is attached at all.
pub(super) fn media(document: &Document) -> Vec<ArrivedMedia> {
    let mut media = attached(document);
    let is_markdown = document.source.as_ref().is_some_and(|source| source.format == Format::Markdown);
    if is_markdown || !media.iter().any(|file| file.kind == MediaKind::Image) {
        let known: Vec<String> = media.iter().map(|file| file.url.clone()).collect();
        media.extend(inside(document).filter(|picture| !known.contains(&picture.url)));
        media.truncate(limits::MEDIA_MAX * 4);
    }
    media
}

fn inside(document: &Document) -> impl Iterator<Item = ArrivedMedia> {
    let html = document.content.as_ref().filter(|content| content.format == Format::Html);
    let pictures = html.map(|content| sanitise::pictures::of(&content.text)).unwrap_or_default();
    pictures.into_iter().map(|picture| ArrivedMedia {
        url: picture.url.to_string(),
        kind: MediaKind::Image,
        mime: String::new(),
        description: picture.description.as_deref().map(described),
        blurhash: None,
        width: 0,
        height: 0,
        focus: (0.0, 0.0),
    })
}

fn attached(document: &Document) -> Vec<ArrivedMedia> {
    const SIZE_MAX: u64 = 100_000;
    let pixels =
        |size: Option<u64>| i64::try_from(size.unwrap_or_default().min(SIZE_MAX)).unwrap_or_default();
    document
        .attachments
        .iter()
        .filter_map(|attachment| {
            let kind = match attachment.kind {
                AttachmentKind::Image => MediaKind::Image,
                AttachmentKind::Video => MediaKind::Video,
                AttachmentKind::Audio => MediaKind::Audio,
                AttachmentKind::Document => of_media_type(attachment.media_type.as_deref()),
                AttachmentKind::Link if is_picture(attachment) => MediaKind::Image,
                AttachmentKind::Link => return None,
            };
            Some(ArrivedMedia {
                url: attachment.url.to_string(),
                kind,
                mime: attachment.media_type.clone().unwrap_or_default(),
                description: attachment.description.as_deref().map(described),
                blurhash: attachment.blurhash.clone().filter(|hash| hash.len() <= 200),
                width: pixels(attachment.width),
                height: pixels(attachment.height),
                focus: attachment.focal_point.unwrap_or_default(),
            })
        })
        .take(limits::MEDIA_MAX * 4)
        .collect()
}

fn described(text: &str) -> String {
    sanitise::line(text, limits::MEDIA_DESCRIPTION_CHARS_MAX)
}

/// Lemmy links to pictures, and does not always say that they are some.
fn is_picture(link: &Attachment) -> bool {
    const ENDINGS: [&str; 6] = ["jpg", "jpeg", "png", "gif", "webp", "avif"];
    match link.media_type.as_deref() {
        Some(media_type) => media_type.starts_with("image/"),
        None => link
            .url
            .path()
            .rsplit_once('.')
            .is_some_and(|(_, ending)| ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending))),
    }
}

/// Most software declares pictures as documents, and says by the media type what they are.
fn of_media_type(media_type: Option<&str>) -> MediaKind {
    match media_type.and_then(|media_type| media_type.split('/').next()) {
        Some("image") => MediaKind::Image,
        Some("video") => MediaKind::Video,
        Some("audio") => MediaKind::Audio,
        Some(_) | None => MediaKind::Unknown,
    }
}

/// Its poll.
pub(super) fn poll(poll: &Poll, now: Timestamp) -> ArrivedPoll {
    let count = |votes: Option<u64>| i64::try_from(votes.unwrap_or_default()).unwrap_or(i64::MAX);
    let ends = poll.ends.map(|at| Timestamp::from_micros(at.as_microsecond()));
    ArrivedPoll {
        choices: poll
            .options
            .iter()
            .take(limits::POLL_OPTIONS_REMOTE_MAX)
            .map(|option| Choice {
                title: sanitise::line(&option.name, limits::POLL_OPTION_CHARS_MAX),
                votes_count: count(option.votes),
            })
            .collect(),
        multiple: poll.multiple,
        closes_at: if poll.closed { Some(ends.map_or(now, |end| end.min(now))) } else { ends },
        voters_count: count(poll.voters),
    }
}
