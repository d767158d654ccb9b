//! `GET /api/v1/accounts/:id/lists`: the viewer's own lists that somebody is in.

use super::named;
use crate::auth::{Author, ReadLists};
use crate::entities::collections::List;
use crate::error::Error;
use crate::json::Json;
use crate::path::Path;
use alongside_app::context::App;
use alongside_domain::id::ActorId;
use alongside_store::lists;
use axum::extract::State;

/// Shows them. Communities are not among them: who is in one is not told.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadLists>,
    Path(id): Path<ActorId>,
) -> Result<Json<Vec<List>>, Error> {
    let actor = named(&app, id).await?;
    let lists = lists::with(&mut app.reader(), author.member, actor.id).await?;
    Ok(Json(lists.iter().map(List::new).collect()))
}
