//! `GET /actors/{handle}`: a member or a community.

use super::accept::Wanted;
use super::answer;
use crate::error::{BoxError, Error};
use crate::path::Path;
use alongside_app::context::App;
use alongside_domain::actor::{Actor, ActorKind};
use alongside_federation::build;
use alongside_federation::keys::{KeyError, STAFF_HANDLE};
use alongside_federation::node::Federation;
use alongside_store::{actors, people};
use axum::extract::State;
use axum::response::Response;

/// Shows somebody who lives here, or what is left of them.
pub(super) async fn show(
    State(node): State<Federation>,
    Path(handle): Path<String>,
    wanted: Wanted,
) -> Result<Response, Error> {
    let found = actors::find_by_address(&mut node.app().reader(), &handle, "").await?;
    // The node has an address of its own.
    let actor = found.filter(|actor| actor.kind != ActorKind::Application || actor.handle == STAFF_HANDLE);
    let actor = actor.ok_or(Error::NotFound)?;
    if let Some(at) = actor.deleted_at {
        return Ok(answer::gone(&build::actor::tombstone(&actor, at)));
    }
    if people::waits(&mut node.app().reader(), &actor).await? {
        return Err(Error::NotFound);
    }
    // Of somebody who is suspended other servers read that they are, and people read nothing.
    if wanted == Wanted::Page {
        return Ok(answer::page(&actor.url));
    }
    document(&node, &actor).await
}

/// The document of somebody who lives here.
pub(super) async fn document(node: &Federation, actor: &Actor) -> Result<Response, Error> {
    Ok(answer::document(&build::actor::load(node.keys(), node.app(), actor).await?))
}

/// Somebody who lives here, and is there.
pub(super) async fn present(app: &App, handle: &str) -> Result<Actor, Error> {
    let found = actors::find_by_address(&mut app.reader(), handle, "").await?;
    found.filter(Actor::is_present).ok_or(Error::NotFound)
}

impl From<KeyError> for Error {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Store(error) => error.into(),
            KeyError::Stopped(error) => Self::Unavailable(BoxError::from(error)),
            KeyError::Gone => Self::NotFound,
            error @ (KeyError::Unusable(_) | KeyError::Elsewhere(_)) => Self::Internal(error.into()),
        }
    }
}
