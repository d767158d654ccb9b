//! `GET /posts/{id}` and the answers below it.

use super::accept::Wanted;
use super::answer;
use crate::error::Error;
use crate::path::Path;
use alongside_app::context::App;
use alongside_domain::id::PostId;
use alongside_domain::place::Place;
use alongside_domain::post::Post;
use alongside_federation::build;
use alongside_federation::build::parts::{self, PostParts};
use alongside_store::posts;
use axum::extract::State;
use axum::response::Response;
use http::Uri;

/// Shows a post that was written here and that anybody may read, or what is left of it.
pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    wanted: Wanted,
) -> Result<Response, Error> {
    let id = parse(&id)?;
    let uri = app.places().of(Place::Post(id));
    if let Some(tombstone) = posts::tombstone(&mut app.reader(), &uri).await? {
        return Ok(answer::gone(&build::post::tombstone(&uri, tombstone.at)));
    }
    let parts = open(&app, id).await?;
    if wanted == Wanted::Page {
        return Ok(answer::page(&parts.post.url));
    }
    Ok(answer::document(&build::standing_alone(build::post::post(app.places(), &parts))))
}

/// Shows the answers to a post: the collection with its first page, or a later page.
pub(super) async fn replies(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Error> {
    let parts = open(&app, parse(&id)?).await?;
    let (places, post) = (app.places(), &parts.post);
    let document = match after(&uri) {
        Some(after) => {
            let page = parts::replies(&mut app.reader(), post.id, after).await?;
            build::post::replies_page(places, post, &page)
        }
        None => build::post::replies(places, post, &parts.replies),
    };
    Ok(answer::document(&build::standing_alone(document)))
}

async fn open(app: &App, id: PostId) -> Result<PostParts, Error> {
    let mut reader = app.reader();
    let is_open = |post: &Post| post.local && post.is_present() && post.visibility.is_open();
    let post = posts::find(&mut reader, id).await?.filter(is_open).ok_or(Error::NotFound)?;
    let parts = parts::load_one(&mut reader, post, app.now()).await?;
    parts.filter(|parts| parts.author.is_present()).ok_or(Error::NotFound)
}

fn parse(id: &str) -> Result<PostId, Error> {
    id.parse().map_err(|_| Error::NotFound)
}

fn after(uri: &Uri) -> Option<i64> {
    let mut pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    pairs.find(|(name, _)| name == "after").and_then(|(_, last)| last.parse().ok())
}
