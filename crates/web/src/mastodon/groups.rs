//! `/api/v1/groups`: communities as such, for clients that know them, and how those who look after one do so. A
//! community is an account and a group under one id.
//!
//! The addresses are those of the groups extension that some clients speak (Mastodon's proposal 19059); what
//! it has no address for stands beside them under a plain name.

mod blocks;
mod every;
mod join;
mod kick;
mod memberships;
mod one;
mod relationships;
mod requests;
mod roles;
mod statuses;

use crate::error::Error;
use crate::openapi::inputs::Id;
use crate::routes::{Routes, delete, get, post};
use crate::state::Web;
use alongside_app::context::App;
use alongside_app::effects::Via;
use alongside_app::moderation;
use alongside_domain::id::{ActorId, CommunityId};
use alongside_domain::limits::PEOPLE_AT_ONCE_MAX;
use alongside_domain::moderation::Measure;
use alongside_store::actors;
use schemars::JsonSchema;
use serde::Deserialize;

/// Bytes around the pictures of a community: the names and values of the form.
const FORM_BYTES_MAX: usize = 100_000;

/// The addresses of this family.
pub(crate) fn routes(web: &Web) -> Routes {
    let pictures = 2 * web.app().settings().media_bytes_max + FORM_BYTES_MAX;
    let one = get(one::show).put(one::update).delete(one::close).with_bodies_up_to(pictures);
    let blocks = get(blocks::show).post(blocks::add).delete(blocks::remove);
    Routes::new()
        .route("/api/v1/groups", get(every::show).post(every::open).with_bodies_up_to(pictures))
        .route("/api/v1/groups/relationships", get(relationships::show))
        .route("/api/v1/groups/{id}", one)
        .route("/api/v1/groups/{id}/join", post(join::join))
        .route("/api/v1/groups/{id}/leave", post(join::leave))
        .route("/api/v1/groups/{id}/memberships", get(memberships::show))
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
#[derive(Debug, Deserialize, JsonSchema)]
struct People {
    #[schemars(with = "Vec<Id>")]
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
mod extension_tests;
#[cfg(test)]
mod tests;
