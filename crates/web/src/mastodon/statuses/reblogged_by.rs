//! `GET /api/v1/statuses/:id/reblogged_by`: who boosted, told to the post's author alone.

use super::named;
use crate::auth::{ReadStatuses, Viewer};
use crate::entities::accounts::Account;
use crate::error::Error;
use crate::page::{Paged, Paging};
use crate::path::Path;
use crate::render::accounts;
use alongside_app::context::App;
use alongside_domain::id::PostId;
use alongside_store::entries;
use axum::extract::State;

/// Shows them. Anybody else is told of nobody.
pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer<ReadStatuses>,
    Path(id): Path<PostId>,
    paging: Paging,
) -> Result<Paged<Account>, Error> {
    let post = named(&app, viewer.actor(), id).await?;
    if viewer.actor() != Some(post.author) {
        return Ok(paging.reply(Vec::new(), None, None));
    }
    let boosts = entries::boosts_of(&mut app.reader(), post.id, &paging.people()).await?;
    accounts::page(&app, &paging, boosts.iter().map(|boost| (boost.id.get(), boost.actor_id))).await
}
