//! Posts: everything people write or make, of whatever type their software gives it.

use jiff::Timestamp;
use url::Url;

use crate::documents::Malformed;
use crate::documents::addressing::Addressing;
use crate::documents::collection::{Collection, is_collection};
use crate::documents::event::Event;
use crate::documents::fields::{self, Fields};
use crate::documents::media::{self, Attachment};
use crate::documents::origin;
use crate::documents::poll::Poll;
use crate::documents::reference::Reference;
use crate::documents::tag::Tag;

/// Authors of one post we look at.
const AUTHORS_MAX: usize = 20;
/// Entries of the lists of who may answer that we look at.
const APPROVED_MAX: usize = 100;
/// What Pleroma, and Lemmy before 1.0, call a private message.
const CHAT: &str = "ChatMessage";
/// How `PeerTube` says that nobody may comment.
const COMMENTS_REFUSED: u64 = 2;

/// Something somebody wrote or made.
#[derive(Debug, Clone, PartialEq)]
pub struct Post {
    /// Its id.
    pub id: Url,
    /// Its type on the wire, which says more about the software than about the post.
    pub kind: PostKind,
    /// Whether it is part of a chat, which has no threads.
    pub is_chat: bool,
    /// Who made it; where several are named, the person.
    pub author: Url,
    /// Everybody it is attributed to: `PeerTube` names the channel too.
    pub authors: Vec<Url>,
    /// To whom it is addressed.
    pub addressing: Addressing,
    /// Whose list it is to be added to (FEP-400e): where it was written, if that is not with its author.
    pub wall_of: Option<Url>,
    /// What it answers.
    pub in_reply_to: Option<Url>,
    /// Its title or, in a vote, the option chosen.
    pub name: Option<String>,
    /// Its content warning or summary, as unclean HTML.
    pub summary: Option<String>,
    /// Its text.
    pub content: Option<Content>,
    /// What its author typed, where the server shows it.
    pub source: Option<Content>,
    /// The language of its text.
    pub language: Option<String>,
    /// Whether to cover its pictures.
    pub sensitive: bool,
    /// Its page for people.
    pub url: Option<Url>,
    /// Its preview picture.
    pub image: Option<Url>,
    /// What is attached to it.
    pub attachments: Vec<Attachment>,
    /// Whom and what it mentions.
    pub tags: Vec<Tag>,
    /// Its answers.
    pub replies: Option<Reference>,
    /// The conversation it belongs to, as an id or an opaque name.
    pub context: Option<String>,
    /// The post it quotes.
    pub quote: Option<Url>,
    /// Its poll.
    pub poll: Option<Poll>,
    /// When and where it takes place.
    pub event: Option<Event>,
    /// Whether answers are welcome; absent where it does not say.
    pub takes_answers: Option<bool>,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// When it was last edited.
    pub updated: Option<Timestamp>,
}

/// A text and what kind of text it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The text, unclean.
    pub text: String,
    /// Its media type, HTML where it does not say.
    pub format: Format,
}

/// What kind of text a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// HTML.
    Html,
    /// Markdown.
    Markdown,
    /// Plain text, or anything else we do not render.
    Plain,
}

/// The type a post has on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "The vocabulary of the wire says what each is.")]
pub enum PostKind {
    Note,
    Page,
    Article,
    Question,
    Video,
    Event,
    Image,
    Audio,
    Document,
}

impl PostKind {
    /// As the wire spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "Note",
            Self::Page => "Page",
            Self::Article => "Article",
            Self::Question => "Question",
            Self::Video => "Video",
            Self::Event => "Event",
            Self::Image => "Image",
            Self::Audio => "Audio",
            Self::Document => "Document",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        if name == CHAT {
            return Some(Self::Note);
        }
        let all = [Self::Note, Self::Page, Self::Article, Self::Question, Self::Video];
        let rest = [Self::Event, Self::Image, Self::Audio, Self::Document];
        all.into_iter().chain(rest).find(|kind| kind.name() == name)
    }
}

impl Post {
    /// The actors it mentions by tag.
    pub fn mentions(&self) -> impl Iterator<Item = &Url> {
        self.tags.iter().filter_map(|tag| match tag {
            Tag::Mention { href, .. } => Some(href),
            Tag::Hashtag { .. } | Tag::Emoji { .. } | Tag::Link { .. } => None,
        })
    }

    /// Whether this is a vote in a poll: a name for an answer, and nothing else.
    pub fn is_vote(&self) -> bool {
        self.kind == PostKind::Note
            && self.name.is_some()
            && self.content.is_none()
            && self.attachments.is_empty()
            && self.in_reply_to.is_some()
    }

    pub(super) fn read(kind: PostKind, fields: Fields<'_>) -> Result<Self, Malformed> {
        let content = fields.natural("content");
        let language = content.as_ref().and_then(|found| found.language.clone());
        let format = fields.text("mediaType").map_or(Format::Html, Format::named);
        Ok(Self {
            id: fields.own_id().ok_or(Malformed::Missing("id"))?,
            kind,
            is_chat: fields.types().any(|kind| kind == CHAT),
            author: author(fields).ok_or(Malformed::Missing("attributedTo"))?,
            authors: fields.ids("attributedTo", AUTHORS_MAX),
            addressing: Addressing::read(fields),
            wall_of: wall_of(fields),
            in_reply_to: fields.id("inReplyTo"),
            name: fields.natural("name").map(|found| found.text),
            summary: fields.natural("summary").map(|found| found.text),
            content: content.map(|found| Content { text: found.text, format }),
            source: source(fields),
            language,
            sensitive: fields.flag("sensitive") == Some(true),
            url: fields.link("url"),
            image: media::picture(fields, "image").or_else(|| media::picture(fields, "icon")),
            attachments: attachments(kind, fields),
            tags: Tag::each(fields),
            replies: Collection::of_replies(fields),
            context: ["context", "conversation"].iter().find_map(|name| thread(fields, name)),
            quote: ["quote", "quoteUrl", "quoteUri", "_misskey_quote"]
                .iter()
                .find_map(|name| fields.id(name)),
            poll: Poll::read(fields),
            event: if kind == PostKind::Event { Event::read(fields) } else { None },
            takes_answers: takes_answers(fields),
            published: fields.time("published"),
            updated: fields.time("updated"),
        })
    }
}

impl Format {
    fn named(media_type: &str) -> Self {
        match media_type.split(';').next().unwrap_or_default().trim() {
            "text/html" => Self::Html,
            "text/markdown" => Self::Markdown,
            _ => Self::Plain,
        }
    }
}

fn attachments(kind: PostKind, fields: Fields<'_>) -> Vec<Attachment> {
    let attached = Attachment::each(fields);
    if attached.is_empty() && kind == PostKind::Image {
        return Attachment::itself(fields).into_iter().collect();
    }
    attached
}

/// Of several authors the person is meant: ``PeerTube`` names the channel too.
fn author(fields: Fields<'_>) -> Option<Url> {
    let is_person = |author: &Fields<'_>| author.types().any(|kind| kind == "Person");
    fields
        .objects("attributedTo")
        .take(AUTHORS_MAX)
        .filter(is_person)
        .find_map(|author| author.own_id())
        .or_else(|| fields.id("attributedTo"))
}

/// Whose the list is that its author wants it to be on. The list lies where its owner lives.
fn wall_of(fields: Fields<'_>) -> Option<Url> {
    fields.objects("target").find_map(|target| {
        let is_list = target.types().any(is_collection);
        let owner = target.id("attributedTo").filter(|_| is_list)?;
        target.own_id().is_some_and(|list| origin::same(&list, &owner)).then_some(owner)
    })
}

/// A flag, as most have it. `PeerTube` says more in a number: yes, no, or yes if its author approves.
fn takes_answers(fields: Fields<'_>) -> Option<bool> {
    let policy = fields.count("commentsPolicy").map(|policy| policy != COMMENTS_REFUSED);
    policy.or_else(|| fields.flag("commentsEnabled")).or_else(|| lets_others_answer(fields))
}

/// `GoToSocial` lists who may answer, at once or when the author has agreed; the lists had other names before 0.20.
/// Where nobody but the author is in them, nobody else may. Who exactly may is left to their server.
fn lets_others_answer(fields: Fields<'_>) -> Option<bool> {
    let author = author(fields)?;
    let rules = fields.objects("interactionPolicy").find_map(|policy| policy.objects("canReply").next())?;
    let lists = ["automaticApproval", "manualApproval", "always", "approvalRequired"];
    let mut named = lists
        .iter()
        .flat_map(|list| rules.each(list))
        .filter_map(fields::text_of)
        .take(APPROVED_MAX)
        .peekable();
    named.peek()?;
    Some(named.any(|named| named != author.as_str()))
}

fn source(fields: Fields<'_>) -> Option<Content> {
    if let Some(text) = fields.text("source") {
        return Some(Content { text: text.to_owned(), format: Format::Plain });
    }
    fields.objects("source").find_map(|source| {
        let format = source.text("mediaType").map_or(Format::Plain, Format::named);
        Some(Content { text: source.text("content")?.to_owned(), format })
    })
}

fn thread(fields: Fields<'_>, name: &str) -> Option<String> {
    fields
        .each(name)
        .find_map(fields::text_of)
        .map(|thread| fields::cut(thread, crate::fetch::guard::URL_BYTES_MAX).to_owned())
}
