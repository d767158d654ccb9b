//! `POST /api/v1/accounts/:id/follow` and `/unfollow`: following, which for a community is joining.

use crate::auth::{Author, WriteFollows};
use crate::entities::accounts::Relationship;
use crate::error::Error;
use crate::json::Json;
use crate::params::Params;
use crate::path::Path;
use crate::render::accounts;
use alongside_app::context::App;
use alongside_app::follows::{self, Wishes};
use alongside_domain::id::ActorId;
use alongside_store::follows as stored;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// How the follower would like to be kept informed; what is not said stays.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Body {
    reblogs: Option<bool>,
    notify: Option<bool>,
    /// Posts in these languages alone; none: in any.
    languages: Option<Vec<String>>,
}

/// Follows or joins.
pub(crate) async fn follow(
    State(app): State<App>,
    author: Author<WriteFollows>,
    Path(id): Path<ActorId>,
    Params(body): Params<Body>,
) -> Result<Json<Relationship>, Error> {
    let known = stored::between(&mut app.reader(), author.actor(), id).await?;
    let before = known.map_or_else(Wishes::default, |follow| Wishes {
        show_boosts: follow.show_boosts,
        notify: follow.notify,
        languages: None,
    });
    let wishes = Wishes {
        show_boosts: body.reblogs.unwrap_or(before.show_boosts),
        notify: body.notify.unwrap_or(before.notify),
        languages: body.languages,
    };
    follows::follow(&app, author.actor(), id, wishes, None).await?;
    accounts::relationship_with(&app, author.member, id).await.map(Json)
}

/// Unfollows or leaves.
pub(crate) async fn unfollow(
    State(app): State<App>,
    author: Author<WriteFollows>,
    Path(id): Path<ActorId>,
) -> Result<Json<Relationship>, Error> {
    follows::unfollow(&app, author.actor(), id).await?;
    accounts::relationship_with(&app, author.member, id).await.map(Json)
}
