//! `POST /api/v1/statuses`: publishes a post.

use super::typed::Body;
use crate::auth::{Author, WriteStatuses};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::json::Json;
use crate::params::Params;
use crate::render::statuses;
use alongside_app::posts::{self, Writing};
use alongside_federation::look_up;
use alongside_federation::node::Federation;
use axum::extract::State;
use http::HeaderMap;

/// Publishes it. The same `Idempotency-Key` gives the same post.
pub(crate) async fn create(
    State(node): State<Federation>,
    author: Author<WriteStatuses>,
    headers: HeaderMap,
    Params(body): Params<Body>,
) -> Result<Json<Status>, Error> {
    if body.scheduled_at.as_ref().is_some_and(|at| !at.is_empty()) {
        return Err(Error::Unfit(
            "Posts cannot be scheduled on this node: send it when it is time".to_owned(),
        ));
    }
    let draft = body.into_draft(node.app())?;
    look_up::meet(&node, &draft.typed().text).await;
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok());
    let writing = Writing {
        author: author.member,
        application: Some(author.client),
        idempotency_key: key.filter(|key| !key.is_empty()).map(str::to_owned),
    };
    let post = posts::publish(node.app(), &writing, &draft).await?;
    statuses::of_post(node.app(), Some(author.member), &post).await.map(Json)
}
