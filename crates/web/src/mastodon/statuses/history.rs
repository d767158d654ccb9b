//! `GET /api/v1/statuses/:id/history`: what a post said before, oldest first, and what it says now.

use super::named;
use crate::auth::{ReadStatuses, Viewer};
use crate::entities::statuses::StatusEdit;
use crate::error::Error;
use crate::json::Json;
use crate::path::Path;
use crate::render::emojis::Emojis;
use crate::render::statuses::{self, content};
use alongside_app::context::App;
use alongside_domain::id::PostId;
use alongside_store::actors;
use alongside_store::posts::{self, Edit};
use axum::extract::State;

/// Shows it.
pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer<ReadStatuses>,
    Path(id): Path<PostId>,
) -> Result<Json<Vec<StatusEdit>>, Error> {
    let post = named(&app, viewer.actor(), id).await?;
    let edits = posts::edits(&mut app.reader(), post.id).await?;
    let host = actors::find(&mut app.reader(), post.author).await?.ok_or(Error::NotFound)?.host;
    let said = edits.iter().flat_map(words).map(|text| (host.as_str(), text));
    let emojis = Emojis::read(&app, said.collect()).await?;
    let now = statuses::of_post(&app, viewer.0, &post).await?;
    let account = now.account;
    let before = edits.into_iter().map(|edit: Edit| StatusEdit {
        emojis: emojis.among(&host, words(&edit)),
        content: content(edit.title.as_deref(), &edit.content),
        spoiler_text: edit.content_note,
        sensitive: edit.sensitive,
        created_at: edit.at.to_string(),
        account: account.clone(),
        media_attachments: Vec::new(),
    });
    let last = StatusEdit {
        content: now.content,
        spoiler_text: now.spoiler_text,
        sensitive: now.sensitive,
        created_at: now.edited_at.unwrap_or(now.created_at),
        account: account.clone(),
        media_attachments: now.media_attachments,
        emojis: now.emojis,
    };
    Ok(Json(before.chain(std::iter::once(last)).collect()))
}

fn words(edit: &Edit) -> [&str; 3] {
    [&edit.content, &edit.content_note, edit.title.as_deref().unwrap_or_default()]
}
