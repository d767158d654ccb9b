//! What was written elsewhere: the same post, edit and deletion, through the other door.

mod closing;

use crate::context::App;
use crate::effects::{self, Via};
use crate::posts::{Error, whom_it_concerns};
use crate::submission;
use alongside_domain::clock::Timestamp;
use alongside_domain::community::{Audience, Community};
use alongside_domain::event::Event;
use alongside_domain::id::{ActorId, CommunityId, MediaId, PollId, PostId};
use alongside_domain::media::{Media, MediaKind, MediaState};
use alongside_domain::policy::Refusal;
use alongside_domain::poll::{Choice, Poll};
use alongside_domain::post::{Post, Visibility};
use alongside_store::engine::Tx;
use alongside_store::{communities, contexts, letting_go, media, polls, posts, threads};

/// A post as its origin tells it. Its words are clean HTML; those it names are known.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// Its address in the protocol.
    pub uri: String,
    /// Its page.
    pub url: String,
    /// Who wrote it.
    pub author: ActorId,
    /// The community it is addressed to.
    pub community: Option<CommunityId>,
    /// The address of what it answers.
    pub reply_to_uri: Option<String>,
    /// The address of the collection that its thread is kept in.
    pub context: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// What it says.
    pub content: String,
    /// The content note one reads first.
    pub content_note: String,
    /// Its files are covered at first.
    pub sensitive: bool,
    /// Who may read it.
    pub visibility: Visibility,
    /// Whether it may be answered, where its origin says.
    pub takes_answers: Option<bool>,
    /// The language it is in.
    pub language: Option<String>,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// When it was changed.
    pub edited_at: Option<Timestamp>,
    /// Those it names.
    pub mentions: Vec<ActorId>,
    /// Its hashtags, folded.
    pub tags: Vec<String>,
    /// Its pictures, films and sounds.
    pub media: Vec<ArrivedMedia>,
    /// Its poll.
    pub poll: Option<ArrivedPoll>,
}

/// A file of such a post.
#[derive(Debug, Clone)]
pub struct ArrivedMedia {
    /// Where it is.
    pub url: String,
    /// What kind it is.
    pub kind: MediaKind,
    /// Its media type.
    pub mime: String,
    /// What one would see or hear.
    pub description: Option<String>,
    /// Its blurred stand-in.
    pub blurhash: Option<String>,
    /// Pixels across.
    pub width: i64,
    /// Pixels down.
    pub height: i64,
    /// What to keep in view where it is cut, across and down from the middle.
    pub focus: (f64, f64),
}

/// The poll of such a post.
#[derive(Debug, Clone)]
pub struct ArrivedPoll {
    /// The choices, and how often each was taken.
    pub choices: Vec<Choice>,
    /// More than one may be chosen.
    pub multiple: bool,
    /// When it closes, or closed.
    pub closes_at: Option<Timestamp>,
    /// How many voted.
    pub voters_count: i64,
}

/// Takes a post that was written elsewhere, or the newer words of one. One that is known and not
/// newer changes nothing; one that was deleted does not come back.
pub async fn receive(app: &App, arrival: &Arrival, via: Via) -> Result<Post, Error> {
    let mut tx = app.store().begin().await?;
    let addresses: Vec<&str> = arrival.reply_to_uri.as_deref().into_iter().chain([&*arrival.uri]).collect();
    threads::hold(&mut tx, &addresses).await?;
    if posts::tombstone(&mut tx, &arrival.uri).await?.is_some() {
        return Err(Refusal::Hidden.into());
    }
    let post = match posts::find_by_uri(&mut tx, &arrival.uri).await? {
        Some(known) if known.deleted_at.is_some() => bring_back(&mut tx, app, known, arrival, via).await?,
        Some(known) => revise(&mut tx, app, known, arrival, via).await?,
        None => insert(&mut tx, app, arrival, via).await?,
    };
    tx.commit().await?;
    Ok(post)
}

async fn insert(tx: &mut Tx, app: &App, arrival: &Arrival, via: Via) -> Result<Post, Error> {
    let parent = match &arrival.reply_to_uri {
        Some(uri) => posts::find_by_uri(tx, uri).await?,
        None => None,
    };
    let community = community(tx, arrival, parent.as_ref(), via).await?;
    let kept_from_some =
        |parent: &&Post| matches!(parent.visibility, Visibility::Followers | Visibility::Direct);
    if let Some(parent) = parent.as_ref().filter(|parent| parent.local || !kept_from_some(parent)) {
        // Where nobody looks after a thread, it is its author who closed it.
        let decided_elsewhere = parent.community.is_none()
            || (matches!(via, Via::Fetched | Via::Announced(_))
                && community.as_ref().is_some_and(|community| !community.local));
        match submission::may_answer(tx, app, arrival.author, parent, via).await {
            // It was let in where the community lives, before the thread was closed or its author sent out.
            Err(Error::Locked | Error::Banned { .. }) if decided_elsewhere => {}
            answer => answer?,
        }
    }
    if let Some(community) = community.as_ref().filter(|community| community.local) {
        let is_reply = arrival.reply_to_uri.is_some();
        submission::may_write(tx, arrival.author, community, is_reply, arrival.visibility, app.now()).await?;
    }
    let id = free_id(tx, app, arrival.published_at).await?;
    let post = arrived(app, id, arrival, parent.as_ref(), community.map(|community| community.id));
    if !posts::insert(tx, &post, &others(arrival), &arrival.tags).await? {
        return Err(Refusal::Hidden.into());
    }
    complete(tx, app, &post, arrival, via).await?;
    Ok(post)
}

fn others(arrival: &Arrival) -> Vec<ActorId> {
    arrival.mentions.iter().copied().filter(|actor| *actor != arrival.author).collect()
}

/// Adds what belongs to a post that is new here, and what follows from it.
async fn complete(tx: &mut Tx, app: &App, post: &Post, arrival: &Arrival, via: Via) -> Result<(), Error> {
    if let Some(context) = arrival.context.as_deref().filter(|_| post.visibility.is_open()) {
        contexts::put(tx, post.id, context).await?;
    }
    media::insert_remote(tx, &images(app, post, arrival)).await?;
    closing::close(tx, app, post, arrival).await?;
    if let (Some(id), Some(poll)) = (post.poll, &arrival.poll) {
        crate::polls::begin(tx, app, &kept_poll(id, post.id, poll)).await?;
    }
    let mentions = whom_it_concerns(arrival.mentions.iter().copied(), post);
    effects::of(tx, app, Event::Posted { post, mentions: &mentions }, via).await?;
    Ok(())
}

/// The community a post from elsewhere is in. What is for members has to name the community of its thread, and
/// where that lives elsewhere only its own node passes it on. What is for anybody is in no community, and in no
/// thread, that is for members.
async fn community(
    tx: &mut Tx,
    arrival: &Arrival,
    parent: Option<&Post>,
    via: Via,
) -> Result<Option<Community>, Error> {
    let inherited = parent.and_then(|parent| parent.community);
    let found = match inherited.or(arrival.community) {
        Some(id) => communities::find(tx, id.actor()).await?,
        None => None,
    };
    match arrival.visibility {
        Visibility::Members => {
            let found = found.filter(|found| Some(found.id) == arrival.community);
            let found = found.ok_or(Error::Audience("What is for members has to say of which community"))?;
            if !found.local && via != Via::Announced(found.id) {
                return Err(Error::Audience("What is for members has to come from their community"));
            }
            Ok(Some(found))
        }
        Visibility::Public | Visibility::Unlisted => {
            let for_members = parent.is_some_and(|parent| parent.visibility == Visibility::Members);
            match found {
                Some(found) if found.audience == Audience::Members || for_members => {
                    if found.local {
                        return Err(Error::Audience(
                            "This community is for its members, and this is for anybody",
                        ));
                    }
                    Ok(None)
                }
                found => Ok(found),
            }
        }
        Visibility::Followers | Visibility::Direct => Ok(None),
    }
}

/// What was let go of when the last member here left their community has come again.
async fn bring_back(tx: &mut Tx, app: &App, known: Post, arrival: &Arrival, via: Via) -> Result<Post, Error> {
    let is_the_same = known.author == arrival.author && known.visibility == arrival.visibility;
    if !is_the_same || !known.community.is_some_and(|community| via == Via::Announced(community)) {
        return Err(Refusal::Forbidden.into());
    }
    let post = Post {
        title: arrival.title.clone(),
        content: arrival.content.clone(),
        content_note: arrival.content_note.clone(),
        sensitive: arrival.sensitive,
        language: arrival.language.clone(),
        poll: arrival.poll.as_ref().map(|_| app.next_id::<PollId>()),
        edited_at: arrival.edited_at.map(|at| at.min(app.now())),
        deleted_at: None,
        ..known
    };
    if !letting_go::bring_back(tx, &post, &others(arrival), &arrival.tags).await? {
        return Err(Refusal::Hidden.into());
    }
    complete(tx, app, &post, arrival, via).await?;
    Ok(post)
}

async fn revise(tx: &mut Tx, app: &App, before: Post, arrival: &Arrival, via: Via) -> Result<Post, Error> {
    if before.author != arrival.author || before.local || !before.is_present() {
        return Err(Refusal::Forbidden.into());
    }
    if let (Some(id), Some(poll)) = (before.poll, &arrival.poll) {
        polls::update_remote(tx, &kept_poll(id, before.id, poll)).await?;
    }
    let edited_at = arrival.edited_at.map(|at| at.min(app.now()));
    if edited_at >= before.edited_at {
        closing::close(tx, app, &before, arrival).await?;
    }
    let same = before.content == arrival.content
        && before.content_note == arrival.content_note
        && before.title == arrival.title
        && before.sensitive == arrival.sensitive
        && before.language == arrival.language;
    // Its files, their descriptions and its hashtags may have changed though its words have not. Where nothing has, it
    // was no edit: much software tells in the same way how a poll stands.
    if edited_at < before.edited_at || (same && goes_with_the_same(tx, before.id, arrival).await?) {
        effects::pass_on(tx, app, &before, via).await?;
        return Ok(before);
    }
    let after = Post {
        title: arrival.title.clone(),
        content: arrival.content.clone(),
        content_note: arrival.content_note.clone(),
        sensitive: arrival.sensitive,
        language: arrival.language.clone(),
        edited_at: Some(edited_at.unwrap_or_else(|| app.now())),
        ..before.clone()
    };
    if !posts::revise(tx, &before, &after, &others(arrival), &arrival.tags).await? {
        return Err(Refusal::Hidden.into());
    }
    media::clear_remote(tx, after.id).await?;
    media::insert_remote(tx, &images(app, &after, arrival)).await?;
    effects::of(tx, app, Event::Edited { post: &after }, via).await?;
    Ok(after)
}

/// Whether the files and hashtags of a post are those that are known.
async fn goes_with_the_same(tx: &mut Tx, known: PostId, arrival: &Arrival) -> Result<bool, Error> {
    let files = media::of_posts(tx, &[known]).await?;
    let (kept, came) = (files.iter(), arrival.media.iter());
    let kept = kept.map(|file| (file.remote_url.as_deref(), file.description.as_deref()));
    if !kept.eq(came.map(|file| (Some(file.url.as_str()), file.description.as_deref()))) {
        return Ok(false);
    }
    let tags = posts::tags(tx, &[known]).await?;
    Ok(tags.len() == arrival.tags.len() && tags.iter().all(|kept| arrival.tags.contains(&kept.tag)))
}

fn arrived(
    app: &App,
    id: PostId,
    arrival: &Arrival,
    parent: Option<&Post>,
    community: Option<CommunityId>,
) -> Post {
    Post {
        id,
        uri: arrival.uri.clone(),
        url: arrival.url.clone(),
        author: arrival.author,
        community,
        reply_to: parent.map(|parent| parent.id),
        reply_to_author: parent.map(|parent| parent.author),
        reply_to_uri: arrival.reply_to_uri.clone(),
        root: parent.map_or(id, |parent| parent.root),
        title: arrival.title.clone(),
        content: arrival.content.clone(),
        source: String::new(),
        content_note: arrival.content_note.clone(),
        sensitive: arrival.sensitive,
        visibility: arrival.visibility,
        language: arrival.language.clone(),
        application: None,
        poll: arrival.poll.as_ref().map(|_| app.next_id::<PollId>()),
        local: false,
        published_at: arrival.published_at.unwrap_or_else(|| app.now()).min(app.now()),
        edited_at: arrival.edited_at.map(|at| at.min(app.now())),
        deleted_at: None,
        removed_at: None,
        locked_at: None,
        replies_count: 0,
        boosts_count: 0,
        reactions_count: 0,
        me_too_count: 0,
    }
}

/// An id for the moment it was published, so that it takes its place among what was written before it
/// arrived.
async fn free_id(tx: &mut Tx, app: &App, published_at: Option<Timestamp>) -> Result<PostId, Error> {
    let mut moment = published_at.unwrap_or_else(|| app.now()).min(app.now());
    loop {
        let id: PostId = app.ids().at(moment);
        if !posts::exists(tx, id).await? {
            return Ok(id);
        }
        moment = after(moment);
    }
}

/// The next moment to look for an id at: there are only so many to each, and somebody may have used them up on purpose.
pub(crate) fn after(moment: Timestamp) -> Timestamp {
    moment.max(Timestamp::from_secs(0)).plus_millis(1)
}

fn images(app: &App, post: &Post, arrival: &Arrival) -> Vec<Media> {
    arrival
        .media
        .iter()
        .map(|file| Media {
            id: app.next_id::<MediaId>(),
            owner: post.author,
            post: Some(post.id),
            kind: file.kind,
            mime: file.mime.clone(),
            file: None,
            preview: None,
            cover: None,
            remote_url: Some(file.url.clone()),
            description: file.description.clone(),
            focus_x: file.focus.0,
            focus_y: file.focus.1,
            blurhash: file.blurhash.clone(),
            width: file.width,
            height: file.height,
            playing: None,
            state: MediaState::Ready,
            created_at: post.published_at,
        })
        .collect()
}

fn kept_poll(id: PollId, post: PostId, poll: &ArrivedPoll) -> Poll {
    Poll {
        id,
        post,
        multiple: poll.multiple,
        hide_totals: false,
        closes_at: poll.closes_at,
        ended_at: None,
        voters_count: poll.voters_count,
        choices: poll.choices.clone(),
    }
}

/// Remembers that something never seen here was deleted at its origin, should it still arrive.
pub async fn forget(app: &App, uri: &str) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    threads::hold(&mut tx, &[uri]).await?;
    posts::entomb(&mut tx, uri, app.now()).await?;
    tx.commit().await?;
    Ok(())
}
