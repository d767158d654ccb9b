//! Finding what somebody typed or pasted: an address, a link to a profile, to a post, or to a thread.

use crate::documents::reference::Reference;
use crate::lists;
use crate::node::Federation;
use crate::receive::take::{self, Reason};
use crate::resolve;
use alongside_app::effects::Via;
use alongside_app::hosts::NoTalk;
use alongside_domain::actor::{Actor, Address};
use alongside_domain::compose;
use alongside_domain::fold;
use alongside_domain::id::PostId;
use alongside_domain::place::Place;
use alongside_store::{actors, posts};
use futures_util::future::join_all;
use std::time::Duration;
use url::Url;

/// How long a writer waits for the nodes of those a text names.
const MEETING: Duration = Duration::from_secs(10);

/// What was found.
#[derive(Debug)]
pub enum Found {
    /// A member or a community.
    Actor(Box<Actor>),
    /// A post.
    Post(PostId),
}

/// What an address or a link means, asked for at its origin where it is not known. Nothing, where it
/// means nothing or its origin does not say; an error, where this node does not talk with the origin.
pub async fn look_up(node: &Federation, text: &str) -> Result<Option<Found>, NoTalk> {
    let text = text.trim();
    let mut reader = node.app().reader();
    if let Some(url) = link(text) {
        if let Some(place) = node.app().places().read(text) {
            return Ok(here(node, place).await);
        }
        let Some(host) = fold::host_of(&url) else { return Ok(None) };
        node.may_talk(&mut reader, &host).await?;
        return Ok(elsewhere(node, &url).await);
    }
    let Some(address) = Address::parse(text) else { return Ok(None) };
    let Some(host) = &address.host else { return Ok(None) };
    node.may_talk(&mut reader, host).await?;
    Ok(somebody(node, &address).await.map(|actor| Found::Actor(Box::new(actor))))
}

/// Gets to know those whom a text names and who are not known yet. Whoever cannot be found in time
/// stays a plain word in the text.
pub async fn meet(node: &Federation, text: &str) {
    let mut unknown = Vec::new();
    for address in compose::mentions(text) {
        let host = address.host.as_deref().filter(|host| *host != node.app().places().host());
        let Some(host) = host else { continue };
        if let Ok(None) = actors::find_by_address(&mut node.app().reader(), &address.name, host).await {
            unknown.push(address);
        }
    }
    let meeting = join_all(unknown.iter().map(|address| somebody(node, address)));
    if tokio::time::timeout(MEETING, meeting).await.is_err() {
        tracing::debug!("not everybody a text names was found in time");
    }
}

async fn somebody(node: &Federation, address: &Address) -> Option<Actor> {
    match resolve::address(node, address).await {
        Ok(actor) => Some(actor).filter(Actor::is_present),
        Err(error) => {
            tracing::debug!(%error, "nobody was found at an address");
            None
        }
    }
}

async fn here(node: &Federation, place: Place<'_>) -> Option<Found> {
    match place {
        Place::Actor(handle) | Place::Profile(handle) => {
            let found = actors::find_by_address(&mut node.app().reader(), handle, "").await.ok()??;
            Some(found).filter(Actor::is_present).map(|actor| Found::Actor(Box::new(actor)))
        }
        Place::Post(id) | Place::PostPage(_, id) => Some(Found::Post(id)),
        Place::Node
        | Place::SharedInbox
        | Place::Of(..)
        | Place::Replies(_)
        | Place::Context(_)
        | Place::Activity(_)
        | Place::Tag(_)
        | Place::Media(_)
        | Place::Copy(_)
        | Place::Confirm(_)
        | Place::NewPassword(_)
        | Place::Forgotten
        | Place::UrgentHelp => None,
    }
}

async fn elsewhere(node: &Federation, url: &Url) -> Option<Found> {
    let mut reader = node.app().reader();
    if let Some(post) = posts::find_by_uri(&mut reader, url.as_str()).await.ok()? {
        return Some(Found::Post(post.id));
    }
    if let Some(actor) = actors::find_by_uri(&mut reader, url.as_str()).await.ok()? {
        return Some(actor).filter(Actor::is_present).map(|actor| Found::Actor(Box::new(actor)));
    }
    if let Some(id) = post(node, url).await {
        return Some(Found::Post(id));
    }
    if let Ok(actor) = resolve::actor(node, url).await {
        return Some(actor).filter(Actor::is_present).map(|actor| Found::Actor(Box::new(actor)));
    }
    thread(node, url).await.map(Found::Post)
}

/// The post that a thread began with, by the address of the whole: that is what people copy from a forum.
async fn thread(node: &Federation, url: &Url) -> Option<PostId> {
    let listed = Box::pin(lists::items(node, Reference::Id(url.clone()), 1)).await.ok()?;
    let first = listed.first()?.id()?;
    match posts::find_by_uri(&mut node.app().reader(), first.as_str()).await.ok()? {
        Some(known) => Some(known.id),
        None => post(node, first).await,
    }
}

async fn post(node: &Federation, url: &Url) -> Option<PostId> {
    let document = take::read(node, url).await.ok()?;
    let author = resolve::actor(node, &document.author).await.ok().filter(Actor::is_present)?;
    let taken = take::take(node, &document, &author, Reason::Wanted, Via::Fetched).await.ok()??;
    Some(taken.id)
}

fn link(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    matches!(url.scheme(), "https" | "http").then_some(url)
}
