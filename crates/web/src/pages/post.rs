//! The page of a post written here: what anybody may read of it and of the replies to it.

use crate::error::Error;
use crate::pages::Page;
use crate::pages::contexts::{Frame, Thread};
use crate::pages::profile::{is_indexable, local};
use crate::pages::words::{self, wants_activity};
use crate::path::Path;
use alongside_app::context::App;
use alongside_app::reading;
use alongside_domain::id::PostId;
use alongside_domain::place::Place;
use alongside_domain::post::{Post, Visibility};
use alongside_store::actors;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::HeaderMap;

/// Replies on the page.
const REPLIES_MAX: usize = 50;
/// Replies that are looked at for these: some are not for everybody.
const REPLIES_READ_MAX: i64 = 200;

/// Shows the page. Who asks for the post as other servers do is shown the way to it.
pub(crate) async fn show(
    State(app): State<App>,
    Path((handle, id)): Path<(String, PostId)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let author = local(&app, &handle).await?;
    let post = reading::post(&mut app.reader(), None, id, app.now()).await?;
    let post = post.filter(|post| post.author == author.id).ok_or(Error::NotFound)?;
    if wants_activity(&headers) {
        return Ok(Redirect::to(&app.places().of(Place::Post(post.id))).into_response());
    }
    let thread = reading::thread(&mut app.reader(), None, post.id, REPLIES_READ_MAX, app.now()).await?;
    let mut replies = thread.below;
    replies.truncate(REPLIES_MAX);
    let open = may_be_kept(&app, &post).await?;
    let words = words::of(&app, vec![post]).await?.pop().ok_or(Error::NotFound)?;
    let replies = words::of(&app, replies).await?;
    Ok(Page::new(Thread { frame: Frame::of(&app).indexable(open), post: words, replies }).into_response())
}

/// Search engines may keep a public post of a community that says so.
async fn may_be_kept(app: &App, post: &Post) -> Result<bool, Error> {
    let Some(community) = post.community.filter(|_| post.visibility == Visibility::Public) else {
        return Ok(false);
    };
    match actors::find(&mut app.reader(), community.actor()).await? {
        Some(actor) => is_indexable(app, &actor).await,
        None => Ok(false),
    }
}
