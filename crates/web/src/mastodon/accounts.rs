//! `/api/v1/accounts`: people and communities.

mod block;
mod create;
pub(super) mod endorse;
mod familiar_followers;
mod featured_tags;
mod follow;
mod followers;
mod following;
mod list;
mod lists;
mod lookup;
mod mute;
mod note;
mod relationships;
mod remove_from_followers;
mod search;
mod show;
mod statuses;
pub(super) mod update_credentials;
mod verify_credentials;

use crate::auth::{ReadAccounts, Viewer};
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::path::Path;
use crate::routes::{Routes, get, patch, post};
use crate::state::Web;
use alongside_app::context::App;
use alongside_domain::actor::Actor;
use alongside_domain::id::ActorId;
use alongside_store::actors;
use axum::extract::State;

/// Bytes around the pictures of a profile: the names and values of the form.
const FORM_BYTES_MAX: usize = 100_000;

/// The addresses of this family.
pub(crate) fn routes(web: &Web) -> Routes {
    let update = patch(update_credentials::update).with_bodies_up_to(profile_bytes_max(web));
    Routes::new()
        .route("/api/v1/accounts", get(list::show).post(create::create))
        .route("/api/v1/accounts/verify_credentials", get(verify_credentials::show))
        .route("/api/v1/accounts/update_credentials", update)
        .route("/api/v1/accounts/relationships", get(relationships::show))
        .route("/api/v1/accounts/lookup", get(lookup::show))
        .route("/api/v1/accounts/search", get(search::show))
        .route("/api/v1/accounts/familiar_followers", get(familiar_followers::show))
        .route("/api/v1/accounts/{id}", get(show::show))
        .route("/api/v1/accounts/{id}/statuses", get(statuses::show))
        .route("/api/v1/accounts/{id}/followers", get(followers::show))
        .route("/api/v1/accounts/{id}/following", get(following::show))
        .route("/api/v1/accounts/{id}/lists", get(lists::show))
        .route("/api/v1/accounts/{id}/featured_tags", get(featured_tags::show))
        .route("/api/v1/accounts/{id}/endorsements", get(endorse::show))
        .route("/api/v1/accounts/{id}/endorse", post(endorse::endorse))
        .route("/api/v1/accounts/{id}/unendorse", post(endorse::withdraw))
        .route("/api/v1/accounts/{id}/pin", post(endorse::endorse))
        .route("/api/v1/accounts/{id}/unpin", post(endorse::withdraw))
        .route("/api/v1/accounts/{id}/identity_proofs", get(nothing))
        .route("/api/v1/accounts/{id}/follow", post(follow::follow))
        .route("/api/v1/accounts/{id}/unfollow", post(follow::unfollow))
        .route("/api/v1/accounts/{id}/remove_from_followers", post(remove_from_followers::remove))
        .route("/api/v1/accounts/{id}/block", post(block::block))
        .route("/api/v1/accounts/{id}/unblock", post(block::unblock))
        .route("/api/v1/accounts/{id}/mute", post(mute::mute))
        .route("/api/v1/accounts/{id}/unmute", post(mute::unmute))
        .route("/api/v1/accounts/{id}/note", post(note::write))
}

/// Bytes in a request that changes a profile and both its pictures.
pub(super) fn profile_bytes_max(web: &Web) -> usize {
    2 * web.app().settings().media_bytes_max + FORM_BYTES_MAX
}

/// Somebody who may be shown.
async fn named(app: &App, id: ActorId) -> Result<Actor, Error> {
    actors::find(&mut app.reader(), id).await?.filter(Actor::is_present).ok_or(Error::NotFound)
}

/// What nobody's profile has here.
async fn nothing(
    State(app): State<App>,
    _: Viewer<ReadAccounts>,
    Path(id): Path<ActorId>,
) -> Result<Json<[Empty; 0]>, Error> {
    named(&app, id).await.map(|_| Json([]))
}

#[cfg(test)]
mod tests;
