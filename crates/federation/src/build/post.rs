//! The document of a post: a `Note`, a `Question` where it has a poll, a `Page` where its community takes no
//! other kind of thread, or a `ChatMessage` where whom it is for gets no other kind of letter.

use crate::build::parts::{Attached, Context, PostParts, RepliesPage, Shape};
use crate::build::{Audience, context, emoji, handle, quote, with};
use crate::documents::addressing::PUBLIC;
use crate::sanitise;
use alongside_app::media;
use alongside_domain::actor::Actor;
use alongside_domain::clock::Timestamp;
use alongside_domain::compose::{escape, named};
use alongside_domain::limits::TITLE_CHARS_MAX;
use alongside_domain::media::MediaKind;
use alongside_domain::place::{Place, Places};
use alongside_domain::poll::Poll;
use alongside_domain::post::{Post, Visibility};
use serde_json::{Map, Value, json};

/// The document of a post, as it stands inside an activity.
pub fn post(places: &Places, parts: &PostParts) -> Value {
    let PostParts { post, author, .. } = parts;
    let audience = audience(parts);
    let content = content(parts);
    let mut document = json!({
        "id": post.uri,
        "type": kind(parts),
        "url": post.url,
        "attributedTo": author.uri,
        "to": audience.to,
        "cc": audience.cc,
        "content": content,
        "mediaType": "text/html",
        "sensitive": post.sensitive || author.sensitized_at.is_some(),
        "published": post.published_at.to_string(),
        "attachment": parts.media.iter().map(attachment).collect::<Vec<_>>(),
        "tag": tags(places, parts),
        "replies": replies(places, post, &parts.replies),
        "interactionPolicy": quote::policy(author),
    });
    document = with(document, "audience", parts.community.as_ref().map(|community| community.uri.clone()));
    document = with(document, "target", target(parts));
    document = with(document, "context", context_of(places, &parts.context));
    document = with(document, "name", name(parts));
    document = with(document, "summary", Some(post.content_note.clone()).filter(|note| !note.is_empty()));
    document = with(document, "inReplyTo", post.reply_to_uri.clone());
    document = with(document, "updated", post.edited_at.map(|at| at.to_string()));
    document =
        with(document, "contentMap", post.language.as_ref().map(|language| json!({ language: content })));
    document = with(document, "source", source(post));
    if let (Some(poll), Some(document)) = (&parts.poll, document.as_object_mut()) {
        document.extend(questions(poll, parts.shows_totals));
    }
    document
}

/// The wall it hangs on. Software that knows no walls passes over this.
fn target(parts: &PostParts) -> Option<Value> {
    let owner = &parts.community.as_ref()?.uri;
    let wall = parts.wall.as_ref()?;
    Some(json!({ "type": "Collection", "id": wall, "attributedTo": owner }))
}

/// The address of the thread as a whole.
fn context_of(places: &Places, context: &Context) -> Option<String> {
    match context {
        Context::Elsewhere(uri) => Some(uri.clone()),
        Context::Here(root) => Some(places.of(Place::Context(*root))),
        Context::Unknown => None,
    }
}

/// What is left of a post that was deleted.
pub fn tombstone(uri: &str, at: Timestamp) -> Value {
    json!({ "@context": context(), "id": uri, "type": "Tombstone", "deleted": at.to_string() })
}

/// The answers to a post: a collection that carries its first page, because some read it only so.
pub fn replies(places: &Places, post: &Post, first: &RepliesPage) -> Value {
    json!({
        "id": places.of(Place::Replies(post.id)),
        "type": "Collection",
        "first": replies_page(places, post, first),
    })
}

/// A page of the answers to a post.
pub fn replies_page(places: &Places, post: &Post, page: &RepliesPage) -> Value {
    let collection = places.of(Place::Replies(post.id));
    let next = page.continues_after.map(|last| format!("{collection}?after={last}"));
    with(json!({ "type": "CollectionPage", "partOf": collection, "items": page.uris }), "next", next)
}

/// To whom a post is addressed. What is for some people never names the public.
pub fn audience(parts: &PostParts) -> Audience {
    let followers = parts.author.followers.iter().cloned();
    let community = parts.community.iter().map(|community| community.uri.clone());
    let audience = match parts.post.visibility {
        Visibility::Public => Audience {
            to: [PUBLIC.to_owned()].into_iter().chain(community).collect(),
            cc: followers.collect(),
        },
        Visibility::Unlisted => {
            Audience { to: followers.chain(community).collect(), cc: vec![PUBLIC.to_owned()] }
        }
        Visibility::Followers => Audience { to: followers.collect(), cc: Vec::new() },
        Visibility::Direct => {
            return Audience {
                to: parts.mentions.iter().map(|named| named.uri.clone()).collect(),
                cc: Vec::new(),
            };
        }
        Visibility::Members => members(parts),
    };
    audience.and_cc(parts.mentions.iter().map(|named| named.uri.clone()))
}

/// To the community of a post and to its members.
pub(super) fn members(parts: &PostParts) -> Audience {
    let community = parts.community.as_ref();
    let uri = community.map(|community| community.uri.clone());
    let members = community.and_then(|community| community.followers.clone());
    Audience { to: uri.into_iter().chain(members).collect(), cc: Vec::new() }
}

const fn kind(parts: &PostParts) -> &'static str {
    match (&parts.poll, parts.shape) {
        (Some(_), _) => "Question",
        (None, Shape::Page) => "Page",
        (None, Shape::Message) => "ChatMessage",
        (None, Shape::Note) => "Note",
    }
}

/// The name of a page: its title or, because a page without one is refused or shown as such, its content note, which such
/// software shows nowhere else, or its first line, without the community that it was written to.
fn name(parts: &PostParts) -> Option<String> {
    let community = parts.community.as_ref().filter(|_| parts.shape == Shape::Page)?;
    let text = sanitise::plain_text(&parts.post.content);
    let line = |words: &str| Some(sanitise::line(words, TITLE_CHARS_MAX)).filter(|line| !line.is_empty());
    let first = || text.lines().find_map(|words| line(&beside_mention(words, community)));
    parts.post.title.clone().or_else(|| line(&parts.post.content_note)).or_else(first).or_else(|| line(&text))
}

/// A line without the mention that puts a post into its community, where that stands at its beginning or end: in the
/// community's own list of threads it says nothing.
fn beside_mention(line: &str, community: &Actor) -> String {
    let is_it = |word: &&str| {
        let name = word.strip_prefix('@').and_then(|name| name.split(['@', ',', ':']).next());
        name.is_some_and(|name| name.eq_ignore_ascii_case(&community.handle))
    };
    let mut words: Vec<&str> = line.split_whitespace().collect();
    if words.first().is_some_and(is_it) {
        words.remove(0);
    } else if words.last().is_some_and(is_it) {
        words.pop();
    }
    words.join(" ")
}

/// A title stands above the text. As a `name` it would be taken for a content warning by software that
/// knows no titles, so only a page has one.
fn content(parts: &PostParts) -> String {
    let text = with_hosts(parts);
    match &parts.post.title {
        Some(title) if parts.shape != Shape::Page => format!("<h2>{}</h2>{text}", escape(title)),
        Some(_) | None => text,
    }
}

/// The text, in which whoever lives elsewhere is named with their host: Lemmy looks for those it tells that they are named
/// in the text alone.
fn with_hosts(parts: &PostParts) -> String {
    let elsewhere = parts.mentions.iter().filter(|who| !who.is_local() && !who.is_community());
    elsewhere.fold(parts.post.content.clone(), |text, Actor { url, handle, host, .. }| {
        text.replace(&named(url, handle), &named(url, &format!("{handle}@{host}")))
    })
}

fn source(post: &Post) -> Option<Value> {
    (!post.source.is_empty()).then(|| json!({ "content": post.source, "mediaType": "text/plain" }))
}

/// Those it names, its community first: so that an answer written elsewhere is addressed to it too.
fn tags(places: &Places, parts: &PostParts) -> Vec<Value> {
    let community = parts.community.as_ref();
    let named =
        parts.mentions.iter().filter(|named| community.is_none_or(|community| community.id != named.id));
    let mention =
        |actor: &Actor| json!({ "type": "Mention", "href": actor.uri, "name": handle(places, actor) });
    let hashtag = |tag: &String| json!({ "type": "Hashtag", "href": places.of(Place::Tag(tag)), "name": format!("#{tag}") });
    let pictures = parts.emojis.iter().filter_map(|picture| emoji::tag(places, picture));
    let mentions = community.into_iter().chain(named).map(mention);
    mentions.chain(parts.tags.iter().map(hashtag)).chain(pictures).collect()
}

fn attachment(Attached { file, address, cover }: &Attached) -> Value {
    // The Lemmy family refuses a post with an attachment of any other type; the media type says what it is.
    let kind = if file.kind == MediaKind::Image { "Image" } else { "Document" };
    let mut document = json!({ "type": kind, "url": address, "mediaType": file.mime });
    document = with(document, "name", file.description.clone());
    document = with(document, "blurhash", file.blurhash.clone());
    document = with(document, "width", Some(file.width).filter(|width| *width > 0));
    document = with(document, "height", Some(file.height).filter(|height| *height > 0));
    let mime = file.preview.as_deref().and_then(media::mime);
    let icon = |url: &String| json!({ "type": "Image", "mediaType": mime, "url": url });
    document = with(document, "icon", cover.as_ref().filter(|_| mime.is_some()).map(icon));
    let is_centred = file.focus_x == 0.0 && file.focus_y == 0.0;
    with(document, "focalPoint", (!is_centred).then(|| json!([file.focus_x, file.focus_y])))
}

/// What a poll adds. Counts that are hidden until the end are left out, not told as nought.
fn questions(poll: &Poll, shows_totals: bool) -> Map<String, Value> {
    let choices: Vec<Value> = poll
        .choices
        .iter()
        .map(|choice| {
            let votes = json!({ "type": "Collection", "totalItems": choice.votes_count });
            with(json!({ "type": "Note", "name": choice.title }), "replies", shows_totals.then_some(votes))
        })
        .collect();
    let members = [
        (if poll.multiple { "anyOf" } else { "oneOf" }, Some(Value::from(choices))),
        ("endTime", poll.closes_at.map(|at| at.to_string().into())),
        ("closed", poll.ended_at.map(|at| at.to_string().into())),
        ("votersCount", shows_totals.then(|| poll.voters_count.into())),
    ];
    members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}
