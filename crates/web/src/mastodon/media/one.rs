//! `/api/v1/media/:id`.

use crate::auth::{Author, WriteMedia};
use crate::entities::statuses::MediaAttachment;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::params::{Files, Uploads};
use crate::path::Path;
use crate::render::media;
use alongside_app::context::App;
use alongside_app::media::{self as pictures, Changes};
use alongside_app::thumbnails;
use alongside_domain::id::MediaId;
use alongside_domain::media::{Media, MediaState};
use axum::extract::State;
use http::StatusCode;
use schemars::JsonSchema;
use serde::Deserialize;

/// What a member changes; what is missing stays.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Body {
    description: Option<String>,
    focus: Option<String>,
}

impl Files for Body {
    const FILES: &'static [&'static str] = &["thumbnail"];
}

/// A member's file that goes with no post yet: those that do are reached through it.
async fn waiting(app: &App, author: &Author<WriteMedia>, id: MediaId) -> Result<Media, Error> {
    let found = pictures::find(app, author.member, id).await?;
    if found.post.is_some() { Err(Error::NotFound) } else { Ok(found) }
}

/// Shows it to its owner, and says whether it is ready.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<WriteMedia>,
    Path(id): Path<MediaId>,
) -> Result<(StatusCode, Json<MediaAttachment>), Error> {
    let found = waiting(&app, &author, id).await?;
    let status = match found.state {
        MediaState::Ready => StatusCode::OK,
        MediaState::Waiting => StatusCode::PARTIAL_CONTENT,
        MediaState::Failed => return Err(super::failed()),
    };
    Ok((status, Json(media::own(&app, &found).await?)))
}

/// Changes what is said of it, and what is shown of it first.
pub(crate) async fn describe(
    State(app): State<App>,
    author: Author<WriteMedia>,
    Path(id): Path<MediaId>,
    mut uploads: Uploads<Body>,
) -> Result<Json<MediaAttachment>, Error> {
    let thumbnail = uploads.take("thumbnail");
    let body = uploads.values;
    let focus = body.focus.filter(|focus| !focus.is_empty());
    let changes = Changes {
        description: body.description,
        focus: focus.map(|focus| super::focus(&focus)).transpose()?,
    };
    waiting(&app, &author, id).await?;
    if let Some(thumbnail) = thumbnail {
        thumbnails::choose(&app, author.member, id, thumbnail).await?;
    }
    let changed = pictures::describe(&app, author.member, id, changes).await?;
    media::own(&app, &changed).await.map(Json)
}

/// Takes it back.
pub(crate) async fn remove(
    State(app): State<App>,
    author: Author<WriteMedia>,
    Path(id): Path<MediaId>,
) -> Result<Json<Empty>, Error> {
    pictures::remove(&app, author.member, id).await?;
    Ok(Json(Empty {}))
}
