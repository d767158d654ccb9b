//! `GET /api/v1/statuses/:id/context`: the thread around a post.

use super::named;
use crate::auth::{ReadStatuses, Viewer};
use crate::entities::statuses::Context;
use crate::error::Error;
use crate::json::Json;
use crate::mastodon::async_refreshes;
use crate::path::Path;
use crate::render::statuses;
use crate::unchanged::MadeOf;
use alongside_app::context::App;
use alongside_app::{avoiding, catching_up, reading};
use alongside_domain::id::PostId;
use alongside_domain::limits::THREAD_MAX;
use alongside_store::touched::Topic;
use axum::Extension;
use axum::extract::State;
use http::HeaderMap;

/// Shows what a post answers, and what answers it. A thread that lives elsewhere is caught up with
/// when a member reads it; while that goes on, a header says where to ask how far it has come.
pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer<ReadStatuses>,
    Path(id): Path<PostId>,
) -> Result<(HeaderMap, Extension<MadeOf>, Json<Context>), Error> {
    let (actor, now) = (viewer.actor(), app.now());
    let post = named(&app, actor, id).await?;
    let mut reader = app.reader();
    let mut thread = reading::thread(&mut reader, actor, post.id, THREAD_MAX, now).await?;
    let progress = if actor.is_some() { catching_up::replies(&app, &post).await } else { None };
    let writers = thread.above.iter().chain(&thread.below).map(|post| post.author);
    let avoided = avoiding::among(&mut reader, actor, writers, now).await?;
    thread.above.retain(|post| !avoided.contains(&post.author));
    thread.below.retain(|post| !avoided.contains(&post.author));
    let shown = statuses::of_thread(&app, viewer.0, &thread).await?;
    let topics = [&shown.ancestors, &shown.descendants].map(|part| statuses::topics(actor, part));
    let made_of: MadeOf = topics.into_iter().flatten().chain([Topic::Thread(post.root)]).collect();
    Ok((async_refreshes::header(progress), Extension(made_of), Json(shown)))
}
