//! `GET /api/v1/timelines/list/:id`: those in a list, or the threads of a community one is in, which
//! clients see as a list.

use crate::auth::{Author, ReadLists};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::page::{Paged, Paging};
use crate::path::Path;
use crate::render::statuses;
use alongside_app::context::App;
use alongside_domain::id::{ActorId, EntryId, ListId};
use alongside_store::entries::{self, Wanted};
use alongside_store::page::Page;
use alongside_store::{actors, follows, lists, timelines};
use axum::extract::State;

/// Shows a page of it.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadLists>,
    Path(id): Path<i64>,
    paging: Paging,
) -> Result<Paged<Status>, Error> {
    let page = paging.posts();
    let lines = match lists::find(&mut app.reader(), author.member, ListId::new(id)).await? {
        Some(list) => timelines::of_list(&mut app.reader(), author.actor(), &list, &page).await?,
        None => of_community(&app, author.actor(), ActorId::new(id), &page).await?,
    };
    let shown = statuses::of_lines(&app, Some(author.member), &lines).await?;
    Ok(paging.reply(shown, lines.first().map(|id| id.get()), lines.last().map(|id| id.get())))
}

/// The threads of a community, for those who are in it.
async fn of_community(app: &App, member: ActorId, id: ActorId, page: &Page) -> Result<Vec<EntryId>, Error> {
    let mut reader = app.reader();
    let follow = follows::between(&mut reader, member, id).await?;
    follow.filter(|follow| follow.accepted).ok_or(Error::NotFound)?;
    let community = actors::find(&mut reader, id).await?;
    community.filter(|actor| actor.is_community() && actor.is_present()).ok_or(Error::NotFound)?;
    let wanted = Wanted { no_replies: true, ..Wanted::default() };
    Ok(entries::of_actor(&mut reader, id, Some(member), wanted, page).await?)
}
