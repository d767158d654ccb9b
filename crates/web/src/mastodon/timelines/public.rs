//! `GET /api/v1/timelines/public`: public threads of everybody this node knows.

use super::{made_of_public, of_many};
use crate::auth::{ReadStatuses, Viewer};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::page::{Paged, Paging};
use crate::params::Query;
use alongside_app::context::App;
use alongside_store::entries::{self, PublicWanted, Written};
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// Which of them.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Which {
    local: bool,
    remote: bool,
    only_media: bool,
}

/// Shows a page of them.
pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer<ReadStatuses>,
    Query(which): Query<Which>,
    paging: Paging,
) -> Result<Paged<Status>, Error> {
    let wanted = PublicWanted {
        written: Written::asked(which.local, which.remote),
        only_media: which.only_media,
        ..PublicWanted::default()
    };
    let ids = entries::public(&mut app.reader(), &wanted, &paging.posts()).await?;
    let page = of_many(&app, &viewer, &ids).await?;
    let made_of = made_of_public(&viewer, &page);
    Ok(paging.reply(page, ids.first().map(|id| id.get()), ids.last().map(|id| id.get())).made_of(made_of))
}
