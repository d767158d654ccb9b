//! Searching: people and communities by name or address, posts by words, hashtags.

use crate::context::App;
use crate::{effects, reading};
use alongside_domain::actor::{Actor, Address};
use alongside_domain::id::{ActorId, PostId};
use alongside_domain::job::Job;
use alongside_domain::limits::SEARCH_CHARS_MAX;
use alongside_domain::post::{Post, Visibility};
use alongside_domain::query::Query;
use alongside_store::error::Error;
use alongside_store::page::Page;
use alongside_store::search::Tag;
use alongside_store::session::Session;
use alongside_store::{actors, holding, jobs, posts, search};

/// Posts that are looked at by one job.
const OLDER_AT_ONCE: i64 = 100;
/// One such job after the other, by workers that may take long.
const OLDER: &str = "from:search";

/// What is searched for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What was typed: a name, an address, a link, words, or a hashtag.
    pub text: String,
    /// Only people and communities the viewer follows.
    pub only_followed: bool,
    /// Only communities, no people.
    pub only_communities: bool,
    /// Only posts of this author.
    pub author: Option<ActorId>,
    /// How many of each kind.
    pub limit: i64,
    /// How many of each kind to leave out first.
    pub offset: i64,
    /// Which posts, by their ids.
    pub page: Page,
}

/// People and communities: the one whose whole address or link was typed, else those whose name begins so.
pub async fn people(app: &App, viewer: Option<ActorId>, wanted: &Wanted) -> Result<Vec<Actor>, Error> {
    let text = shortened(&wanted.text);
    let mut reader = app.reader();
    if is_link(text) {
        return Ok(actors::find_by_uri(&mut reader, text)
            .await?
            .into_iter()
            .filter(Actor::is_present)
            .collect());
    }
    if let Some(Address { name, host: Some(host) }) = Address::parse(text) {
        let host = if host == app.places().host() { "" } else { &host };
        let found = actors::find_by_address(&mut reader, &name, host).await?;
        return Ok(found.into_iter().filter(Actor::is_present).collect());
    }
    let name = text.trim_start_matches(['@', '!']);
    if name.is_empty() || name.starts_with('#') {
        return Ok(Vec::new());
    }
    let narrowed =
        search::Narrowed { only_followed: wanted.only_followed, only_communities: wanted.only_communities };
    search::actors(&mut reader, name, viewer, narrowed, wanted.limit, wanted.offset).await
}

/// Posts: the one whose link was typed if the viewer may read it, else those they may find that say these words and are of
/// the kind that was named beside them.
pub async fn posts(app: &App, viewer: Option<ActorId>, wanted: &Wanted) -> Result<Vec<Post>, Error> {
    let text = shortened(&wanted.text);
    let mut reader = app.reader();
    // Whoever types a hashtag looks for hashtags; its posts are in its timeline.
    if text.starts_with('#') {
        return Ok(Vec::new());
    }
    if is_link(text) {
        let found = posts::find_by_uri(&mut reader, text).await?;
        return reading::visible(&mut reader, viewer, found.into_iter().collect(), app.now()).await;
    }
    let query = Query::parse(text);
    let author = match &query.from {
        None => wanted.author,
        Some(from) => match named(&mut reader, app, viewer, from).await? {
            Some(author) if wanted.author.is_none_or(|asked| asked == author) => Some(author),
            Some(_) | None => return Ok(Vec::new()),
        },
    };
    let found = match author {
        // Whoever says only whose it is and when wants all of it.
        Some(author) if query.words.is_empty() => {
            search::posts_of(&mut reader, &query, author, viewer == Some(author), &wanted.page).await?
        }
        Some(_) | None => search::posts(&mut reader, &query, author, viewer, &wanted.page).await?,
    };
    reading::posts(&mut reader, viewer, &found, app.now()).await
}

/// Whom somebody means who looks for what they wrote: `me`, or an address.
async fn named(
    session: &mut impl Session,
    app: &App,
    viewer: Option<ActorId>,
    from: &str,
) -> Result<Option<ActorId>, Error> {
    if from.eq_ignore_ascii_case("me") {
        return Ok(viewer);
    }
    let Some(address) = Address::parse(from) else { return Ok(None) };
    let host = address.host.filter(|host| host != app.places().host()).unwrap_or_default();
    let found = actors::find_by_address(session, &address.name, &host).await?;
    Ok(found.filter(Actor::is_present).map(|actor| actor.id))
}

/// Hashtags that begin so.
pub async fn tags(app: &App, wanted: &Wanted) -> Result<Vec<Tag>, Error> {
    let tag = shortened(&wanted.text).trim_start_matches('#');
    if tag.is_empty() || tag.contains(['@', ' ', '/']) {
        return Ok(Vec::new());
    }
    search::tags(&mut app.reader(), tag, wanted.limit, wanted.offset).await
}

/// Lets older posts be found that are not for everybody, some at a time, and leaves those before them to another job. What
/// is public always was found.
pub async fn index_older(app: &App, below: PostId) -> Result<(), Error> {
    let mut reader = app.reader();
    let older = search::older(&mut reader, below, OLDER_AT_ONCE).await?;
    let Some(below) = older.last().copied() else { return Ok(()) };
    let mut found = posts::find_all(&mut reader, &older).await?;
    found.retain(|post| post.visibility != Visibility::Public);
    let mut tx = app.store().begin().await?;
    for post in found {
        // As it is now, and nobody changes it before it is written how.
        if let Some(post) = holding::post(&mut tx, post.id).await?.filter(|post| post.deleted_at.is_none()) {
            effects::index(&mut tx, &post).await?;
        }
    }
    let rest = Job::IndexOlder { below };
    if !jobs::is_waiting(&mut tx, &rest, OLDER).await? {
        effects::push(&mut tx, app, &rest, OLDER).await?;
    }
    tx.commit().await
}

fn is_link(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

fn shortened(text: &str) -> &str {
    let text = text.trim();
    text.char_indices().nth(SEARCH_CHARS_MAX).map_or(text, |(end, _)| &text[..end])
}
