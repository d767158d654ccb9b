//! Posts that wait for their moment.

use crate::entities::scheduled::{ScheduledParams, ScheduledPoll, ScheduledStatus};
use crate::entities::statuses::MediaAttachment;
use crate::error::Error;
use crate::render::{media, visibility};
use alongside_app::context::App;
use alongside_app::media::Addresses;
use alongside_domain::draft::{Typed, TypedPoll};
use alongside_domain::id::MediaId;
use alongside_domain::media::Media;
use alongside_domain::post::Visibility;
use alongside_domain::scheduled::Scheduled;
use alongside_store::media as stored;
use std::collections::HashMap;

/// These, with their images, for whoever wrote them.
pub(crate) async fn statuses(app: &App, page: &[Scheduled]) -> Result<Vec<ScheduledStatus>, Error> {
    let ids: Vec<MediaId> = page.iter().flat_map(|one| &one.draft.media).copied().collect();
    let files = stored::find_all(&mut app.reader(), &ids).await?;
    let files: HashMap<MediaId, Media> = files.into_iter().map(|file| (file.id, file)).collect();
    let addresses = Addresses::load(app).await?;
    let attachment = |id: &MediaId| Some(media::attachment(&addresses, files.get(id)?, None));
    Ok(page.iter().map(|one| shown(one, one.draft.media.iter().filter_map(attachment).collect())).collect())
}

/// One of them.
pub(crate) async fn status(app: &App, one: &Scheduled) -> Result<ScheduledStatus, Error> {
    statuses(app, std::slice::from_ref(one)).await?.pop().ok_or(Error::NotFound)
}

fn shown(one: &Scheduled, media_attachments: Vec<MediaAttachment>) -> ScheduledStatus {
    ScheduledStatus {
        id: one.id.to_string(),
        scheduled_at: one.due_at.to_string(),
        params: params(&one.draft, one.idempotency_key.clone()),
        media_attachments,
        error: one.error.clone(),
    }
}

fn params(draft: &Typed, idempotency: Option<String>) -> ScheduledParams {
    let media_ids: Vec<String> = draft.media.iter().map(ToString::to_string).collect();
    ScheduledParams {
        text: draft.text.clone(),
        poll: draft.poll.as_ref().map(poll),
        media_ids: Some(media_ids).filter(|ids| !ids.is_empty()),
        sensitive: draft.sensitive,
        spoiler_text: draft.content_note.clone(),
        visibility: visibility(draft.visibility.unwrap_or(Visibility::Direct)),
        in_reply_to_id: draft.reply_to.map(alongside_domain::id::PostId::get),
        language: draft.language.clone(),
        application_id: 0,
        scheduled_at: None,
        idempotency,
        with_rate_limit: false,
    }
}

fn poll(poll: &TypedPoll) -> ScheduledPoll {
    ScheduledPoll {
        options: poll.options.clone(),
        expires_in: poll.open_secs,
        multiple: poll.multiple,
        hide_totals: poll.hide_totals,
    }
}
