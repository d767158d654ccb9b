//! `GET /posts/{id}`, the answers below it, and the thread it began.

use super::accept::Wanted;
use super::asker::Asking;
use super::{answer, members};
use crate::error::Error;
use crate::path::Path;
use alongside_app::context::App;
use alongside_domain::id::PostId;
use alongside_domain::place::Place;
use alongside_domain::post::Post;
use alongside_federation::build;
use alongside_federation::build::parts::{self, PostParts};
use alongside_federation::node::Federation;
use alongside_store::posts;
use axum::extract::State;
use axum::response::Response;
use http::Uri;

/// Shows a post that was written here to those who may read it, or what is left of it.
pub(super) async fn show(
    State(node): State<Federation>,
    Path(id): Path<String>,
    wanted: Wanted,
    asking: Asking,
) -> Result<Response, Error> {
    let (app, id) = (node.app(), parse(&id)?);
    let post = known(&node, &asking, id).await?;
    let uri = app.places().of(Place::Post(id));
    if let Some(tombstone) = posts::tombstone(&mut app.reader(), &uri).await? {
        return Ok(answer::gone(&build::post::tombstone(&uri, tombstone.at)));
    }
    let parts = present(app, post).await?;
    if wanted == Wanted::Page {
        return Ok(answer::page(&parts.post.url));
    }
    Ok(answer::document(&build::standing_alone(build::post::post(app.places(), &parts))))
}

/// Shows the answers to a post: the collection with its first page, or a later page.
pub(super) async fn replies(
    State(node): State<Federation>,
    Path(id): Path<String>,
    uri: Uri,
    asking: Asking,
) -> Result<Response, Error> {
    let app = node.app();
    let parts = present(app, known(&node, &asking, parse(&id)?).await?).await?;
    let (places, post) = (app.places(), &parts.post);
    let document = match after(&uri) {
        Some(after) => {
            let page = parts::replies(&mut app.reader(), post, after).await?;
            build::post::replies_page(places, post, &page)
        }
        None => build::post::replies(places, post, &parts.replies),
    };
    Ok(answer::document(&build::standing_alone(document)))
}

/// Shows a thread that is kept here as a whole, or a later page of it.
pub(super) async fn context(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Error> {
    let document = build::context::load(&app, parse(&id)?, after(&uri)).await?;
    document.as_ref().map(answer::document).ok_or(Error::NotFound)
}

/// A post of which whoever asks may know.
async fn known(node: &Federation, asking: &Asking, id: PostId) -> Result<Post, Error> {
    let found = posts::find(&mut node.app().reader(), id).await?;
    let may_know = members::may_know_of(node, asking, found.as_ref()).await?;
    found.filter(|_| may_know).ok_or(Error::NotFound)
}

async fn present(app: &App, post: Post) -> Result<PostParts, Error> {
    if !post.local || !post.is_present() {
        return Err(Error::NotFound);
    }
    let parts = parts::load_one(app, &mut app.reader(), post).await?;
    parts.filter(|parts| parts.author.is_present()).ok_or(Error::NotFound)
}

fn parse(id: &str) -> Result<PostId, Error> {
    id.parse().map_err(|_| Error::NotFound)
}

fn after(uri: &Uri) -> Option<i64> {
    let mut pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    pairs.find(|(name, _)| name == "after").and_then(|(_, last)| last.parse().ok())
}
