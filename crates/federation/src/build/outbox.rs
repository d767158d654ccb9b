//! What an actor here shows of what it wrote: its outbox, and what it has pinned. Only what anybody may
//! read is in either; of a community also what is for its members, for a node where some of them live.

use crate::build::parts::{self, PostParts};
use crate::build::relay::{self, Relayed};
use crate::build::{boost, collection, post, publish};
use alongside_app::context::App;
use alongside_app::reading::{self, Viewer};
use alongside_domain::actor::Actor;
use alongside_domain::id::PostId;
use alongside_domain::place::{Part, Place, Places};
use alongside_domain::post::Post;
use alongside_store::entries::{self, Entry, Wanted};
use alongside_store::error::Error;
use alongside_store::page::Page;
use alongside_store::pins;
use alongside_store::session::Session;
use serde_json::Value;

/// Pinned posts that are shown.
const FEATURED_MAX: usize = 20;

/// The newest of what an actor wrote and boosted; of a community, its threads as it announced them.
pub async fn outbox(app: &App, actor: &Actor, viewer: Viewer<'_>) -> Result<Value, Error> {
    let mut reader = app.reader();
    let newest = Page::newest(collection::OUTBOX_MAX);
    let lines = match viewer {
        Viewer::Node(_) if actor.is_community() => entries::announced(&mut reader, actor.id, &newest).await?,
        Viewer::Node(_) | Viewer::Actor(_) | Viewer::Nobody => {
            entries::of_actor(&mut reader, actor.id, None, Wanted::default(), &newest).await?
        }
    };
    let lines = entries::find_all(&mut reader, &lines).await?;
    let ids: Vec<PostId> = lines.iter().map(|line| line.post_id).collect();
    let parts = readable(&mut reader, app, viewer, &ids).await?;
    let items = lines.iter().filter_map(|line| {
        let parts = parts.iter().find(|parts| parts.post.id == line.post_id)?;
        item(app.places(), actor, line, parts).map(collection::item)
    });
    let id = app.places().of(Place::Of(&actor.handle, Part::Outbox));
    Ok(collection::ordered(&id, u64::try_from(actor.posts_count).unwrap_or_default(), items.collect()))
}

/// The newest threads of a community that anybody may read, by their addresses.
pub async fn wall(app: &App, community: &Actor) -> Result<Value, Error> {
    let mut reader = app.reader();
    let newest = Page::newest(collection::OUTBOX_MAX);
    let lines = entries::of_actor(&mut reader, community.id, None, Wanted::default(), &newest).await?;
    let ids: Vec<PostId> =
        entries::find_all(&mut reader, &lines).await?.iter().map(|line| line.post_id).collect();
    let threads = reading::posts(&mut reader, Viewer::Nobody, &ids, app.now()).await?;
    let threads = threads.into_iter().filter(Post::is_top_level).map(|post| post.uri.into());
    let id = app.places().of(Place::Of(&community.handle, Part::Wall));
    let total = u64::try_from(community.posts_count).unwrap_or_default();
    Ok(collection::ordered(&id, total, threads.collect()))
}

/// The posts an actor has pinned.
pub async fn featured(app: &App, actor: &Actor, viewer: Viewer<'_>) -> Result<Value, Error> {
    let mut reader = app.reader();
    let mut pinned = pins::of_actor(&mut reader, actor.id).await?;
    pinned.truncate(FEATURED_MAX);
    let parts = readable(&mut reader, app, viewer, &pinned).await?;
    let items: Vec<Value> = parts.iter().map(|parts| post::post(app.places(), parts)).collect();
    let id = app.places().of(Place::Of(&actor.handle, Part::Featured));
    Ok(collection::ordered(&id, items.len() as u64, items))
}

/// What a line is as an activity. A community passes on what was written here as it was sent; the
/// activity that published a post elsewhere is not kept, so of that the address is told.
fn item(places: &Places, actor: &Actor, line: &Entry, parts: &PostParts) -> Option<Value> {
    if !line.boost {
        return Some(publish::create(places, parts));
    }
    if !line.by_community || !parts.post.local {
        return Some(boost::boost(places, line, actor, &parts.post, &parts.author));
    }
    let text = collection::item(publish::create(places, parts)).to_string();
    let name = publish::create_name(parts);
    let relayed = Relayed { name: &name, text: &text, visibility: parts.post.visibility, at: line.at };
    let announced = relay::announce(places, actor, relayed).ok()?;
    serde_json::from_str(&announced.text).ok()
}

async fn readable(
    session: &mut impl Session,
    app: &App,
    viewer: Viewer<'_>,
    ids: &[PostId],
) -> Result<Vec<PostParts>, Error> {
    let posts = reading::posts(session, viewer, ids, app.now()).await?;
    let mut parts = parts::load(app, session, posts).await?;
    parts.retain(|parts| parts.author.is_present());
    Ok(parts)
}
