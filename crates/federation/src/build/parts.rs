//! Everything a document about a post needs, read at once.

use alongside_app::context::App;
use alongside_app::emojis::HERE;
use alongside_app::media::Addresses;
use alongside_domain::actor::Actor;
use alongside_domain::emoji::shortcodes;
use alongside_domain::id::{ActorId, CommunityId, PollId, PostId};
use alongside_domain::limits::PAGE_MAX;
use alongside_domain::media::Media;
use alongside_domain::place::{Part, Place, Places};
use alongside_domain::poll::Poll;
use alongside_domain::post::{Post, Visibility};
use alongside_store::emojis::Emoji;
use alongside_store::error::Error;
use alongside_store::session::Session;
use alongside_store::walls::{self, Wall};
use alongside_store::{actors, contexts, emojis, hosts, media, polls, posts, threads};
use std::collections::HashMap;

/// Replies named on one page.
pub const REPLIES_PAGE_MAX: i64 = PAGE_MAX;

/// Software whose threads are `Page`s: Lemmy announces no other, Mbin files a `Note` among the short messages, and
/// `PieFed` and lotide want a name. Without one, `NodeBB` makes a title of the first sentence, which no edit changes.
/// Others take a `Note`.
const WANTS_PAGES: &[&str] = &["lemmy", "piefed", "pyfedi", "mbin", "kbin", "lotide", "nodebb"];

/// Software whose letters are `ChatMessage`s: Lemmy takes a `Note` only since 1.0.
const WANTS_MESSAGES: &[&str] = &["lemmy"];

/// A post and all that its document names.
#[derive(Debug, Clone)]
pub struct PostParts {
    /// The post.
    pub post: Post,
    /// Who wrote it.
    pub author: Actor,
    /// The community it is in.
    pub community: Option<Actor>,
    /// What kind of document it is, where it has no poll.
    pub shape: Shape,
    /// The wall of the community that it hangs on (FEP-400e), if it has one.
    pub wall: Option<String>,
    /// Those it names.
    pub mentions: Vec<Actor>,
    /// Its hashtags, folded.
    pub tags: Vec<String>,
    /// Its files.
    pub media: Vec<Attached>,
    /// The pictures of ours that stand for words in it.
    pub emojis: Vec<Emoji>,
    /// Its poll.
    pub poll: Option<Poll>,
    /// The counts of its poll may be seen.
    pub shows_totals: bool,
    /// The first page of its answers.
    pub replies: RepliesPage,
    /// Where its thread is kept as a whole.
    pub context: Context,
}

/// A file of a post, and where other servers get it.
#[derive(Debug, Clone, PartialEq)]
pub struct Attached {
    /// The file.
    pub file: Media,
    /// Where it is.
    pub address: String,
    /// Where the picture is that its author chose to be shown first of a film or a sound.
    pub cover: Option<String>,
}

/// What kind of document a post without a poll is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// What most software writes.
    Note,
    /// A thread for a community whose software wants them as pages with a name.
    Page,
    /// A letter to somebody whose software knows letters by another name.
    Message,
}

/// Where a thread is kept as a whole (FEP-7888).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Context {
    /// In a collection elsewhere, as what it answers says.
    Elsewhere(String),
    /// Here, under the post it began with.
    Here(PostId),
    /// Nobody says.
    Unknown,
}

/// Some of the answers to a post that whoever may read it may read too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RepliesPage {
    /// Their addresses, oldest first.
    pub uris: Vec<String>,
    /// The last of them, where there are more.
    pub continues_after: Option<PostId>,
}

/// Reads what the documents of these posts need, in the order of the posts. One whose author is not
/// known any more is left out.
pub async fn load(app: &App, session: &mut impl Session, posts: Vec<Post>) -> Result<Vec<PostParts>, Error> {
    let (addresses, now) = (Addresses::load(app).await?, app.now());
    let ids: Vec<PostId> = posts.iter().map(|post| post.id).collect();
    let named = posts::mentions(session, &ids).await?;
    let tags = posts::tags(session, &ids).await?;
    let files = media::of_posts(session, &ids).await?;
    let poll_ids: Vec<PollId> = posts.iter().filter_map(|post| post.poll).collect();
    let polls = polls::find_all(session, &poll_ids).await?;
    let of_posts = posts.iter().flat_map(|post| [Some(post.author), post.community.map(CommunityId::actor)]);
    let actor_ids: Vec<ActorId> =
        of_posts.flatten().chain(named.iter().map(|named| named.actor_id)).collect();
    let actors: HashMap<ActorId, Actor> =
        actors::find_all(session, &actor_ids).await?.into_iter().map(|actor| (actor.id, actor)).collect();
    let contexts = contexts(session, &posts, &actors).await?;
    let communities: Vec<CommunityId> = posts.iter().filter_map(|post| post.community).collect();
    let walls = walls::of(session, &communities).await?;
    let mut loaded = Vec::with_capacity(posts.len());
    for (post, context) in posts.into_iter().zip(contexts) {
        let Some(author) = actors.get(&post.author).cloned() else { continue };
        let community = post.community.and_then(|id| actors.get(&id.actor())).cloned();
        let poll = polls.iter().find(|poll| Some(poll.id) == post.poll).cloned();
        let own = |id: PostId| id == post.id;
        let mentions = named.iter().filter(|named| own(named.post_id));
        let mentions: Vec<Actor> =
            mentions.filter_map(|named| actors.get(&named.actor_id)).cloned().collect();
        let addressed = |file: &Media| {
            let (address, cover) =
                (addresses.for_servers(file, &post)?, addresses.cover_for_servers(file, &post));
            Some(Attached { file: file.clone(), address, cover })
        };
        loaded.push(PostParts {
            shape: shape(session, &post, community.as_ref(), &mentions).await?,
            wall: wall(app.places(), &walls, &post, community.as_ref()),
            mentions,
            tags: tags.iter().filter(|tag| own(tag.post_id)).map(|tag| tag.tag.clone()).collect(),
            emojis: emojis(session, &post, poll.as_ref()).await?,
            media: files.iter().filter(|file| file.post == Some(post.id)).filter_map(addressed).collect(),
            shows_totals: poll.as_ref().is_some_and(|poll| poll.shows_totals(now)),
            // What is for members is not counted.
            replies: if post.replies_count > 0 || post.visibility == Visibility::Members {
                replies(session, &post, 0).await?
            } else {
                RepliesPage::default()
            },
            post,
            author,
            community,
            poll,
            context,
        });
    }
    Ok(loaded)
}

/// The node's own pictures that stand for words of a post that was written here.
async fn emojis(session: &mut impl Session, post: &Post, poll: Option<&Poll>) -> Result<Vec<Emoji>, Error> {
    if !post.local {
        return Ok(Vec::new());
    }
    let title = post.title.as_deref().unwrap_or_default();
    let choices = poll.into_iter().flat_map(|poll| &poll.choices).map(|choice| choice.title.as_str());
    let words = shortcodes([post.content.as_str(), &post.content_note, title].into_iter().chain(choices));
    emojis::named(session, &[HERE.to_owned()], &words).await
}

/// Where the threads of these posts are kept, in their order. A thread that began here, or in a community of ours, is
/// kept here, whatever answers to it from elsewhere say: `NodeBB` gives each a context of its own. Of any other a post
/// inherits what the one it answers says, which may be known of the beginning of the thread only.
async fn contexts(
    session: &mut impl Session,
    posts: &[Post],
    actors: &HashMap<ActorId, Actor>,
) -> Result<Vec<Context>, Error> {
    let roots: Vec<PostId> = posts.iter().map(|post| post.root).collect();
    let above: Vec<PostId> =
        posts.iter().filter_map(|post| post.reply_to).chain(roots.iter().copied()).collect();
    let said = contexts::of(session, &above).await?;
    let roots = posts::find_all(session, &roots).await?;
    let of = |post: &Post| {
        let root = roots.iter().find(|root| root.id == post.root)?;
        if !post.local || !post.visibility.is_open() || !root.visibility.is_open() {
            return None;
        }
        let in_ours = || post.community.and_then(|id| actors.get(&id.actor())).is_some_and(Actor::is_local);
        if root.local || in_ours() {
            return Some(Context::Here(root.id));
        }
        let said_by = |id: Option<PostId>| said.iter().find(|said| Some(said.post_id) == id);
        let said = said_by(post.reply_to).or_else(|| said_by(Some(root.id)))?;
        Some(Context::Elsewhere(said.uri.clone()))
    };
    Ok(posts.iter().map(|post| of(post).unwrap_or(Context::Unknown)).collect())
}

/// Reads what the documents of one post need.
pub async fn load_one(app: &App, session: &mut impl Session, post: Post) -> Result<Option<PostParts>, Error> {
    Ok(load(app, session, vec![post]).await?.pop())
}

/// A page of the answers to a post: those after this one. Below what is for members there are answers for
/// members, and below anything else those that anybody may read.
pub async fn replies(session: &mut impl Session, post: &Post, after: i64) -> Result<RepliesPage, Error> {
    let limit = REPLIES_PAGE_MAX + 1;
    let mut ids = match post.visibility {
        Visibility::Members => threads::members_replies(session, post, after, limit).await?,
        Visibility::Public | Visibility::Unlisted | Visibility::Followers | Visibility::Direct => {
            threads::open_replies(session, post.id, after, limit).await?
        }
    };
    let has_more = i64::try_from(ids.len()).is_ok_and(|count| count > REPLIES_PAGE_MAX);
    if has_more {
        ids.pop();
    }
    let replies = posts::find_all(session, &ids).await?;
    Ok(RepliesPage {
        uris: replies.into_iter().map(|reply| reply.uri).collect(),
        continues_after: ids.last().copied().filter(|_| has_more),
    })
}

/// Where a thread of an open community hangs. Of a post from elsewhere its own document says so.
fn wall(places: &Places, walls: &[Wall], post: &Post, community: Option<&Actor>) -> Option<String> {
    let community = community.filter(|_| post.local && post.is_top_level() && post.visibility.is_open())?;
    if community.is_local() {
        return Some(places.of(Place::Of(&community.handle, Part::Wall)));
    }
    let is_its = |wall: &&Wall| !wall.comments && wall.community_id == CommunityId::of(community.id);
    walls.iter().find(is_its).map(|wall| wall.uri.clone())
}

/// One address has one document whoever reads it, so this depends on where the post was sent alone.
async fn shape(
    session: &mut impl Session,
    post: &Post,
    community: Option<&Actor>,
    mentions: &[Actor],
) -> Result<Shape, Error> {
    let (to, wanted_by, shape) = match (post.visibility, community, mentions) {
        (Visibility::Direct, None, [only]) => (only, WANTS_MESSAGES, Shape::Message),
        (_, Some(community), _) if post.is_top_level() => (community, WANTS_PAGES, Shape::Page),
        _ => return Ok(Shape::Note),
    };
    if to.is_local() || !post.local {
        return Ok(Shape::Note);
    }
    let software = hosts::find(session, &to.host).await?.and_then(|host| host.software);
    let is_wanted = software.is_some_and(|software| wanted_by.contains(&software.as_str()));
    Ok(if is_wanted { shape } else { Shape::Note })
}
