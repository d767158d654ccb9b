//! `GET /activities/{name}`: what was sent, to whoever wants to hear it from us.

use super::asker::Asking;
use super::{answer, members};
use crate::error::Error;
use crate::path::Path;
use alongside_domain::place::Place;
use alongside_federation::node::Federation;
use alongside_store::activities::{self, Activity};
use alongside_store::session::Session;
use alongside_store::{error, posts, sanctions};
use axum::extract::State;
use axum::response::Response;

/// Shows an activity of ours that anybody may read; or one about a post for members, to their nodes.
pub(super) async fn show(
    State(node): State<Federation>,
    Path(name): Path<String>,
    asking: Asking,
) -> Result<Response, Error> {
    let uri = node.app().places().of(Place::Activity(&name));
    let mut reader = node.app().reader();
    let found = activities::find_by_uri(&mut reader, &uri).await?.filter(|found| !found.body.is_empty());
    if let Some(found) = &found
        && is_hidden(&mut reader, found).await?
    {
        return Err(Error::NotFound);
    }
    if let Some(open) = found.as_ref().filter(|found| found.open) {
        return Ok(answer::text(open.body.clone()));
    }
    let about = match found.as_ref().and_then(|found| found.about_id) {
        Some(about) => posts::find(&mut reader, about).await?.filter(|post| !post.visibility.is_open()),
        None => None,
    };
    // What a moderator took out is not read in what once carried its words.
    let carries_words = found.as_ref().is_some_and(|found| found.post_id.is_some());
    let about = about.filter(|post| post.is_present() || !carries_words);
    let may_read = members::may_know_of(&node, &asking, about.as_ref()).await?;
    let found = found.filter(|_| may_read).ok_or(Error::NotFound)?;
    Ok(answer::text(found.body))
}

/// Whether whoever acts is suspended, or whoever wrote what it carries: a community passes on what others say.
async fn is_hidden(session: &mut impl Session, found: &Activity) -> Result<bool, error::Error> {
    let mut concerned = vec![found.actor_id];
    if let Some(post) = found.post_id {
        concerned.extend(posts::find(session, post).await?.map(|post| post.author));
    }
    Ok(!sanctions::suspended_among(session, &concerned).await?.is_empty())
}
