//! `/api/v1/groups/:id`: a community.

use crate::auth::{Author, ReadGroups, Viewer, WriteGroups};
use crate::entities::groups::Group;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::params::{Files, Uploads};
use crate::path::Path;
use crate::render::groups;
use alongside_app::communities::closing;
use alongside_app::communities::settings::{self, Changes};
use alongside_app::context::App;
use alongside_app::profiles::Picture;
use alongside_domain::id::{ActorId, CommunityId};
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// What is to be changed; what is not said stays. A picture that is said to be empty goes.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Body {
    display_name: Option<String>,
    note: Option<String>,
    rules: Option<Vec<String>>,
    staffed_hours: Option<String>,
    avatar: Option<String>,
    header: Option<String>,
}

impl Files for Body {
    const FILES: &'static [&'static str] = &["avatar", "header"];
}

/// Shows it.
pub(crate) async fn show(
    State(app): State<App>,
    _: Viewer<ReadGroups>,
    Path(id): Path<ActorId>,
) -> Result<Json<Group>, Error> {
    groups::of_id(&app, id).await.map(Json)
}

/// Changes what it says of itself.
pub(crate) async fn update(
    State(app): State<App>,
    author: Author<WriteGroups>,
    Path(id): Path<ActorId>,
    mut uploads: Uploads<Body>,
) -> Result<Json<Group>, Error> {
    let mut picture = |name| uploads.take(name).map(|bytes| Picture::New(bytes.into()));
    let (avatar, header) = (picture("avatar"), picture("header"));
    let body = uploads.values;
    let gone = |said: Option<String>| said.filter(String::is_empty).map(|_| Picture::Removed);
    let changes = Changes {
        title: body.display_name,
        summary: body.note,
        rules: body.rules,
        staffed_hours: body.staffed_hours,
        avatar: avatar.or_else(|| gone(body.avatar)),
        header: header.or_else(|| gone(body.header)),
    };
    settings::update(&app, author.member, CommunityId::of(id), &changes).await?;
    groups::of_id(&app, id).await.map(Json)
}

/// Closes it for good.
pub(crate) async fn close(
    State(app): State<App>,
    author: Author<WriteGroups>,
    Path(id): Path<ActorId>,
) -> Result<Json<Empty>, Error> {
    closing::close(&app, author.member, CommunityId::of(id)).await?;
    Ok(Json(Empty {}))
}
