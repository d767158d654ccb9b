//! `/api/v1/favourites` and `/api/v1/bookmarks`: what a member reacted to, and what they keep for later.

use crate::auth::{Author, ReadBookmarks, ReadFavourites};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::page::{Paged, Paging};
use crate::render::statuses;
use crate::routes::{Routes, get};
use alongside_app::context::App;
use alongside_app::reading;
use alongside_domain::id::{MemberId, PostId};
use alongside_store::{bookmarks, reactions};
use axum::extract::State;

/// The addresses of this family.
pub(crate) fn routes() -> Routes {
    Routes::new().route("/api/v1/favourites", get(favourites)).route("/api/v1/bookmarks", get(bookmarks))
}

async fn favourites(
    State(app): State<App>,
    author: Author<ReadFavourites>,
    paging: Paging,
) -> Result<Paged<Status>, Error> {
    let given = reactions::by_actor(&mut app.reader(), author.actor(), &paging.posts()).await?;
    let ids: Vec<PostId> = given.iter().map(|given| given.post_id).collect();
    let page = posts(&app, author.member, &ids).await?;
    Ok(paging.reply(
        page,
        given.first().map(|given| given.id.get()),
        given.last().map(|given| given.id.get()),
    ))
}

async fn bookmarks(
    State(app): State<App>,
    author: Author<ReadBookmarks>,
    paging: Paging,
) -> Result<Paged<Status>, Error> {
    let kept = bookmarks::page(&mut app.reader(), author.member, &paging.posts()).await?;
    let ids: Vec<PostId> = kept.iter().map(|kept| kept.post_id).collect();
    let page = posts(&app, author.member, &ids).await?;
    Ok(paging.reply(page, kept.first().map(|kept| kept.id), kept.last().map(|kept| kept.id)))
}

/// Those of these posts that the member may still read.
async fn posts(app: &App, member: MemberId, ids: &[PostId]) -> Result<Vec<Status>, Error> {
    let posts = reading::posts(&mut app.reader(), Some(member.actor()), ids, app.now()).await?;
    statuses::of_posts(app, Some(member), &posts).await
}
