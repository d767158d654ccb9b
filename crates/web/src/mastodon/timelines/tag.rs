//! `GET /api/v1/timelines/tag/:hashtag`: public posts with a hashtag.

use super::{made_of_public, of_many};
use crate::auth::{ReadStatuses, Viewer};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::page::{Paged, Paging};
use crate::params::Query;
use crate::path::Path;
use alongside_app::context::App;
use alongside_domain::fold::fold;
use alongside_domain::id::PostId;
use alongside_store::entries::{self, OTHERS_MAX, PublicWanted, Written};
use alongside_store::page::Page;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::{BTreeSet, HashSet};

/// Which of them.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Which {
    local: bool,
    remote: bool,
    only_media: bool,
    /// Posts with one of these are shown too.
    any: Vec<String>,
    /// Only those that have these as well.
    all: Vec<String>,
    /// Only those that have none of these.
    none: Vec<String>,
}

/// Shows a page of them.
pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer<ReadStatuses>,
    Path(tag): Path<String>,
    Query(which): Query<Which>,
    paging: Paging,
) -> Result<Paged<Status>, Error> {
    let ids = tagged(&app, &tag, &which, &paging.posts()).await?;
    let page = of_many(&app, &viewer, &ids).await?;
    let made_of = made_of_public(&viewer, &page);
    Ok(paging.reply(page, ids.first().map(|id| id.get()), ids.last().map(|id| id.get())).made_of(made_of))
}

/// Posts with the hashtag, or with any of the others, as one page.
async fn tagged(app: &App, tag: &str, which: &Which, page: &Page) -> Result<Vec<PostId>, Error> {
    let mut found = BTreeSet::new();
    let tags: HashSet<String> = std::iter::once(folded(tag)).chain(others(&which.any)).collect();
    for tag in tags {
        let wanted = PublicWanted {
            written: Written::asked(which.local, which.remote),
            only_media: which.only_media,
            tag: Some(tag),
            all: others(&which.all).collect(),
            none: others(&which.none).collect(),
        };
        found.extend(entries::public(&mut app.reader(), &wanted, page).await?);
    }
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let surplus = found.len().saturating_sub(limit);
    // The surplus of a page that is read upwards lies at its newer end.
    let first = if page.is_upward() { surplus } else { 0 };
    Ok(found.into_iter().rev().skip(first).take(limit).collect())
}

fn others(tags: &[String]) -> impl Iterator<Item = String> {
    tags.iter().map(|tag| folded(tag)).filter(|tag| !tag.is_empty()).take(OTHERS_MAX)
}

fn folded(tag: &str) -> String {
    fold(tag.trim().trim_start_matches('#'))
}
