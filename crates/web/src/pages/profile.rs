//! The page of a member or a community of this node: what anybody may read of it.

use crate::error::Error;
use crate::pages::Page;
use crate::pages::contexts::{Frame, Profile, Words};
use crate::pages::words::{self, wants_activity};
use crate::path::Path;
use alongside_app::context::App;
use alongside_app::reading;
use alongside_domain::actor::Actor;
use alongside_domain::community::Audience;
use alongside_domain::id::PostId;
use alongside_domain::place::Place;
use alongside_store::entries::{self, Wanted};
use alongside_store::page::Page as Part;
use alongside_store::{actors, communities};
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::HeaderMap;

/// Posts on the page.
const POSTS_MAX: i64 = 20;

/// Shows the page. Who asks for the actor as other servers do is shown the way to it.
pub(crate) async fn show(
    State(app): State<App>,
    Path(handle): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let actor = local(&app, &handle).await?;
    if wants_activity(&headers) {
        return Ok(Redirect::to(&app.places().of(Place::Actor(&actor.handle))).into_response());
    }
    let (posts, open) = (posts(&app, &actor).await?, is_indexable(&app, &actor).await?);
    let page = Page::new(Profile {
        frame: Frame::of(&app).indexable(open),
        address: format!("{}@{}", actor.handle, app.places().host()),
        is_community: actor.is_community(),
        face: words::own_picture(&actor),
        note: actor.note,
        name: actor.name,
        posts,
    });
    Ok(page.into_response())
}

/// Somebody who lives here and may be shown.
pub(super) async fn local(app: &App, handle: &str) -> Result<Actor, Error> {
    let found = actors::find_by_address(&mut app.reader(), handle, "").await?;
    found.filter(Actor::is_present).ok_or(Error::NotFound)
}

/// A community for everyone says whether search engines may keep it; nobody else is kept.
pub(super) async fn is_indexable(app: &App, actor: &Actor) -> Result<bool, Error> {
    let community = communities::find(&mut app.reader(), actor.id).await?;
    Ok(community.is_some_and(|community| community.indexable && community.audience == Audience::Everyone))
}

async fn posts(app: &App, actor: &Actor) -> Result<Vec<Words>, Error> {
    let wanted = Wanted { no_boosts: true, no_replies: true, only_media: false };
    let part = Part::newest(POSTS_MAX);
    let mut reader = app.reader();
    let lines = entries::of_actor(&mut reader, actor.id, None, wanted, &part).await?;
    let ids: Vec<PostId> =
        entries::find_all(&mut reader, &lines).await?.iter().map(|line| line.post_id).collect();
    let posts = reading::posts(&mut reader, None, &ids, app.now()).await?;
    words::of(app, posts).await
}
