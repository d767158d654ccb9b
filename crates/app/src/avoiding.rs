//! Whom a viewer keeps away from: those they block or mute, and the hosts they block. Their words are
//! left out wherever posts of many people stand together.

use alongside_domain::clock::Timestamp;
use alongside_domain::id::ActorId;
use alongside_domain::post::Post;
use alongside_store::error::Error;
use alongside_store::relationships;
use alongside_store::session::Session;
use std::collections::HashSet;

/// These posts without those of people the viewer keeps away from.
pub async fn without(
    session: &mut impl Session,
    viewer: Option<ActorId>,
    mut posts: Vec<Post>,
    now: Timestamp,
) -> Result<Vec<Post>, Error> {
    let Some(viewer) = viewer else { return Ok(posts) };
    let avoided = among(session, viewer, posts.iter().map(|post| post.author), now).await?;
    posts.retain(|post| !avoided.contains(&post.author));
    Ok(posts)
}

/// Which of these people the viewer keeps away from.
pub async fn among(
    session: &mut impl Session,
    viewer: ActorId,
    people: impl Iterator<Item = ActorId>,
    now: Timestamp,
) -> Result<HashSet<ActorId>, Error> {
    let others: HashSet<ActorId> = people.filter(|person| *person != viewer).collect();
    let others: Vec<ActorId> = others.into_iter().collect();
    let related = relationships::of(session, viewer, &others, now).await?.into_iter();
    Ok(related.filter(|to| to.blocking || to.muting || to.host_blocking).map(|to| to.id).collect())
}
