//! What an actor here shows of what it wrote: its outbox, and what it has pinned. Only what anybody may
//! read is in either.

use crate::build::parts::{self, PostParts};
use crate::build::relay::{self, Relayed};
use crate::build::{boost, collection, post, publish};
use alongside_app::context::App;
use alongside_domain::actor::Actor;
use alongside_domain::id::PostId;
use alongside_domain::place::{Part, Place, Places};
use alongside_domain::post::Post;
use alongside_store::entries::{self, Entry, Wanted};
use alongside_store::error::Error;
use alongside_store::page::Page;
use alongside_store::session::Session;
use alongside_store::{pins, posts};
use serde_json::Value;

/// Pinned posts that are shown.
const FEATURED_MAX: usize = 20;

/// The newest of what an actor wrote and boosted; of a community, its threads as it announced them.
pub async fn outbox(app: &App, actor: &Actor) -> Result<Value, Error> {
    let mut reader = app.reader();
    let newest = Page::newest(collection::OUTBOX_MAX);
    let lines = entries::of_actor(&mut reader, actor.id, None, Wanted::default(), &newest).await?;
    let lines = entries::find_all(&mut reader, &lines).await?;
    let ids: Vec<PostId> = lines.iter().map(|line| line.post_id).collect();
    let parts = open(&mut reader, app, &ids).await?;
    let items = lines.iter().filter_map(|line| {
        let parts = parts.iter().find(|parts| parts.post.id == line.post_id)?;
        item(app.places(), actor, line, parts).map(collection::item)
    });
    let id = app.places().of(Place::Of(&actor.handle, Part::Outbox));
    Ok(collection::ordered(&id, u64::try_from(actor.posts_count).unwrap_or_default(), items.collect()))
}

/// The posts an actor has pinned.
pub async fn featured(app: &App, actor: &Actor) -> Result<Value, Error> {
    let mut reader = app.reader();
    let mut pinned = pins::of_actor(&mut reader, actor.id).await?;
    pinned.truncate(FEATURED_MAX);
    let parts = open(&mut reader, app, &pinned).await?;
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
        return Some(boost::boost(places, line.id, line.at, actor, &parts.post, &parts.author));
    }
    let text = collection::item(publish::create(places, parts)).to_string();
    let name = publish::create_name(parts);
    let relayed = Relayed { name: &name, text: &text, visibility: parts.post.visibility, at: line.at };
    let announced = relay::announce(places, actor, relayed).ok()?;
    serde_json::from_str(&announced.text).ok()
}

async fn open(session: &mut impl Session, app: &App, ids: &[PostId]) -> Result<Vec<PostParts>, Error> {
    let mut posts = posts::find_all(session, ids).await?;
    posts.retain(|post: &Post| post.is_present() && post.visibility.is_open());
    let mut parts = parts::load(session, posts, app.now()).await?;
    parts.retain(|parts| parts.author.is_present());
    Ok(parts)
}
