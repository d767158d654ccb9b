//! Publishing, editing and deleting: a member's own words, typed here or sent from elsewhere.

use crate::context::App;
use crate::effects::{self, Via};
use crate::polls;
use crate::reading;
use crate::submission::{self, Submission};
use alongside_domain::actor::{Actor, Address};
use alongside_domain::clock::Timestamp;
use alongside_domain::compose::{self, Named};
use alongside_domain::draft::{Draft, Typed};
use alongside_domain::event::Event;
use alongside_domain::fold;
use alongside_domain::id::{ActorId, MediaId, MemberId, PollId, PostId};
use alongside_domain::place::Place;
use alongside_domain::policy::{Refusal, Verb};
use alongside_domain::post::{Post, Visibility};
use alongside_store::engine::Tx;
use alongside_store::erasures::{self, Erasure};
use alongside_store::session::Session;
use alongside_store::{actors, error, holding, idempotency, media, polls as stored_polls, posts};
use std::collections::HashSet;

/// Why a post was not published, changed or deleted. The texts are shown to the writer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The policy said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// What it answers is not there.
    #[error("The post you are replying to is no longer there")]
    NoParent,
    /// The thread is closed.
    #[error("This thread is closed to new replies")]
    Locked,
    /// The writer was sent out of the community.
    #[error("{}", sent_out(*until, reason))]
    Banned {
        /// Until when; without a moment, until it is lifted.
        until: Option<Timestamp>,
        /// Why.
        reason: String,
    },
    /// What is for members may not leave the community.
    #[error("{0}")]
    Audience(&'static str),
    /// Staff decided that it is not written here.
    #[error("Validation failed: The hashtag #{0} is not used on this server")]
    Hashtag(String),
    /// A file is not the writer's, or is used already.
    #[error("One of the files cannot be used: upload it again")]
    Media,
    /// A file cannot be looked at yet.
    #[error("Cannot attach files that have not finished processing. Try again in a moment!")]
    MediaWaiting,
    /// The store could not do it.
    #[error("the post could not be kept")]
    Store(#[from] error::Error),
}

/// What somebody is told who may not write in a community any more.
fn sent_out(until: Option<Timestamp>, reason: &str) -> String {
    let end = match until {
        Some(until) => format!("until {}", until.to_string().chars().take(10).collect::<String>()),
        None => "for good".to_owned(),
    };
    let why = if reason.is_empty() { String::new() } else { format!(" ({reason})") };
    format!("You were sent out of this community {end}{why}. You can still read what is open there")
}

/// Beside the draft: who writes, with what, and how not to write it twice.
#[derive(Debug, Clone)]
pub struct Writing {
    /// Who writes.
    pub author: MemberId,
    /// The name of the client.
    pub application: Option<String>,
    /// The same key gives the same post.
    pub idempotency_key: Option<String>,
}

/// How long a key is remembered.
const IDEMPOTENCY_SECS: i64 = 3_600;

/// Publishes what a member of this node typed.
pub async fn publish(app: &App, writing: &Writing, draft: &Draft) -> Result<Post, Error> {
    let mut tx = app.store().begin().await?;
    let since = app.now().plus_secs(-IDEMPOTENCY_SECS);
    if let Some(done) = published(&mut tx, writing, since).await? {
        return Ok(done);
    }
    let post = publish_in(&mut tx, app, writing, draft).await?;
    if let Some(key) = &writing.idempotency_key
        && !idempotency::put(&mut tx, writing.author, key, post.id, app.now(), since).await?
        && let Some(done) = published(&mut tx, writing, since).await?
    {
        // The same request came twice at one moment: of the second nothing is kept.
        return Ok(done);
    }
    tx.commit().await?;
    Ok(post)
}

/// What the same request has led to, as long as it is there.
async fn published(tx: &mut Tx, writing: &Writing, since: Timestamp) -> Result<Option<Post>, error::Error> {
    let Some(key) = &writing.idempotency_key else { return Ok(None) };
    let Some(done) = idempotency::find(tx, writing.author, key, since).await? else { return Ok(None) };
    Ok(posts::find(tx, done).await?.filter(Post::is_present))
}

/// Publishes it as part of something else.
pub(crate) async fn publish_in(
    tx: &mut Tx,
    app: &App,
    writing: &Writing,
    draft: &Draft,
) -> Result<Post, Error> {
    let author = author(tx, writing.author.actor()).await?;
    let typed = draft.typed();
    let named = named_in(tx, app, &typed.text).await?;
    let submission = submission::of_draft(tx, app, &author, typed, &named).await?;
    let post = written(app, &author, writing, draft, &named, &submission);
    let mentions = whom_it_concerns(named.iter().map(|actor| actor.id), &post);
    posts::insert(tx, &post, &mentions, &compose::tags(&typed.text)).await?;
    if !typed.media.is_empty() && !media::attach(tx, author.id, post.id, &typed.media).await? {
        return Err(not_attached(tx, author.id, &typed.media).await?);
    }
    if let (Some(id), Some(poll)) = (post.poll, &typed.poll) {
        polls::begin(tx, app, &submission::poll(id, post.id, poll, app.now())).await?;
    }
    effects::of(tx, app, Event::Posted { post: &post, mentions: &mentions }, Via::Here).await?;
    Ok(post)
}

/// A draft for later, if it could be published now, with the audience it has now: nothing that changes meanwhile
/// shows it to more people.
pub(crate) async fn settled(tx: &mut Tx, app: &App, by: MemberId, draft: &Draft) -> Result<Typed, Error> {
    let author = author(tx, by.actor()).await?;
    let typed = draft.typed();
    let named = named_in(tx, app, &typed.text).await?;
    let submission = submission::of_draft(tx, app, &author, typed, &named).await?;
    Ok(Typed { visibility: Some(submission.visibility), community: submission.community, ..typed.clone() })
}

/// Why files cannot go with a post.
pub(crate) async fn not_attached(
    tx: &mut Tx,
    owner: ActorId,
    files: &[MediaId],
) -> Result<Error, error::Error> {
    let waiting = media::is_any_waiting(tx, owner, files).await?;
    Ok(if waiting { Error::MediaWaiting } else { Error::Media })
}

fn written(
    app: &App,
    author: &Actor,
    writing: &Writing,
    draft: &Draft,
    named: &[Actor],
    submission: &Submission,
) -> Post {
    let typed = draft.typed();
    let id: PostId = app.next_id();
    let parent = submission.parent.as_ref();
    Post {
        id,
        uri: app.places().of(Place::Post(id)),
        url: app.places().of(Place::PostPage(&author.handle, id)),
        author: author.id,
        community: submission.community,
        reply_to: parent.map(|parent| parent.id),
        reply_to_author: parent.map(|parent| parent.author),
        reply_to_uri: parent.map(|parent| parent.uri.clone()),
        root: parent.map_or(id, |parent| parent.root),
        title: typed.title.clone().filter(|title| !title.trim().is_empty()),
        content: as_html(app, &typed.text, named),
        source: typed.text.clone(),
        content_note: typed.content_note.clone(),
        sensitive: typed.sensitive || !typed.content_note.is_empty(),
        visibility: submission.visibility,
        language: typed.language.clone(),
        application: writing.application.clone(),
        poll: typed.poll.as_ref().map(|_| app.next_id::<PollId>()),
        local: true,
        published_at: app.now(),
        edited_at: None,
        deleted_at: None,
        removed_at: None,
        locked_at: None,
        replies_count: 0,
        boosts_count: 0,
        reactions_count: 0,
        me_too_count: 0,
    }
}

/// Changes the words of a post, and which files go with it. Its audience and its place stay.
pub async fn edit(app: &App, author: MemberId, id: PostId, draft: &Draft) -> Result<Post, Error> {
    let mut tx = app.store().begin().await?;
    let before = posts::find(&mut tx, id).await?.ok_or(Refusal::Hidden)?;
    let permit = reading::permit(&mut tx, Verb::Edit, None, author.actor(), &before, app.now()).await??;
    debug_assert_eq!(permit.verb(), Verb::Edit);
    let typed = draft.typed();
    let named = named_in(&mut tx, app, &typed.text).await?;
    submission::check_outsiders(&mut tx, app, before.community, before.visibility, &named).await?;
    submission::check_hashtags(&mut tx, &typed.text).await?;
    let author = self::author(&mut tx, author.actor()).await?;
    let after = Post {
        title: typed.title.clone().or_else(|| before.title.clone()),
        content: as_html(app, &typed.text, &named),
        source: typed.text.clone(),
        content_note: typed.content_note.clone(),
        sensitive: typed.sensitive || !typed.content_note.is_empty(),
        language: typed.language.clone().or_else(|| before.language.clone()),
        edited_at: Some(app.now()),
        poll: submission::revise_poll(&mut tx, app, &before, typed.poll.as_ref()).await?,
        ..before.clone()
    };
    let mentions = whom_it_concerns(named.iter().map(|actor| actor.id), &after);
    if !posts::revise(&mut tx, &before, &after, &mentions, &compose::tags(&typed.text)).await? {
        return Err(Refusal::Hidden.into());
    }
    if !media::replace(&mut tx, author.id, after.id, &typed.media).await? {
        return Err(not_attached(&mut tx, author.id, &typed.media).await?);
    }
    effects::of(&mut tx, app, Event::Edited { post: &after }, Via::Here).await?;
    tx.commit().await?;
    Ok(after)
}

/// Deletes a post: its author takes it back, here or elsewhere. Gives it as it was.
pub async fn delete(app: &App, actor: ActorId, id: PostId, via: Via) -> Result<Post, Error> {
    let mut tx = app.store().begin().await?;
    let post = posts::find(&mut tx, id).await?.ok_or(Refusal::Hidden)?;
    holding::actor(&mut tx, post.author).await?;
    // What a moderator took out of a community is still its author's to take back.
    let asked = Post { removed_at: None, ..post.clone() };
    let permit = reading::permit(&mut tx, Verb::Delete, None, actor, &asked, app.now()).await??;
    debug_assert_eq!(permit.verb(), Verb::Delete);
    if !posts::mark_deleted(&mut tx, post.id, app.now()).await? {
        return Err(Refusal::Hidden.into());
    }
    if post.local {
        erasures::insert(&mut tx, &erasure(app, &post)).await?;
    }
    // What follows is worked out before the words are gone.
    effects::of(&mut tx, app, Event::Deleted { post: &post }, via).await?;
    if let Some(poll) = post.poll {
        stored_polls::remove(&mut tx, poll).await?;
    }
    posts::erase(&mut tx, &post, app.now()).await?;
    tx.commit().await?;
    Ok(post)
}

/// What each host will be asked to confirm.
fn erasure(app: &App, post: &Post) -> Erasure {
    Erasure {
        id: app.next_id(),
        actor_id: post.author,
        post_id: Some(post.id),
        uri: post.uri.clone(),
        at: app.now(),
        told_at: None,
    }
}

/// The member who writes, if they are still there, and until this is written.
async fn author(tx: &mut Tx, id: ActorId) -> Result<Actor, Error> {
    Ok(holding::actor(tx, id).await?.filter(Actor::is_present).ok_or(Refusal::Forbidden)?)
}

/// Those a text names and who are known. Unknown ones were looked up before the verb was called.
pub async fn named_in(session: &mut impl Session, app: &App, text: &str) -> Result<Vec<Actor>, error::Error> {
    let mut named: Vec<Actor> = Vec::new();
    for address in compose::mentions(text) {
        let host = address.host.as_deref().filter(|host| *host != app.places().host()).unwrap_or_default();
        if let Some(actor) = actors::find_by_address(session, &address.name, host).await?
            && actor.is_present()
            && !named.iter().any(|other| other.id == actor.id)
        {
            named.push(actor);
        }
    }
    Ok(named)
}

/// Those a post names, and the author of what it answers; of a direct message those it names alone, because
/// whom it concerns may read it.
pub(crate) fn whom_it_concerns(named: impl IntoIterator<Item = ActorId>, post: &Post) -> Vec<ActorId> {
    let answered = post.reply_to_author.filter(|_| post.visibility != Visibility::Direct);
    let mut seen = HashSet::from([post.author]);
    named.into_iter().chain(answered).filter(|actor| seen.insert(*actor)).collect()
}

fn as_html(app: &App, text: &str, named: &[Actor]) -> String {
    let here = app.places().host();
    let spellings: Vec<Named> = named
        .iter()
        .flat_map(|actor| {
            let name = fold::fold(&actor.handle);
            let host = if actor.is_local() { here } else { &actor.host };
            let full = compose_named(actor, &name, Some(host.to_owned()));
            let short = actor.is_local().then(|| compose_named(actor, &name, None));
            std::iter::once(full).chain(short)
        })
        .collect();
    compose::html(text, &spellings, &app.places().of(Place::Tag("")))
}

fn compose_named(actor: &Actor, name: &str, host: Option<String>) -> Named {
    let address = Address { name: name.to_owned(), host };
    Named { address, name: actor.handle.clone(), url: actor.url.clone() }
}
