//! Finding out what runs on another host, because that decides how a community speaks to it.

use crate::documents::discovery;
use crate::node::Federation;
use crate::resolve;
use alongside_domain::id::{ActorId, FollowId, PostId};
use alongside_domain::post::Visibility;
use alongside_store::{actors, error, follows, hosts, posts};

/// How long what a host said of itself is taken as still true.
const FRESH_SECS: i64 = 7 * 86_400;

/// How a community's announcement is understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ear {
    /// As an activity passed on (FEP-1b12).
    Activities,
    /// As a boost of a post.
    Boosts,
    /// As a list that posts are added to (FEP-400e).
    Walls,
    /// Not known: it is told both ways, which does no harm.
    Both,
}

/// How the software of this name understands a community.
pub fn ear(software: Option<&str>) -> Ear {
    match software {
        Some(
            "alongside" | "lemmy" | "piefed" | "pyfedi" | "mbin" | "kbin" | "nodebb" | "discourse" | "lotide",
        ) => Ear::Activities,
        Some(
            "mastodon" | "glitchcafe" | "hometown" | "gotosocial" | "misskey" | "sharkey" | "iceshrimp"
            | "firefish" | "pleroma" | "akkoma" | "pixelfed" | "mitra" | "snac" | "wordpress" | "takahe"
            | "bookwyrm",
        ) => Ear::Boosts,
        // It takes a boost from people only.
        Some("smithereen") => Ear::Walls,
        Some(_) | None => Ear::Both,
    }
}

/// Whether this software makes nothing of it that somebody is gone, and has to be told of each of their posts.
pub fn keeps_posts_of_the_gone(software: Option<&str>) -> bool {
    software == Some("nodebb")
}

/// Whether this software signs what it sends again without what it says, so that nobody can take it.
pub fn sends_again_unsigned(software: Option<&str>) -> bool {
    software == Some("nodebb")
}

/// Whether this software hears reports about one thing each, from people and programs, and from no server.
pub fn takes_reports_singly(software: Option<&str>) -> bool {
    matches!(software, Some("lemmy" | "piefed" | "pyfedi"))
}

/// Whether this software hears what is done of people and programs alone, and of a community that it passes something on.
pub fn hears_no_community(software: Option<&str>) -> bool {
    software == Some("lemmy")
}

/// Whether this software drops what it has to say to a server it has just met, and takes nothing twice under one name.
pub fn loses_first_answers(software: Option<&str>) -> bool {
    software == Some("lemmy")
}

/// Asks the follower's host what runs there. A host that does not say is told both ways.
pub async fn look(node: &Federation, follow: FollowId) -> Result<(), error::Error> {
    let Some(follow) = follows::find(&mut node.app().reader(), follow).await? else { return Ok(()) };
    look_at(node, follow.follower_id).await
}

/// As [`look`], at the host of the community elsewhere that a post is for, or of the only one it is for, which
/// decides what kind of document the post becomes.
pub async fn look_for(node: &Federation, post: PostId) -> Result<(), error::Error> {
    let mut reader = node.app().reader();
    let Some(post) = posts::find(&mut reader, post).await? else { return Ok(()) };
    if let Some(community) = post.community {
        return look_at(node, community.actor()).await;
    }
    if post.visibility == Visibility::Direct
        && let [only] = posts::mentions(&mut reader, &[post.id]).await?.as_slice()
    {
        return look_at(node, only.actor_id).await;
    }
    Ok(())
}

/// Asks the host of an actor what runs there (NodeInfo), if that was not asked lately.
pub async fn look_at(node: &Federation, actor: ActorId) -> Result<(), error::Error> {
    let mut reader = node.app().reader();
    let Some(actor) = actors::find(&mut reader, actor).await? else { return Ok(()) };
    if actor.is_local() {
        return Ok(());
    }
    let now = node.app().now();
    let known = hosts::find(&mut reader, &actor.host).await?;
    if known.and_then(|host| host.software_checked_at).is_some_and(|at| at.plus_secs(FRESH_SECS) > now) {
        return Ok(());
    }
    let said = ask(node, &actor.host).await;
    let mut tx = node.app().store().begin().await?;
    let (name, version) = said.as_ref().map(|said| (said.name.as_str(), said.version.as_str())).unzip();
    hosts::remember_software(&mut tx, &actor.host, name, version, now).await?;
    tx.commit().await
}

async fn ask(node: &Federation, host: &str) -> Option<discovery::Software> {
    let well_known = resolve::discovery_url(node, host, "/.well-known/nodeinfo")?;
    let links = node.read_json(&well_known).await.ok()?;
    let link = discovery::nodeinfo_link(&links.json)?;
    let said = node.read_json(&link).await.ok()?;
    discovery::software(&said.json).map(|said| discovery::Software { name: said.name.to_lowercase(), ..said })
}
