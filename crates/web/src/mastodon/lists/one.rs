//! `/api/v1/lists/:id`.

use crate::auth::{Author, ReadLists, WriteLists};
use crate::entities::collections::List;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::params::{Params, Word};
use crate::path::Path;
use alongside_app::context::App;
use alongside_app::lists::{self, Changes, Found};
use alongside_domain::id::ListId;
use alongside_domain::list::RepliesPolicy;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// What a member changes; what is missing stays.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Body {
    title: Option<String>,
    replies_policy: Option<Word<RepliesPolicy>>,
    exclusive: Option<bool>,
}

/// Shows it.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadLists>,
    Path(id): Path<ListId>,
) -> Result<Json<List>, Error> {
    match lists::find(&mut app.reader(), author.member, id).await?.ok_or(Error::NotFound)? {
        Found::Own(list) | Found::Community(_, list) => Ok(Json(List::new(&list))),
    }
}

/// Changes it.
pub(crate) async fn update(
    State(app): State<App>,
    author: Author<WriteLists>,
    Path(id): Path<ListId>,
    Params(body): Params<Body>,
) -> Result<Json<List>, Error> {
    let changes = Changes {
        title: body.title,
        replies_policy: body.replies_policy.map(|Word(policy)| policy),
        exclusive: body.exclusive,
    };
    Ok(Json(List::new(&lists::update(&app, author.member, id, changes).await?)))
}

/// Forgets it.
pub(crate) async fn remove(
    State(app): State<App>,
    author: Author<WriteLists>,
    Path(id): Path<ListId>,
) -> Result<Json<Empty>, Error> {
    lists::remove(&app, author.member, id).await?;
    Ok(Json(Empty {}))
}
