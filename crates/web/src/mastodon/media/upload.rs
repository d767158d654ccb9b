//! `POST /api/v2/media`, and `/api/v1/media` for older clients. A picture is ready when the answer comes.

use crate::auth::{Author, WriteMedia};
use crate::entities::statuses::MediaAttachment;
use crate::error::Error;
use crate::json::Json;
use crate::params::Uploads;
use crate::render::media;
use alongside_app::context::App;
use alongside_store::media::Words;
use axum::extract::State;
use serde::Deserialize;

/// What a member says of a picture.
#[derive(Debug, Deserialize)]
pub(crate) struct Body {
    description: Option<String>,
    focus: Option<String>,
}

/// Takes it.
pub(crate) async fn upload(
    State(app): State<App>,
    author: Author<WriteMedia>,
    mut uploads: Uploads<Body>,
) -> Result<Json<MediaAttachment>, Error> {
    let file =
        uploads.take("file").ok_or_else(|| Error::Unfit("Validation failed: file is missing".to_owned()))?;
    let focus = uploads.values.focus.filter(|focus| !focus.is_empty());
    let (focus_x, focus_y) = focus.map_or(Ok((0.0, 0.0)), |focus| super::focus(&focus))?;
    let words = Words { description: uploads.values.description, focus_x, focus_y };
    let taken = alongside_app::media::upload(&app, author.member, file.into(), words).await?;
    media::own(&app, &taken).await.map(Json)
}
