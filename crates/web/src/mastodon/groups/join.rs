//! `POST /api/v1/groups/:id/join` and `/leave`: the same as following and unfollowing the community's account.

use crate::auth::{Author, WriteGroups};
use crate::entities::groups::GroupRelationship;
use crate::error::Error;
use crate::json::Json;
use crate::path::Path;
use crate::render::groups;
use alongside_app::context::App;
use alongside_app::follows::{self, Wishes};
use alongside_domain::id::ActorId;
use alongside_store::communities;
use alongside_store::follows as stored;
use axum::extract::State;

/// Joins, or asks to.
pub(crate) async fn join(
    State(app): State<App>,
    author: Author<WriteGroups>,
    Path(id): Path<ActorId>,
) -> Result<Json<GroupRelationship>, Error> {
    let mut reader = app.reader();
    communities::find(&mut reader, id).await?.ok_or(Error::NotFound)?;
    let known = stored::between(&mut reader, author.actor(), id).await?;
    let wishes = known.map_or_else(Wishes::default, |follow| Wishes {
        show_boosts: follow.show_boosts,
        notify: follow.notify,
        languages: None,
    });
    follows::follow(&app, author.actor(), id, wishes, None).await?;
    groups::relationship_with(&app, author.member, id).await.map(Json)
}

/// Leaves, or takes the question back.
pub(crate) async fn leave(
    State(app): State<App>,
    author: Author<WriteGroups>,
    Path(id): Path<ActorId>,
) -> Result<Json<GroupRelationship>, Error> {
    communities::find(&mut app.reader(), id).await?.ok_or(Error::NotFound)?;
    follows::unfollow(&app, author.actor(), id).await?;
    groups::relationship_with(&app, author.member, id).await.map(Json)
}
