//! `POST /api/v1/statuses/:id/reblog` and `/unreblog`: a boost to one's followers.

use super::{anew, named};
use crate::auth::{Author, WriteStatuses};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::json::Json;
use crate::params::Params;
use crate::path::Path;
use crate::render::statuses;
use alongside_app::boosts;
use alongside_app::context::App;
use alongside_app::effects::Via;
use alongside_domain::id::PostId;
use alongside_domain::post::Visibility;
use alongside_store::actors;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// Who is to see the boost, where not all who may read the post.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Body {
    #[schemars(extend("enum" = ["public", "unlisted", "private", null]))]
    visibility: Option<String>,
}

impl Body {
    fn wished(&self) -> Result<Option<Visibility>, Error> {
        match self.visibility.as_deref() {
            None | Some("") => Ok(None),
            Some("public") => Ok(Some(Visibility::Public)),
            Some("unlisted") => Ok(Some(Visibility::Unlisted)),
            Some("private") => Ok(Some(Visibility::Followers)),
            Some(_) => {
                let says = "Validation failed: visibility is not one of public, unlisted, private";
                Err(Error::Unfit(says.to_owned()))
            }
        }
    }
}

/// Boosts a post, and gives the boost with the post in it.
pub(crate) async fn add(
    State(app): State<App>,
    author: Author<WriteStatuses>,
    Path(id): Path<PostId>,
    Params(body): Params<Body>,
) -> Result<Json<Status>, Error> {
    let wished = body.wished()?;
    let post = named(&app, Some(author.actor()), id).await?;
    let booster = actors::find(&mut app.reader(), author.actor()).await?.ok_or(Error::Unauthenticated)?;
    let boost = boosts::boost(&app, &booster, post.id, wished, None, Via::Here).await?;
    let mut shown = statuses::of_lines(&app, Some(author.member), &[boost.id]).await?;
    shown.pop().map(Json).ok_or(Error::NotFound)
}

/// Takes the boost back, and gives the post.
pub(crate) async fn remove(
    State(app): State<App>,
    author: Author<WriteStatuses>,
    Path(id): Path<PostId>,
) -> Result<Json<Status>, Error> {
    let post = named(&app, Some(author.actor()), id).await?;
    boosts::unboost(&app, author.actor(), post.id, Via::Here).await?;
    anew(&app, author.member, post.id).await
}
