//! `POST /api/v1/statuses`: publishes a post, or keeps it for later.

use super::typed::Body;
use crate::auth::{Author, WriteStatuses};
use crate::entities::scheduled::ScheduledStatus;
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::headers::IdempotencyKey;
use crate::json::Json;
use crate::mastodon::scheduled_statuses::moment;
use crate::params::Params;
use crate::render::{self, statuses};
use alongside_app::posts::{self, Writing};
use alongside_app::scheduled;
use alongside_federation::look_up;
use alongside_federation::node::Federation;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;

/// What was published, or is kept for later.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Created {
    Now(Box<Status>),
    Later(Box<ScheduledStatus>),
}

/// Publishes or keeps it. The same `Idempotency-Key` gives the same post.
pub(crate) async fn create(
    State(node): State<Federation>,
    author: Author<WriteStatuses>,
    IdempotencyKey(key): IdempotencyKey,
    Params(body): Params<Body>,
) -> Result<Json<Created>, Error> {
    let at = body.scheduled_at.as_deref().filter(|at| !at.is_empty()).map(moment).transpose()?;
    let knows_groups = body.knows_groups();
    let draft = body.into_draft(node.app())?;
    look_up::meet(&node, &draft.typed().text).await;
    let writing = Writing { author: author.member, application: Some(author.client), idempotency_key: key };
    let created = if let Some(at) = at {
        let kept = scheduled::schedule(node.app(), &writing, &draft, at).await?;
        Created::Later(Box::new(render::scheduled::status(node.app(), &kept).await?))
    } else {
        let post = posts::publish(node.app(), &writing, &draft).await?;
        let status = statuses::of_post(node.app(), Some(author.member), &post).await?;
        Created::Now(Box::new(if knows_groups { status.in_the_words_of_groups() } else { status }))
    };
    Ok(Json(created))
}
