//! From a document to a post of ours: whose it is, where it belongs, who may read it, what it says.

use crate::documents::activity::{Action, Activity};
use crate::documents::addressing::Public;
use crate::documents::post::{Post as Document, PostKind};
use crate::documents::{self, Document as AnyDocument, origin, tag};
use crate::node::Federation;
use crate::receive::act::{self, Error};
use crate::receive::{chat, confirm, words};
use crate::{resolve, sanitise};
use alongside_app::arrivals::{self, Arrival};
use alongside_app::effects::Via;
use alongside_app::emojis;
use alongside_domain::actor::Actor;
use alongside_domain::agreement::{Limit, Limits};
use alongside_domain::clock::Timestamp;
use alongside_domain::community::Audience;
use alongside_domain::id::{ActorId, CommunityId};
use alongside_domain::limits;
use alongside_domain::post::{Post, Visibility};
use alongside_store::{actors, communities, follows, hosts, members, people, posts};
use url::Url;

/// Posts above a reply that are read at their origins, when nothing of the thread is known.
const ANCESTORS_READ_MAX: usize = 20;

/// Why we would keep a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason<'a> {
    /// Only if it concerns somebody here: by its addressing, its thread or its author's followers.
    Concerned,
    /// A community that is followed here announced it.
    AnnouncedBy(&'a Actor),
    /// Somebody here asked for it, or it is part of a thread that is kept.
    Wanted,
}

/// A post at its origin.
pub async fn read(node: &Federation, id: &Url) -> Result<Document, Error> {
    let fetched = node.read(id).await?;
    match documents::read(&fetched.json) {
        Ok(AnyDocument::Post(post)) if origin::same(&post.author, &post.id) => Ok(*post),
        // Some name what they share by the activity that published it.
        Ok(AnyDocument::Activity(activity)) => {
            created(&activity, id).ok_or(Error::Never("not a publication"))
        }
        Ok(AnyDocument::Tombstone(_)) => Err(Error::Never("deleted at its origin")),
        Ok(_) => Err(Error::Never("another kind of document")),
        Err(_) => Err(Error::Never("not a document")),
    }
}

/// The post inside an activity that publishes it, all of one host.
fn created(activity: &Activity, id: &Url) -> Option<Document> {
    let Action::Create { objects } = &activity.action else { return None };
    let post = objects.first()?.post()?;
    let is_own =
        post.author == activity.actor && origin::same(&post.id, id) && origin::same(&post.author, id);
    is_own.then(|| post.clone())
}

/// Takes a post in, with what it answers. None if nobody here is concerned.
pub async fn take(
    node: &Federation,
    document: &Document,
    author: &Actor,
    reason: Reason<'_>,
    via: Via,
) -> Result<Option<Post>, Error> {
    // A vote is for who asked, and nothing to be shown, whoever passes it on.
    if document.is_vote() || !act::is_heard(node, author).await? {
        return Ok(None);
    }
    let community = community(node, document, reason).await?;
    let arrival = arrival(node, document, author, community.as_ref()).await?;
    let via = passed_on(document, community.as_ref(), reason, via);
    let concerns = match reason {
        Reason::AnnouncedBy(_) | Reason::Wanted => true,
        Reason::Concerned => concerns(node, &arrival, community.as_ref()).await?,
    };
    if !concerns {
        return Ok(None);
    }
    if let Some(parent) = &document.in_reply_to {
        read_above(node, parent, reason).await?;
    }
    Ok(Some(arrivals::receive(node.app(), &arrival, via).await?))
}

/// How a post came that was read somewhere: a community elsewhere stands for what it announced, and for what its
/// own node serves.
fn passed_on(document: &Document, community: Option<&Actor>, reason: Reason<'_>, via: Via) -> Via {
    let Some(community) = community.filter(|community| !community.is_local() && via == Via::Fetched) else {
        return via;
    };
    let announced = matches!(reason, Reason::AnnouncedBy(by) if by.id == community.id);
    if announced || confirm::is_on_host_of(community, &document.id) {
        return Via::Announced(CommunityId::of(community.id));
    }
    via
}

/// Reads what a reply answers, upwards, until something is known or the limit is reached. What cannot
/// be read is left out: the thread is shown from where it is known.
async fn read_above(node: &Federation, parent: &Url, reason: Reason<'_>) -> Result<(), Error> {
    let mut unknown: Vec<(Document, Actor)> = Vec::new();
    let mut next = Some(parent.clone());
    while let Some(id) = next.take() {
        let is_known = posts::find_by_uri(&mut node.app().reader(), id.as_str()).await?.is_some();
        if is_known || unknown.len() >= ANCESTORS_READ_MAX || node.app().places().is_here(id.as_str()) {
            break;
        }
        let Ok(document) = read(node, &id).await else { break };
        let author = resolve::actor(node, &document.author).await;
        let Some(author) = author.ok().filter(Actor::is_present) else { break };
        next.clone_from(&document.in_reply_to);
        unknown.push((document, author));
    }
    for (document, author) in unknown.iter().rev() {
        let community = community(node, document, Reason::Wanted).await?;
        let arrival = arrival(node, document, author, community.as_ref()).await?;
        if arrival.visibility.is_open() || arrival.visibility == Visibility::Members {
            // One that is refused leaves a gap, and the rest stays.
            let via = passed_on(document, community.as_ref(), reason, Via::Fetched);
            let _ = arrivals::receive(node.app(), &arrival, via).await;
        }
    }
    Ok(())
}

/// The community a post is addressed to or made by, if it is one we know. A community that announces what was not
/// written for it has boosted it, and no more.
async fn community(
    node: &Federation,
    document: &Document,
    reason: Reason<'_>,
) -> Result<Option<Actor>, Error> {
    let named = || {
        let addressed = document.authors.iter().chain(document.addressing.addressed_to());
        addressed.chain(document.mentions()).chain(&document.wall_of)
    };
    let is_for = |uri: &str| named().any(|id| id.as_str() == uri);
    if let Reason::AnnouncedBy(community) = reason
        && community.is_community()
        && is_for(&community.uri)
    {
        return Ok(Some(community.clone()));
    }
    let mut reader = node.app().reader();
    for id in named().take(limits::MENTIONS_MAX) {
        if let Some(actor) = actors::find_by_uri(&mut reader, id.as_str()).await?
            && actor.is_community()
            && actor.is_present()
        {
            return Ok(Some(actor));
        }
    }
    Ok(None)
}

/// Whether a post that came by itself concerns somebody here.
async fn concerns(node: &Federation, arrival: &Arrival, community: Option<&Actor>) -> Result<bool, Error> {
    let mut reader = node.app().reader();
    for named in &arrival.mentions {
        if members::exists(&mut reader, *named).await? {
            return Ok(true);
        }
    }
    if arrival.visibility == Visibility::Direct {
        return Ok(false);
    }
    if follows::is_followed_here(&mut reader, arrival.author).await? {
        return Ok(true);
    }
    if !arrival.visibility.is_open() && arrival.visibility != Visibility::Members {
        return Ok(false);
    }
    if let Some(community) = community
        && (community.is_local() || follows::is_followed_here(&mut reader, community.id).await?)
    {
        return Ok(true);
    }
    let known = posts::find_by_uri(&mut reader, &arrival.uri).await?.is_some();
    let parent = match &arrival.reply_to_uri {
        Some(uri) => posts::find_by_uri(&mut reader, uri).await?.is_some(),
        None => false,
    };
    Ok(known || parent)
}

async fn arrival(
    node: &Federation,
    document: &Document,
    author: &Actor,
    community: Option<&Actor>,
) -> Result<Arrival, Error> {
    let mentions = mentions(node, document).await?;
    let moment = |at: Option<jiff::Timestamp>| at.map(|at| Timestamp::from_micros(at.as_microsecond()));
    let content_note = content_note(document);
    let visibility = visibility(node, document, author, community).await?;
    let reply_to_uri = match &document.in_reply_to {
        None if document.is_chat && visibility == Visibility::Direct => {
            chat::goes_on(node, document, author, &mentions).await?
        }
        parent => parent.as_ref().map(Url::to_string),
    };
    let no_media = limits_of(node, author).await?.has(Limit::NoMedia);
    if !no_media {
        emojis::learn(node.app(), &author.host, &tag::emojis(&document.tags)).await?;
    }
    Ok(Arrival {
        uri: document.id.to_string(),
        url: document
            .url
            .as_ref()
            .filter(|url| origin::same(url, &document.id))
            .unwrap_or(&document.id)
            .to_string(),
        author: author.id,
        community: community.map(|community| CommunityId::of(community.id)),
        reply_to_uri,
        context: document.context.clone().filter(|context| is_web_address(context)),
        title: title(document).filter(|title| *title != content_note),
        content: words::content(document),
        sensitive: document.sensitive || !content_note.is_empty(),
        content_note,
        visibility,
        takes_answers: document.takes_answers,
        language: document.language.clone(),
        published_at: moment(document.published),
        edited_at: moment(document.updated)
            .filter(|at| moment(document.published).is_none_or(|first| first < *at)),
        mentions,
        tags: words::tags(document),
        media: if no_media { Vec::new() } else { words::media(document) },
        poll: document.poll.as_ref().map(|poll| words::poll(poll, node.app().now())),
    })
}

/// Its content note. What has a title uses `summary` for other things, unless it is to be covered: so a page of ours says it.
fn content_note(document: &Document) -> String {
    let is_note = match document.kind {
        PostKind::Note | PostKind::Question => true,
        PostKind::Page => document.sensitive,
        PostKind::Article
        | PostKind::Video
        | PostKind::Event
        | PostKind::Image
        | PostKind::Audio
        | PostKind::Document => false,
    };
    document.summary.as_deref().filter(|_| is_note).map(sanitise::plain_text).unwrap_or_default()
}

/// Its title. `NodeBB` gives each answer the title of its thread, which is not said again under each.
fn title(document: &Document) -> Option<String> {
    let is_answer = document.kind == PostKind::Note && document.in_reply_to.is_some();
    let name = document.name.as_deref().filter(|_| !is_answer)?;
    Some(sanitise::line(name, limits::TITLE_CHARS_MAX)).filter(|title| !title.is_empty())
}

/// The limits of the host that an actor lives on.
pub(super) async fn limits_of(node: &Federation, actor: &Actor) -> Result<Limits, Error> {
    Ok(hosts::standing(&mut node.app().reader(), &actor.server()).await?.limits)
}

/// Some software gives its threads names that lead nowhere.
fn is_web_address(context: &str) -> bool {
    Url::parse(context).is_ok_and(|url| matches!(url.scheme(), "https" | "http"))
}

/// Who may read it, after its addressing. What is addressed to the followers of a community and not to the
/// public is for its members; where a community is for its members, so is what is addressed to it alone.
async fn visibility(
    node: &Federation,
    document: &Document,
    author: &Actor,
    community: Option<&Actor>,
) -> Result<Visibility, Error> {
    match document.addressing.public {
        Some(Public::Listed) => return Ok(Visibility::Public),
        Some(Public::Unlisted) => return Ok(Visibility::Unlisted),
        None => {}
    }
    let is_to = |uri: &str| document.addressing.addressed_to().any(|id| id.as_str() == uri);
    if let Some(community) = community {
        let settings = communities::find(&mut node.app().reader(), community.id).await?;
        let members_only = settings.is_some_and(|settings| settings.audience == Audience::Members);
        if community.followers.as_deref().is_some_and(is_to) || (members_only && is_to(&community.uri)) {
            return Ok(Visibility::Members);
        }
    }
    let to_followers = author.followers.as_deref().is_some_and(is_to);
    Ok(if to_followers { Visibility::Followers } else { Visibility::Direct })
}

/// Those it names that are known. Nobody is looked up for having been named. What is for some people only is for
/// those it is addressed to, whether it names them or not: Lemmy's private messages do not.
async fn mentions(node: &Federation, document: &Document) -> Result<Vec<ActorId>, Error> {
    let mut reader = node.app().reader();
    let mut out = Vec::new();
    let is_narrow = !document.addressing.is_public();
    let addressed =
        document.addressing.addressed_to().filter(|id| is_narrow && node.app().places().is_here(id.as_str()));
    for id in document.mentions().chain(addressed).take(limits::MENTIONS_MAX) {
        if let Some(actor) = actors::find_by_uri(&mut reader, id.as_str()).await?
            && !out.contains(&actor.id)
            && !people::waits(&mut reader, &actor).await?
        {
            out.push(actor.id);
        }
    }
    Ok(out)
}
