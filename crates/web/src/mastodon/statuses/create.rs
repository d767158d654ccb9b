//! `POST /api/v1/statuses`: publishes a post, or keeps it for later.

use super::typed::Body;
use crate::auth::{Author, WriteStatuses};
use crate::entities::scheduled::ScheduledStatus;
use crate::entities::statuses::{Status, Unexpected};
use crate::error::Error;
use crate::headers::IdempotencyKey;
use crate::json::Answered;
use crate::mastodon::scheduled_statuses::moment;
use crate::params::Params;
use crate::render::{self, accounts, statuses};
use alongside_app::context::App;
use alongside_app::posts::{self, Writing};
use alongside_app::scheduled;
use alongside_domain::id::MemberId;
use alongside_federation::look_up;
use alongside_federation::node::Federation;
use alongside_store::members;
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
) -> Result<Answered<Created, Unexpected>, Error> {
    let app = node.app();
    let member = members::find(&mut app.reader(), author.member).await?.ok_or(Error::Unauthenticated)?;
    let mut body = body.by_default(&member);
    let at = body.scheduled_at.as_deref().filter(|at| !at.is_empty()).map(moment).transpose()?;
    let (knows_groups, allowed) = (body.knows_groups(), body.allowed_mentions.take());
    let draft = body.into_draft(app)?;
    look_up::meet(&node, &draft.typed().text).await;
    if let Some(unexpected) = unexpected(app, author.member, &draft.typed().text, allowed).await? {
        return Ok(Answered::Unfit(unexpected));
    }
    let writing = Writing { author: author.member, application: Some(author.client), idempotency_key: key };
    let created = if let Some(at) = at {
        let kept = scheduled::schedule(app, &writing, &draft, at).await?;
        Created::Later(Box::new(render::scheduled::status(app, &kept).await?))
    } else {
        let post = posts::publish(app, &writing, &draft).await?;
        let status = statuses::of_post(app, Some(author.member), &post).await?;
        Created::Now(Box::new(if knows_groups { status.in_the_words_of_groups() } else { status }))
    };
    Ok(Answered::Well(created))
}

/// Whom a text names besides those it may name, where a client said whom.
async fn unexpected(
    app: &App,
    author: MemberId,
    text: &str,
    allowed: Option<Vec<String>>,
) -> Result<Option<Unexpected>, Error> {
    let Some(allowed) = allowed else { return Ok(None) };
    let mut named = posts::named_in(&mut app.reader(), app, text).await?;
    named.retain(|actor| actor.id != author.actor() && !allowed.contains(&actor.id.to_string()));
    if named.is_empty() {
        return Ok(None);
    }
    Ok(Some(Unexpected::new(accounts::of_actors(app, &named).await?)))
}
