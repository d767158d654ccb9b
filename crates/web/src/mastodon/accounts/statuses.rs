//! `GET /api/v1/accounts/:id/statuses`: what somebody wrote and boosted, or the threads of a community.

use super::named;
use crate::auth::{ReadStatuses, Viewer};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::page::{Paged, Paging};
use crate::params::Query;
use crate::path::Path;
use crate::render::statuses;
use alongside_app::context::App;
use alongside_app::reading;
use alongside_domain::fold::fold;
use alongside_domain::id::{ActorId, PostId};
use alongside_store::entries::{self, Wanted};
use alongside_store::page::Page;
use alongside_store::{pins, timelines};
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// Which of it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "the API has them")]
pub(crate) struct Which {
    pinned: bool,
    only_media: bool,
    exclude_replies: bool,
    exclude_reblogs: bool,
    tagged: Option<String>,
}

/// Shows a page of it.
pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer<ReadStatuses>,
    Path(id): Path<ActorId>,
    Query(which): Query<Which>,
    paging: Paging,
) -> Result<Paged<Status>, Error> {
    let actor = named(&app, id).await?;
    let mut reader = app.reader();
    if which.pinned {
        let pinned = part(pins::of_actor(&mut reader, actor.id).await?, &paging.posts());
        let page = posts(&app, &viewer, &pinned).await?;
        // Those alone that are shown: an id in a link tells of a post, too.
        let id = |status: Option<&Status>| status.and_then(|status| status.id.parse().ok());
        let (newest, oldest) = (id(page.first()), id(page.last()));
        return Ok(paging.reply(page, newest, oldest));
    }
    if let Some(tag) = which.tagged.as_deref().map(str::trim).filter(|tag| !tag.is_empty()) {
        let tag = fold(tag.trim_start_matches('#'));
        let tagged =
            timelines::of_author_and_tag(&mut reader, actor.id, viewer.actor(), &tag, &paging.posts())
                .await?;
        let page = posts(&app, &viewer, &tagged).await?;
        return Ok(paging.reply(page, tagged.first().map(|id| id.get()), tagged.last().map(|id| id.get())));
    }
    let wanted = Wanted {
        no_boosts: which.exclude_reblogs,
        // A community's comments are read in their threads, whether it announces them or not.
        no_replies: which.exclude_replies || actor.is_community(),
        only_media: which.only_media,
    };
    let lines = entries::of_actor(&mut reader, actor.id, viewer.actor(), wanted, &paging.posts()).await?;
    let page = statuses::of_lines(&app, viewer.0, &lines).await?;
    Ok(paging.reply(page, lines.first().map(|id| id.get()), lines.last().map(|id| id.get())))
}

/// The part of a short list that is asked for, newest first.
fn part(mut ids: Vec<PostId>, page: &Page) -> Vec<PostId> {
    ids.sort_unstable_by_key(|id| std::cmp::Reverse(id.get()));
    ids.retain(|id| id.get() < page.below() && id.get() > page.above());
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    if page.is_upward() {
        ids.drain(..ids.len().saturating_sub(limit));
    }
    ids.truncate(limit);
    ids
}

async fn posts(app: &App, viewer: &Viewer<ReadStatuses>, ids: &[PostId]) -> Result<Vec<Status>, Error> {
    let posts = reading::posts(&mut app.reader(), viewer.actor(), ids, app.now()).await?;
    statuses::of_posts(app, viewer.0, &posts).await
}
