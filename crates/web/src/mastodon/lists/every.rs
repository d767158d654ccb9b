//! `/api/v1/lists`.

use crate::auth::{Author, ReadLists, WriteLists};
use crate::entities::collections::List;
use crate::error::Error;
use crate::json::Json;
use crate::params::{Params, Word};
use alongside_app::context::App;
use alongside_app::lists::{self, Wanted};
use alongside_domain::list::RepliesPolicy;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// What a member says of a new list.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Body {
    #[serde(default)]
    title: String,
    replies_policy: Option<Word<RepliesPolicy>>,
    #[serde(default)]
    exclusive: bool,
}

/// Shows all of them.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadLists>,
) -> Result<Json<Vec<List>>, Error> {
    let all = lists::all(&mut app.reader(), author.member).await?;
    Ok(Json(all.iter().map(List::new).collect()))
}

/// Makes one.
pub(crate) async fn create(
    State(app): State<App>,
    author: Author<WriteLists>,
    Params(body): Params<Body>,
) -> Result<Json<List>, Error> {
    let wanted = Wanted {
        title: body.title,
        replies_policy: body.replies_policy.map_or(RepliesPolicy::List, |Word(policy)| policy),
        exclusive: body.exclusive,
    };
    Ok(Json(List::new(&lists::create(&app, author.member, &wanted).await?)))
}
