//! `/api/v1/groups/:id`: how those who look after a community do so from a client. A community is an account
//! and a group under one id.
//!
//! The addresses are those of the groups extension that some clients speak (Mastodon's proposal 19059); what
//! it has no address for stands beside them under a plain name.

mod blocks;
mod kick;
mod requests;
mod roles;
mod statuses;

use crate::error::Error;
use crate::state::Web;
use alongside_app::context::App;
use alongside_app::effects::Via;
use alongside_app::moderation;
use alongside_domain::id::{ActorId, CommunityId};
use alongside_domain::limits::PEOPLE_AT_ONCE_MAX;
use alongside_domain::moderation::Measure;
use alongside_store::actors;
use axum::Router;
use axum::routing::{delete, get, post};
use serde::Deserialize;

/// The addresses of this family.
pub(crate) fn routes() -> Router<Web> {
    let blocks = get(blocks::show).post(blocks::add).delete(blocks::remove);
    Router::new()
        .route("/api/v1/groups/{id}/blocks", blocks)
        .route("/api/v1/groups/{id}/kick", post(kick::kick))
        .route("/api/v1/groups/{id}/promote", post(roles::promote))
        .route("/api/v1/groups/{id}/demote", post(roles::demote))
        .route("/api/v1/groups/{id}/membership_requests", get(requests::show))
        .route("/api/v1/groups/{id}/membership_requests/{account}/authorize", post(requests::authorize))
        .route("/api/v1/groups/{id}/membership_requests/{account}/reject", post(requests::reject))
        .route("/api/v1/groups/{id}/statuses/{post}", delete(statuses::remove))
        .route("/api/v1/groups/{id}/statuses/{post}/restore", post(statuses::restore))
        .route("/api/v1/groups/{id}/statuses/{post}/lock", post(statuses::lock))
        .route("/api/v1/groups/{id}/statuses/{post}/unlock", post(statuses::unlock))
        .route("/api/v1/groups/{id}/statuses/{post}/feature", post(statuses::feature))
        .route("/api/v1/groups/{id}/statuses/{post}/unfeature", post(statuses::unfeature))
}

/// Whom a request is about.
#[derive(Debug, Deserialize)]
struct People {
    account_ids: Vec<i64>,
}

/// Those a request names, if they are not too many at once.
fn people(ids: &[i64]) -> Result<Vec<ActorId>, Error> {
    if ids.len() > PEOPLE_AT_ONCE_MAX {
        return Err(Error::Unfit(format!(
            "Validation failed: {PEOPLE_AT_ONCE_MAX} people at once are enough"
        )));
    }
    Ok(ids.iter().copied().map(ActorId::new).collect())
}

/// Takes a measure as a member.
async fn take(app: &App, by: ActorId, id: ActorId, measure: Measure, reason: &str) -> Result<(), Error> {
    let by = actors::find(&mut app.reader(), by).await?.ok_or(Error::Unauthenticated)?;
    moderation::take(app, &by, CommunityId::of(id), measure, reason, Via::Here).await?;
    Ok(())
}

#[cfg(test)]
mod tests;
