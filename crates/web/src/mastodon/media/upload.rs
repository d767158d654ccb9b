//! `POST /api/v2/media`, and `/api/v1/media` for older clients. A picture is ready when the answer comes; a
//! film or a sound only in the older, whose clients do not ask again.

use crate::auth::{Author, WriteMedia};
use crate::entities::statuses::MediaAttachment;
use crate::error::Error;
use crate::json::Json;
use crate::params::{Files, Uploads};
use crate::render::media;
use alongside_app::context::App;
use alongside_app::uploads::{self, Given, Wait};
use alongside_domain::media::MediaState;
use alongside_store::media::Words;
use axum::extract::State;
use http::StatusCode;
use schemars::JsonSchema;
use serde::Deserialize;

/// What a member says of a file.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Body {
    description: Option<String>,
    focus: Option<String>,
}

impl Files for Body {
    const FILES: &'static [&'static str] = &["file", "thumbnail"];
}

/// Takes it, and says whether it is ready.
pub(crate) async fn upload(
    State(app): State<App>,
    author: Author<WriteMedia>,
    uploads: Uploads<Body>,
) -> Result<(StatusCode, Json<MediaAttachment>), Error> {
    take(&app, &author, uploads, Wait::No).await
}

/// Takes it and makes it ready.
pub(crate) async fn upload_and_wait(
    State(app): State<App>,
    author: Author<WriteMedia>,
    uploads: Uploads<Body>,
) -> Result<(StatusCode, Json<MediaAttachment>), Error> {
    take(&app, &author, uploads, Wait::Yes).await
}

async fn take(
    app: &App,
    author: &Author<WriteMedia>,
    mut uploads: Uploads<Body>,
    wait: Wait,
) -> Result<(StatusCode, Json<MediaAttachment>), Error> {
    let file = uploads
        .take("file")
        .ok_or_else(|| Error::Unfit("Validation failed: File can't be blank".to_owned()))?;
    let given = Given { file, thumbnail: uploads.take("thumbnail") };
    let focus = uploads.values.focus.filter(|focus| !focus.is_empty());
    let (focus_x, focus_y) = focus.map_or(Ok((0.0, 0.0)), |focus| super::focus(&focus))?;
    let words = Words { description: uploads.values.description, focus_x, focus_y };
    let taken = uploads::take(app, author.member, given, words, wait).await?;
    let status = match taken.state {
        MediaState::Ready => StatusCode::OK,
        MediaState::Waiting => StatusCode::ACCEPTED,
        MediaState::Failed => return Err(super::failed()),
    };
    Ok((status, Json(media::own(app, &taken).await?)))
}
