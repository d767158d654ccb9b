//! Reacting to a post, and taking it back.

use crate::context::App;
use crate::effects::{self, Via};
use crate::reading;
use alongside_domain::event::Event;
use alongside_domain::id::{ActorId, PostId, ReactionId};
use alongside_domain::place::{Place, reaction_name};
use alongside_domain::policy::{Refusal, Verb};
use alongside_domain::post::Post;
use alongside_domain::reaction::Reaction;
use alongside_store::reactions::{self, Given};
use alongside_store::{error, posts};

/// Why a reaction was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The policy said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store could not do it.
    #[error("the reaction could not be kept")]
    Store(#[from] error::Error),
}

/// Reacts to a post. A second reaction of the same actor changes nothing.
pub async fn react(
    app: &App,
    actor: ActorId,
    post: PostId,
    kind: Reaction,
    uri: Option<String>,
    via: Via,
) -> Result<Post, Error> {
    let mut tx = app.store().begin().await?;
    let post = posts::find(&mut tx, post).await?.ok_or(Refusal::Hidden)?;
    let permit = reading::permit_via(&mut tx, Verb::TakePart, None, actor, &post, via, app.now()).await??;
    debug_assert_eq!(permit.verb(), Verb::TakePart);
    let id: ReactionId = app.next_id();
    let uri = uri.unwrap_or_else(|| app.places().of(Place::Activity(&reaction_name(id))));
    let given = Given { id, post_id: post.id, actor_id: actor, kind, uri, at: app.now() };
    if reactions::insert(&mut tx, &given).await? {
        posts::count_reaction(&mut tx, post.id, kind, 1).await?;
        effects::of(&mut tx, app, Event::Reacted { reaction: id, post: &post, actor }, via).await?;
    }
    tx.commit().await?;
    Ok(post)
}

/// Takes a reaction back. Where there was none, nothing happens.
pub async fn unreact(app: &App, actor: ActorId, post: PostId, via: Via) -> Result<Post, Error> {
    let mut tx = app.store().begin().await?;
    let post = posts::find(&mut tx, post).await?.filter(Post::is_present).ok_or(Refusal::Hidden)?;
    if let Some(given) = reactions::between(&mut tx, actor, post.id).await?
        && reactions::remove(&mut tx, given.id).await?
    {
        posts::count_reaction(&mut tx, post.id, given.kind, -1).await?;
        effects::of(&mut tx, app, Event::Unreacted { reaction: given.id, post: &post, actor }, via).await?;
    }
    tx.commit().await?;
    Ok(post)
}
