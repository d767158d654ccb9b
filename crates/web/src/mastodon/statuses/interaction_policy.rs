//! `PUT /api/v1/statuses/:id/interaction_policy`: who may quote a post. Nobody can here, and a client that asks for
//! something else is told so.

use super::{anew, named};
use crate::auth::{Author, WriteStatuses};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::json::Json;
use crate::params::Params;
use crate::path::Path;
use alongside_app::context::App;
use alongside_domain::id::PostId;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// What the author would like.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Body {
    quote_approval_policy: Option<String>,
}

/// Takes only what is so already.
pub(crate) async fn update(
    State(app): State<App>,
    author: Author<WriteStatuses>,
    Path(id): Path<PostId>,
    Params(body): Params<Body>,
) -> Result<Json<Status>, Error> {
    let post = named(&app, Some(author.actor()), id).await?;
    if post.author != author.actor() {
        return Err(Error::Forbidden("This action is not allowed".to_owned()));
    }
    match body.quote_approval_policy.as_deref() {
        None | Some("nobody") => anew(&app, author.member, post.id).await,
        Some(_) => Err(Error::Unfit("Validation failed: posts cannot be quoted on this node".to_owned())),
    }
}
